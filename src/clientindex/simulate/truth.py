r"""What the simulated centres really are: scores that an unlimited survey would give.

The expected score of an indicator in a centre is in closed form. With latent mean :math:`\mu` and
within-centre standard deviation :math:`\sigma`,

.. math:: E = \sum_m p_m [\Phi((\tau_m - \mu)/\sigma) - \Phi((\tau_{m-1} - \mu)/\sigma)],

where :math:`p_m` are the methodology's points and :math:`\tau_0 = -\infty, \tau_C = \infty`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.simulate.latent import LatentModel


def expected_points(
    model: LatentModel, centre_effects: NDArray[np.float64], *, shift: float
) -> NDArray[np.float64]:
    """Return the expected score 0-100 of every indicator in every centre.

    Parameters
    ----------
    model : LatentModel
    centre_effects : ndarray of shape (U, 1 + G)
    shift : float
        Shift of the segment in standard deviations.

    Returns
    -------
    ndarray of shape (U, K)
    """
    means = shift + centre_effects @ model.loadings.T
    columns = [
        _expected_column(means[:, k], model, indicator=k) for k in range(len(model.thresholds))
    ]
    return np.column_stack(columns)


def _expected_column(
    means: NDArray[np.float64], model: LatentModel, *, indicator: int
) -> NDArray[np.float64]:
    """Return points of the best answer less the steps down at each threshold."""
    steps = np.diff(model.points[indicator])
    cuts = model.thresholds[indicator][None, :] - means[:, None]
    below = norm.cdf(cuts / model.within_centre_sd[indicator])
    return np.asarray(model.points[indicator][-1] - below @ steps)


def tabulate_scores(points: NDArray[np.float64], methodology: Methodology) -> pd.DataFrame:
    """Return index and group scores from indicator scores.

    Parameters
    ----------
    points : ndarray of shape (U, K)
    methodology : Methodology

    Returns
    -------
    DataFrame of shape (U, 1 + G)
        ``index`` and one column a group, 0-100, higher is better.
    """
    groups = {
        group.key: points[:, _columns_of(group.indicators, methodology)]
        @ np.array(list(group.indicators.values()))
        for group in methodology.groups
    }
    return pd.DataFrame({"index": points @ methodology.effective_weights, **groups})


def combine_segments(scores: Mapping[str, pd.DataFrame], methodology: Methodology) -> pd.DataFrame:
    """Return scores combined by segment weights, shared among the segments given."""
    weights = {s.key: s.weight for s in methodology.segments if s.key in scores}
    total = sum(weights.values())
    parts = [scores[key] * (weight / total) for key, weight in weights.items()]
    return sum(parts[1:], start=parts[0])


def tabulate_loadings(
    model: LatentModel, methodology: Methodology, *, missing_shares: NDArray[np.float64]
) -> pd.DataFrame:
    """Return one row an indicator: its loadings, thresholds and share of missing answers."""
    keys = methodology.indicator_keys
    table = pd.DataFrame(
        {
            "indicator": keys,
            "group": [methodology.group_of(key) for key in keys],
            "direction": [methodology.indicator(key).direction for key in keys],
            "halo_loading": model.loadings[:, 0],
            "group_loading": model.loadings[:, 1:].sum(axis=1),
            "uniqueness": model.uniqueness_sd**2,
            "missing_share": missing_shares,
        }
    )
    longest = max(len(cuts) for cuts in model.thresholds)
    thresholds = pd.DataFrame(
        [
            np.pad(cuts, (0, longest - len(cuts)), constant_values=np.nan)
            for cuts in model.thresholds
        ],
        columns=[f"threshold_{number}" for number in range(1, longest + 1)],
    )
    return pd.concat([table, thresholds], axis=1)


def tabulate_correlations(model: LatentModel, methodology: Methodology) -> pd.DataFrame:
    """Return the correlations of halo and group factors, one row a factor."""
    names = ["halo", *methodology.group_keys]
    table = pd.DataFrame(model.factor_correlations, columns=names)
    table.insert(0, "factor", names)
    return table


def _columns_of(keys: Mapping[str, float], methodology: Methodology) -> list[int]:
    return [methodology.indicator_keys.index(key) for key in keys]
