"""May the groups be reported as separate scores, or only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from clientindex.factors.confirmatory.attempt import BASIS_OF, attempt_fit
from clientindex.factors.confirmatory.delta import propagate
from clientindex.factors.confirmatory.standard import build_standard_models
from clientindex.factors.exploration.solve import find_membership
from clientindex.factors.intervals import compute_percentile_interval
from clientindex.factors.validity.coefficients import (
    GROUP_BIFACTOR,
    GROUP_CORRELATED,
    OVERALL_BIFACTOR,
    compute_bifactor,
    compute_convergent,
    compute_puc,
)
from clientindex.factors.validity.htmt import compute_htmt
from clientindex.results import Unavailable, Validity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.fit import ConfirmatoryFit, GroupMatrices
    from clientindex.factors.sample import FactorSample
    from clientindex.methodology import Methodology
    from clientindex.results import ConfirmatoryModels

STAGE = "factors"

VERDICTS = ("fornell_larcker", "htmt_distinct", "htmt_below")


def assess_validity(
    sample: FactorSample,
    confirmatory: ConfirmatoryModels | Unavailable,
    methodology: Methodology,
) -> Validity | Unavailable:
    """Assess convergent and discriminant validity and the strength of a general factor.

    AVE, composite reliability and factor correlations are of the model of correlated groups, omegas
    and ECV of the bifactor model, both by the methodology's first estimator; their intervals are by
    the delta method from the cluster-robust covariance of the parameters. HTMT is of the leading
    correlations with percentile intervals over the bootstrap of centres. What rests on a model that
    was not fitted is NaN.

    The conclusion: groups may be told apart when every HTMT is "distinct" by the methodology's
    threshold and its interval lies below 1; one score may stand for all when omega hierarchical
    reaches the highest level of its threshold. Both hold - "both"; only the first - "separate";
    otherwise - "general". Groups of one indicator have no HTMT and are not judged; where no group
    can be judged the conclusion is "undefined".

    Parameters
    ----------
    sample : FactorSample
    confirmatory : ConfirmatoryModels or Unavailable
        Says which estimator leads.
    methodology : Methodology

    Returns
    -------
    Validity or Unavailable
        Unavailable with reason ``one_group`` where there is nothing to tell apart, or for the
        reason of the confirmatory models.
    """
    if isinstance(confirmatory, Unavailable):
        return confirmatory
    if len(methodology.groups) < 2:
        return Unavailable(stage=STAGE, reason="one_group")
    estimator = methodology.factors.estimators[0]
    specs = build_standard_models(methodology)
    fits = {
        name: attempt_fit(name, specs[name], sample.moments, estimator).fit
        for name in ("correlated", "bifactor")
        if name in specs
    }
    membership = find_membership(methodology)
    z = float(ndtri((1 + methodology.intervals.level) / 2))
    convergent = _tell_convergent(fits.get("correlated"), membership, methodology, z)
    overall, by_group = _tell_bifactor(fits.get("bifactor"), membership, methodology, z)
    pairs = pd.concat(
        [
            _tell_htmt(sample, membership, methodology),
            _tell_correlations(fits.get("correlated"), methodology, z),
        ],
        ignore_index=True,
    )
    groups = pd.concat([convergent, by_group], ignore_index=True)
    verdicts = _judge(groups, pairs, methodology)
    return Validity(
        groups=groups,
        pairs=pairs,
        overall=overall,
        verdicts=verdicts,
        conclusion=_conclude(verdicts, overall, methodology),
        basis=methodology.factors.correlations,
        model=estimator,
        replicates=len(sample.replicates[methodology.factors.correlations]),
        level=methodology.intervals.level,
        n=int(sample.moments[BASIS_OF[estimator]].n),
    )


def _standardise(matrices: GroupMatrices) -> NDArray[np.float64]:
    """Return standardised loadings, shape (K, F)."""
    sd = np.sqrt(np.diag(matrices.implied)) / matrices.scales
    spread = np.sqrt(np.clip(np.diag(matrices.factor_covariances), 0, None))
    return np.asarray(matrices.loadings * spread / sd[:, None])


def _correlate(matrices: GroupMatrices) -> NDArray[np.float64]:
    spread = np.sqrt(np.clip(np.diag(matrices.factor_covariances), 1e-300, None))
    return np.asarray(matrices.factor_covariances / np.outer(spread, spread))


def _tabulate(
    statistics: tuple[str, ...],
    names: tuple[str, ...],
    values: tuple[NDArray[np.float64], ...],
) -> pd.DataFrame:
    """Return one row a group and statistic; values are by statistic, then group."""
    return pd.DataFrame(
        {
            "group": np.tile(names, len(statistics)),
            "statistic": np.repeat(statistics, len(names)),
            "estimate": values[0],
            "ci_low": values[1],
            "ci_high": values[2],
        }
    )


def _nothing(size: int) -> tuple[NDArray[np.float64], ...]:
    return tuple(np.full(size, np.nan) for _ in range(3))


def _tell_convergent(
    fit: ConfirmatoryFit | None,
    membership: NDArray[np.bool_],
    methodology: Methodology,
    z: float,
) -> pd.DataFrame:
    def compute(matrices: GroupMatrices) -> NDArray[np.float64]:
        loadings = (_standardise(matrices) * membership.T).sum(axis=1)
        return compute_convergent(loadings, _correlate(matrices), membership)

    size = len(GROUP_CORRELATED) * len(membership)
    values = _nothing(size) if fit is None else propagate(fit, compute, z)
    return _tabulate(GROUP_CORRELATED, methodology.group_keys, values)


def _tell_bifactor(
    fit: ConfirmatoryFit | None,
    membership: NDArray[np.bool_],
    methodology: Methodology,
    z: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    def compute(matrices: GroupMatrices) -> NDArray[np.float64]:
        loadings = _standardise(matrices)
        overall, groups = compute_bifactor(loadings[:, 0], loadings[:, 1:].sum(axis=1), membership)
        return np.concatenate([overall, groups.ravel()])

    n_overall = len(OVERALL_BIFACTOR)
    size = n_overall + len(GROUP_BIFACTOR) * len(membership)
    values = _nothing(size) if fit is None else propagate(fit, compute, z)
    overall = pd.DataFrame(
        {
            "statistic": [*OVERALL_BIFACTOR, "puc"],
            "estimate": [*values[0][:n_overall], compute_puc(membership)],
            "ci_low": [*values[1][:n_overall], np.nan],
            "ci_high": [*values[2][:n_overall], np.nan],
        }
    )
    rest = tuple(part[n_overall:] for part in values)
    return overall, _tabulate(GROUP_BIFACTOR, methodology.group_keys, rest)


def _list_pairs(methodology: Methodology) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    keys = np.array(methodology.group_keys)
    first, second = np.triu_indices(len(keys), 1)
    return keys[first], keys[second]


def _tell_htmt(
    sample: FactorSample, membership: NDArray[np.bool_], methodology: Methodology
) -> pd.DataFrame:
    basis = methodology.factors.correlations
    first, second = _list_pairs(methodology)
    found = compute_htmt(sample.correlations[basis], membership)
    drawn = compute_htmt(sample.replicates[basis], membership)
    parts = []
    for name, estimate, replicates in zip(("htmt", "htmt2"), found, drawn, strict=True):
        low, high = compute_percentile_interval(replicates, methodology.intervals.level)
        parts.append(
            pd.DataFrame(
                {
                    "group": first,
                    "other": second,
                    "statistic": name,
                    "estimate": estimate,
                    "ci_low": low,
                    "ci_high": high,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _tell_correlations(
    fit: ConfirmatoryFit | None, methodology: Methodology, z: float
) -> pd.DataFrame:
    first, second = _list_pairs(methodology)
    upper = np.triu_indices(len(methodology.groups), 1)
    values = (
        _nothing(len(first))
        if fit is None
        else propagate(fit, lambda matrices: _correlate(matrices)[upper], z)
    )
    return pd.DataFrame(
        {
            "group": first,
            "other": second,
            "statistic": "factor_correlation",
            "estimate": values[0],
            "ci_low": values[1],
            "ci_high": values[2],
        }
    )


def _judge(groups: pd.DataFrame, pairs: pd.DataFrame, methodology: Methodology) -> pd.DataFrame:
    """Return verdicts of each group; missing where what they compare is not defined."""
    keys = zip(groups["group"], groups["statistic"], strict=True)
    values = dict(zip(keys, groups["estimate"].to_numpy(float).tolist(), strict=True))
    htmt = pairs[(pairs["statistic"] == "htmt") & pairs["estimate"].notna()]
    threshold = methodology.thresholds.htmt
    rows = []
    for key in methodology.group_keys:
        own = htmt[(htmt["group"] == key) | (htmt["other"] == key)]
        below = [threshold.classify(value) == threshold.levels[0].key for value in own["estimate"]]
        ave, shared = values[key, "ave"], values[key, "max_shared_variance"]
        rows.append(
            {
                "group": key,
                "fornell_larcker": None if np.isnan(ave + shared) else ave > shared,
                "htmt_distinct": bool((own["ci_high"] < 1).all()) if below else None,
                "htmt_below": all(below) if below else None,
            }
        )
    return pd.DataFrame(rows).astype(dict.fromkeys(VERDICTS, "boolean"))


def _conclude(verdicts: pd.DataFrame, overall: pd.DataFrame, methodology: Methodology) -> str:
    distinct = (verdicts["htmt_distinct"] & verdicts["htmt_below"]).dropna()
    if distinct.empty:
        return "undefined"
    found = dict(zip(overall["statistic"], overall["estimate"], strict=True))
    omega = float(found["omega_hierarchical"])
    threshold = methodology.thresholds.omega_hierarchical
    general = not np.isnan(omega) and threshold.classify(omega) == threshold.levels[-1].key
    if distinct.all():
        return "both" if general else "separate"
    return "general"
