"""The multitrait-multimethod matrix with its criteria, corrected and not.

Correlations are those between centres of a region: what regions share is not a matter of centres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.agreement.multitrait.criteria import tabulate_criteria
from clientindex.agreement.multitrait.errors import (
    NONE,
    compute_covariances,
    correlate,
    name_error,
    take_visits,
)
from clientindex.agreement.multitrait.ratios import (
    RATIOS,
    UNDEFINED_RATIO,
    compute_method_htmt,
)
from clientindex.agreement.multitrait.replicates import Replicates
from clientindex.agreement.structural.resampling import fit_left_out
from clientindex.errors import StatisticsError
from clientindex.reliability.centres.jackknife import Strata
from clientindex.results.multitrait import MultitraitMatrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.decomposition.levels import MeasuredTwice
    from clientindex.agreement.multitrait.errors import Removed

SURVEY, CHECKLIST = "survey", "checklist"

UNDEFINED_CONSTANT = "undefined: all centres of every region have equal scores"
UNDEFINED_VARIANCE = "undefined: no variance between centres is left once the error is removed"


def estimate_multitrait(
    measured: MeasuredTwice,
    *,
    groups: tuple[str, ...],
    level: float,
    second: NDArray[np.float64] | None = None,
) -> MultitraitMatrix:
    """Estimate the multitrait-multimethod matrix between centres.

    Parameters
    ----------
    measured : MeasuredTwice
        Survey and checklist of G groups, or of G indicators. Linking of scales does not matter to
        correlations, if it is linear.
    groups : tuple of str of length G
    level : float
    second : ndarray of shape (C, G), optional
        Checklist scores of second visits, NaN where there was none; `measured` then holds those of
        first visits. Without them the error of checklists cannot be told and stays in.

    Returns
    -------
    MultitraitMatrix

    Raises
    ------
    StatisticsError
        When the number of names is not that of the groups, or for second visits of other shape or
        fewer than ten.

    Notes
    -----
    Missing data: centres with every group in both methods (``n``); the others are counted
    (``n_dropped``). Every centre counts once. "Disattenuated" is said of the error that was removed
    only: with survey sampling error removed, a correlation with the checklist is still lowered by
    the checklist's error. Corrected correlations are not cut off at 1.
    """
    if len(groups) != measured.groups:
        message = f"{measured.groups} groups were measured, but {len(groups)} are named"
        raise StatisticsError(message)
    visits = None if second is None else take_visits(measured, second)
    tables = [
        (removed, _tabulate(replicates, groups, removed))
        for removed, replicates in _replicate(measured, level=level, visits=visits).items()
    ]
    correlations, criteria, htmt = (
        pd.concat([parts[at].assign(removed=removed) for removed, parts in tables]).reset_index(
            drop=True
        )
        for at in range(3)
    )
    return MultitraitMatrix(
        correlations=correlations,
        criteria=criteria,
        htmt=htmt,
        level=level,
        n=measured.n,
        n_dropped=len(measured.kept) - measured.n,
        n_regions=measured.n_regions,
        n_visits=0 if visits is None else int(np.isfinite(visits[:, 0]).sum()),
    )


def _replicate(
    measured: MeasuredTwice, *, level: float, visits: NDArray[np.float64] | None
) -> dict[Removed, Replicates]:
    """Return the correlations and those without each centre, by the error removed."""
    whole = compute_covariances(measured, np.ones((1, measured.n)), visits=visits)

    def fit(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        cov = compute_covariances(measured, weights, visits=visits)
        return correlate(np.stack([*cov.values()], axis=1))

    left_out = fit_left_out(fit, measured.n)
    return {
        removed: Replicates(
            r=correlate(cov[0]),
            left_out=left_out[:, place],
            strata=Strata(codes=measured.regions),
            level=level,
        )
        for place, (removed, cov) in enumerate(whole.items())
    }


def _tabulate(
    replicates: Replicates, groups: tuple[str, ...], removed: Removed
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    undefined = UNDEFINED_CONSTANT if removed == NONE else UNDEFINED_VARIANCE
    return (
        _tabulate_pairs(replicates, groups, removed, undefined=undefined),
        tabulate_criteria(replicates, groups, undefined=undefined),
        _tabulate_ratios(replicates, groups, undefined=undefined),
    )


def _tabulate_pairs(
    replicates: Replicates, groups: tuple[str, ...], removed: Removed, *, undefined: str
) -> pd.DataFrame:
    """Return one row a pair of different (method, group)."""
    first, second = np.triu_indices(2 * len(groups), 1)
    rows = replicates.tabulate(lambda r: r[..., first, second], undefined=undefined)
    return pd.concat([list_pairs(groups, removed), rows], axis=1)


def list_pairs(groups: tuple[str, ...], removed: Removed) -> pd.DataFrame:
    """List the pairs of different (method, group), with their kind and the error removed."""
    names = [(method, group) for method in (SURVEY, CHECKLIST) for group in groups]
    first, second = np.triu_indices(len(names), 1)
    pairs = [(*names[i], *names[j]) for i, j in zip(first, second, strict=True)]
    columns = ["first_method", "first_group", "second_method", "second_group"]
    head = pd.DataFrame(pairs, columns=columns)
    kind = [_name_kind(*pair) for pair in pairs]
    error = [name_error(removed, one, other) for one, _, other, _ in pairs]
    return head.assign(kind=kind, error_removed=error)


def _name_kind(method: str, group: str, other_method: str, other_group: str) -> str:
    trait = "monotrait" if group == other_group else "heterotrait"
    return f"{trait}_{'monomethod' if method == other_method else 'heteromethod'}"


def _tabulate_ratios(
    replicates: Replicates, groups: tuple[str, ...], *, undefined: str
) -> pd.DataFrame:
    """Return one row a ratio and pair of groups."""
    first, second = np.triu_indices(len(groups), 1)
    of_pairs = len(first)

    def compute(r: NDArray[np.float64]) -> NDArray[np.float64]:
        return compute_method_htmt(r).reshape(*r.shape[:-2], -1)

    rows = replicates.tabulate(compute, undefined=UNDEFINED_RATIO)
    half = len(groups)
    same = np.diagonal(replicates.r[:half, half:])
    lost = np.tile(np.isnan(same[first]) | np.isnan(same[second]), len(RATIOS))
    rows["method"] = rows["method"].where(~lost, undefined)
    head = pd.DataFrame(
        {
            "statistic": np.repeat(RATIOS, of_pairs),
            "first_group": np.tile(np.array(groups)[first], len(RATIOS)),
            "second_group": np.tile(np.array(groups)[second], len(RATIOS)),
        }
    )
    return pd.concat([head, rows], axis=1)
