"""What truly changed between two simulated years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import EditionError
from clientindex.simulate.earlier_register import CLOSED
from clientindex.simulate.truth import combine_segments, tabulate_scores

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.simulate.earlier_register import EarlierCentres


class OneMethodIndex:
    """The later methodology with the indicators and segments of both years.

    Weights of indicators that are not in both are shared among the others of their group, and those
    of groups without any among the other groups.

    Parameters
    ----------
    later, earlier : Methodology
    segments : set of str
        That have respondents in both years.

    Raises
    ------
    EditionError
        If no indicator, or no segment, is in both.
    """

    def __init__(self, later: Methodology, earlier: Methodology, *, segments: set[str]) -> None:
        common = find_common(later, earlier)
        if not common or not segments:
            what = "indicator that gives points in the same way" if segments else "segment"
            msg = f"'simulation.earlier_than': the two years have no {what} in common"
            raise EditionError(msg)
        self.weights = _weigh(later, common)
        self._shares = _sum_to_one({s.key: s.weight for s in later.segments if s.key in segments})

    def score(
        self, points: Mapping[str, NDArray[np.float64]], methodology: Methodology
    ) -> NDArray[np.float64]:
        """Return the index of centres from points by segment, columns as in `methodology`."""
        columns = [methodology.indicator_keys.index(key) for key in self.weights]
        weights = np.array(list(self.weights.values()))
        parts = [share * (points[key][:, columns] @ weights) for key, share in self._shares.items()]
        return np.asarray(np.sum(parts, axis=0))


def find_common(later: Methodology, earlier: Methodology) -> tuple[str, ...]:
    """Return the indicators whose answers give the same points in both, in the later order."""
    return tuple(
        key
        for key in later.indicator_keys
        if key in earlier.indicator_keys
        and np.array_equal(later.points_of(key), earlier.points_of(key))
    )


def fold(
    values: NDArray[np.float64], centres: EarlierCentres, *, n_later: int
) -> NDArray[np.float64]:
    """Return values of earlier centres by row of the later register, NaN of new ones."""
    kept = centres.source != CLOSED
    source = centres.source[kept]
    visitors = centres.register["visitors"].to_numpy(float)[kept]
    total = np.bincount(source, weights=visitors, minlength=n_later)
    summed = np.bincount(source, weights=visitors * values[kept], minlength=n_later)
    return np.where(total > 0, summed / np.where(total > 0, total, 1.0), np.nan)


def find_index(
    points: Mapping[str, NDArray[np.float64]], methodology: Methodology
) -> NDArray[np.float64]:
    """Return the index of every centre by the year's own methodology."""
    scores = {key: tabulate_scores(values, methodology) for key, values in points.items()}
    return combine_segments(scores, methodology)["index"].to_numpy(float)


def tabulate_change(
    later: pd.DataFrame,
    centres: EarlierCentres,
    *,
    index: tuple[NDArray[np.float64], NDArray[np.float64]],
    one_method: tuple[NDArray[np.float64], NDArray[np.float64]],
    improved: NDArray[np.bool_],
) -> pd.DataFrame:
    """Tabulate the centres of both years, and what changed.

    Parameters
    ----------
    later : DataFrame
        The later register of U centres.
    centres : EarlierCentres
        V centres.
    index, one_method : pair of ndarrays of shapes (V,) and (U,)
        Before and after.
    improved : bool ndarray of shape (V,)

    Returns
    -------
    DataFrame
        See :class:`clientindex.simulate.pilot.PilotTruth`.
    """
    n, earlier = len(later), centres.register
    kept = centres.source != CLOSED
    merged = np.bincount(centres.source[kept], minlength=n)
    region_before = pd.Series(earlier["region"].to_numpy()[kept], index=centres.source[kept])
    was = region_before[~region_before.index.duplicated()].reindex(range(n), fill_value="")
    now = later["region"].to_numpy()
    table = pd.DataFrame(
        {
            "centre": later["centre"].to_numpy(),
            "region": now,
            "region_before": was.to_numpy(),
            "status": np.select([merged == 0, was.to_numpy() != now], ["new", "moved"], "both"),
            "merged": merged,
            "improved": np.isin(np.arange(n), centres.source[improved]),
            "before": fold(index[0], centres, n_later=n),
            "after": index[1],
            "one_method_before": fold(one_method[0], centres, n_later=n),
            "one_method_after": one_method[1],
        }
    )
    gone = pd.DataFrame(
        {
            "centre": earlier["centre"].to_numpy()[~kept],
            "region": earlier["region"].to_numpy()[~kept],
            "region_before": earlier["region"].to_numpy()[~kept],
            "status": "gone",
            "merged": 1,
            "improved": False,
            "before": index[0][~kept],
            "after": np.nan,
            "one_method_before": one_method[0][~kept],
            "one_method_after": np.nan,
        }
    )
    whole = pd.concat([table, gone], ignore_index=True)
    return whole.assign(change=whole["one_method_after"] - whole["one_method_before"])


def _weigh(methodology: Methodology, common: tuple[str, ...]) -> dict[str, float]:
    """Return the weight of every common indicator in the index."""
    kept = {
        group.key: {key: w for key, w in group.indicators.items() if key in common}
        for group in methodology.groups
    }
    outer = _sum_to_one({g.key: g.weight for g in methodology.groups if kept[g.key]})
    return {
        key: outer[group] * weight
        for group in outer
        for key, weight in _sum_to_one(kept[group]).items()
    }


def _sum_to_one(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    equal = 1 / len(weights)
    return {key: w / total if total > 0 else equal for key, w in weights.items()}
