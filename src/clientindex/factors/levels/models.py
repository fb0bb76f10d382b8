"""Confirmatory models of each level, with the influence of every centre by the jackknife."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.standard import build_standard_models
from clientindex.factors.confirmatory.standardised import compute_standardised
from clientindex.factors.moments import SampleMoments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.fit import ConfirmatoryFit
    from clientindex.methodology import Methodology

Level = Literal["within", "between"]

MODELS = ("one_factor", "correlated")
FITTED = ("ok", "heywood")


def make_level_moments(
    covariance: NDArray[np.float64],
    left_out: NDArray[np.float64],
    *,
    indicators: tuple[str, ...],
    centres: tuple[str, ...],
    n: float,
) -> SampleMoments:
    """Make moments of one level from its covariances.

    The influence of a centre is its jackknife pseudo-error
    ``sqrt((C - 1) / C) (mean of the left-out estimates - estimate without the centre)``, whose
    outer products sum to the jackknife covariance.

    Parameters
    ----------
    covariance : ndarray of shape (K, K)
    left_out : ndarray of shape (C, K, K)
        Without each centre in turn.
    n : float
        Independent observations of the level: respondents less centres, or centres.
    """
    size, n_centres = len(indicators), len(centres)
    rows, columns = np.triu_indices(size)
    pairs = left_out[:, rows, columns]
    moved = np.sqrt((n_centres - 1) / n_centres) * (pairs.mean(axis=0) - pairs)
    return SampleMoments(
        kind="covariance",
        indicators=indicators,
        centres=centres,
        n=n,
        means=np.zeros(size),
        matrix=covariance,
        thresholds=(),
        influence=np.concatenate([np.zeros((n_centres, size)), moved], axis=1),
    )


def fit_levels(
    moments: dict[Level, SampleMoments], methodology: Methodology
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fit one factor and correlated groups at each level.

    By unweighted least squares with robust errors and tests, the same at both levels: once sampling
    covariance is taken out, a between matrix is seldom positive definite, which likelihood needs.

    Returns
    -------
    fit, parameters : DataFrame
        As in :class:`~clientindex.results.Levels`; without the rows of a model that the data do
        not identify or that does not converge.
    """
    fits, parameters = [], []
    for level, own in moments.items():
        for name, found in _fit_all(own, methodology).items():
            fits.append(
                pd.DataFrame(
                    {
                        "level": level,
                        "model": name,
                        "statistic": list(found.measures),
                        "value": list(found.measures.values()),
                    }
                )
            )
            parameters.append(_tabulate(level, name, found))
    return _stack(fits, FIT_COLUMNS), _stack(parameters, PARAMETER_COLUMNS)


FIT_COLUMNS = ("level", "model", "statistic", "value")
PARAMETER_COLUMNS = (
    "level",
    "model",
    "lhs",
    "op",
    "rhs",
    "estimate",
    "std_error",
    "standardised",
)


def _fit_all(own: SampleMoments, methodology: Methodology) -> dict[str, ConfirmatoryFit]:
    found = {}
    for name, spec in build_standard_models(methodology).items():
        if name not in MODELS:
            continue
        try:
            fit = fit_model(spec, own, estimator="uls")
        except StatisticsError:
            continue
        if fit.status in FITTED:
            found[name] = fit
    return found


def _tabulate(level: Level, name: str, fit: ConfirmatoryFit) -> pd.DataFrame:
    standardised = compute_standardised(fit)
    return pd.DataFrame(
        {
            "level": level,
            "model": name,
            "lhs": [p.lhs for p in fit.spec.parameters],
            "op": [p.op for p in fit.spec.parameters],
            "rhs": [p.rhs for p in fit.spec.parameters],
            "estimate": fit.estimates,
            "std_error": fit.std_errors,
            "standardised": standardised.estimates,
        }
    )


def _stack(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame(columns=list(columns))
    return pd.concat(frames, ignore_index=True)[list(columns)]
