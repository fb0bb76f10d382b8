"""Parameters, shares and measures of fit as frames.

Of the survey, consistency is the share of the trait in the variance without sampling error, and the
rest is specificity. Of the checklist, consistency is the share of the survey's trait,
method-specificity that of the method factor, specificity the rest, the checklist's own random error
included. Of a group, and of "all", shares are means over their indicators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.agreement.method_model.spec import CHECKLIST, SURVEY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.agreement.method_model.solution import Numbers, Parts, Solution
    from clientindex.agreement.method_model.variables import Chosen

BOTH = "both"
ALL = "all"
NEGATIVE_VARIANCE = "negative_residual_variance"

FIT = {
    "chi_square": "chi2_scaled",
    "df": "df",
    "p_value": "p_scaled",
    "cfi": "cfi_scaled",
    "rmsea": "rmsea_scaled",
    "rmsea_low": "rmsea_ci_low_scaled",
    "rmsea_high": "rmsea_ci_high_scaled",
    "srmr": "srmr",
}

LEFT_OUT = ["statistic", "reason", "detail"]


def tabulate_parameters(
    solution: Solution, chosen: Chosen, *, quantile: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tabulate parameters; those that are not defined go to the second frame."""
    keys, groups = chosen.indicators, chosen.groups
    first, second = np.triu_indices(len(groups), 1)
    pairs = [(groups[one], groups[two]) for one, two in zip(first, second, strict=True)]
    alone = [(key, "") for key in keys]
    paired = [(keys[at], "") for at in solution.plan.paired]
    tables = [
        _Kind("trait_loading", SURVEY, alone, lambda p: p.survey_loading, _root_survey),
        _Kind("trait_loading", CHECKLIST, alone, lambda p: p.checklist_loading, _root_checklist),
        _Kind("method_loading", CHECKLIST, alone, lambda p: p.method_loading, _root_checklist),
        _Kind("trait_correlation", "", pairs, lambda p: p.trait_correlation, _one),
        _Kind("residual_correlation", BOTH, paired, lambda p: p.residual_correlation, _one),
        _Kind(
            "residual_variance", SURVEY, alone, lambda p: p.survey_residual,
            lambda p: p.survey_variance,
        ),
        _Kind(
            "residual_variance", CHECKLIST, alone, lambda p: p.checklist_residual,
            lambda p: p.checklist_variance,
        ),
    ]  # fmt: skip
    frame = pd.concat([kind.tabulate(solution, quantile) for kind in tables], ignore_index=True)
    undefined = frame["estimate"].isna()
    lost = frame[undefined]
    left_out = pd.DataFrame(
        {"statistic": lost["kind"], "reason": NEGATIVE_VARIANCE, "detail": lost["subject"]},
        columns=LEFT_OUT,
        dtype="str",
    )
    return frame[~undefined].reset_index(drop=True), left_out


class _Kind:
    """One kind of parameters: its names, how it is computed and what standardises it."""

    def __init__(
        self,
        kind: str,
        side: str,
        subjects: Sequence[tuple[str, str]],
        compute: Callable[[Parts], Numbers],
        scale: Callable[[Parts], Numbers],
    ) -> None:
        self._kind, self._side, self._subjects = kind, side, subjects
        self._compute, self._scale = compute, scale

    def tabulate(self, solution: Solution, quantile: float) -> pd.DataFrame:
        estimate, error = solution.propagate(self._compute)
        parts = solution.split(solution.free)
        return pd.DataFrame(
            {
                "kind": self._kind,
                "side": self._side,
                "subject": [subject for subject, _ in self._subjects],
                "other": [other for _, other in self._subjects],
                "estimate": estimate,
                "std_error": error,
                "ci_low": estimate - quantile * error,
                "ci_high": estimate + quantile * error,
                "standardised": estimate / self._scale(parts),
            }
        )


def _root_survey(parts: Parts) -> Numbers:
    return np.sqrt(parts.survey_variance)


def _root_checklist(parts: Parts) -> Numbers:
    return np.sqrt(parts.checklist_variance)


def _one(_: Parts) -> Numbers:
    return np.ones(1)


def tabulate_shares(solution: Solution, chosen: Chosen, *, quantile: float) -> pd.DataFrame:
    """Tabulate shares of variance of every indicator, of the groups and of all."""
    subjects = (*chosen.indicators, *chosen.groups, ALL)
    means = _average(chosen)
    tables = []
    for (side, statistic), share in SHARES.items():
        estimate, error = solution.propagate(_averaging(share, means))
        low, high = _cut(estimate, quantile * error)
        tables.append(
            pd.DataFrame(
                {
                    "subject": subjects,
                    "side": side,
                    "statistic": statistic,
                    "estimate": estimate,
                    "ci_low": low,
                    "ci_high": high,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


SHARES: dict[tuple[str, str], Callable[[Parts], Numbers]] = {
    (SURVEY, "consistency"): lambda p: p.survey_loading**2 / p.survey_variance,
    (SURVEY, "specificity"): lambda p: p.survey_residual / p.survey_variance,
    (CHECKLIST, "consistency"): lambda p: p.checklist_loading**2 / p.checklist_variance,
    (CHECKLIST, "method_specificity"): lambda p: p.method_loading**2 / p.checklist_variance,
    (CHECKLIST, "specificity"): lambda p: p.checklist_residual / p.checklist_variance,
}


def tabulate_fit(measures: Mapping[str, float]) -> pd.DataFrame:
    """Tabulate measures of fit, with the chi-square adjusted in mean and variance."""
    return pd.DataFrame(
        {"statistic": list(FIT), "estimate": [measures.get(name, np.nan) for name in FIT.values()]}
    )


def _average(chosen: Chosen) -> NDArray[np.float64]:
    """Return the matrix that turns K shares into those of indicators, groups and all."""
    size = len(chosen.indicators)
    by_group = (chosen.group_of == np.arange(len(chosen.groups))[:, None]).astype(np.float64)
    by_group /= by_group.sum(axis=1, keepdims=True)
    return np.vstack([np.eye(size), by_group, np.full((1, size), 1 / size)])


def _averaging(
    share: Callable[[Parts], Numbers], means: NDArray[np.float64]
) -> Callable[[Parts], Numbers]:
    return lambda parts: np.asarray(share(parts) @ means.T)


def _cut(
    estimate: NDArray[np.float64], margin: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return ends between 0 and 1, but never on the wrong side of an estimate beyond them."""
    low = np.minimum(np.maximum(estimate - margin, 0.0), estimate)
    return low, np.maximum(np.minimum(estimate + margin, 1.0), estimate)
