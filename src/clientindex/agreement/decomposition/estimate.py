"""The decomposition with its intervals.

Between centres, intervals leave out each centre in turn inside its region; between regions, each
region. The bootstrap over centres is not used: drawing m centres with replacement narrows their
spread by ``(m - 1) / m``, and a centre drawn twice brings the same sampling error twice, which the
correction would take for two. The jackknife has neither fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import t as student

from clientindex.agreement.decomposition.components import split_covariance
from clientindex.agreement.decomposition.levels import Levels, MeasuredTwice, compute_levels
from clientindex.agreement.decomposition.statistics import ALL_GROUPS, list_statistics
from clientindex.agreement.structural.resampling import fit_left_out, make_one_stratum
from clientindex.reliability.centres.jackknife import Strata, compute_jackknife_error
from clientindex.results.base import make_tidy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.decomposition.statistics import Named

CENTRE = "centre"
REGION = "region"
JACKKNIFE = {
    CENTRE: "jackknife over centres inside regions, Student t",
    REGION: "jackknife over regions, Student t",
}

FEWEST_REGIONS = 3
"""Two regions, one left out, leave no spread between regions."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VarianceDecomposition:
    """Components of the variance of two methods between centres and between regions.

    Attributes
    ----------
    frame : DataFrame
        ``level_of`` ("centre" or "region"), ``subject`` (a group or "all"), ``statistic``,
        ``estimate``, ``std_error``, ``ci_low``, ``ci_high``, ``n`` (centres, or regions). Variances
        are not cut off at zero. Statistics: "trait" = "trait_common" + "trait_own", "halo",
        "checklist_method", "survey_specific", "checklist_specific", "sampling_error" (mean over
        groups, taken out of the survey), and the shares "consistency_survey",
        "method_specificity_survey", "consistency_checklist", "method_specificity_checklist".
        Of regions it has the variances only.
    level : float
        Level of the intervals.
    n, n_dropped, n_regions : int
    """

    frame: pd.DataFrame
    level: float
    n: int
    n_dropped: int
    n_regions: int

    def tidy(self) -> pd.DataFrame:
        """Return the estimates as a tidy table; those of regions have names with "region_"."""
        frame = self.frame
        prefix = frame["level_of"].map({CENTRE: "", REGION: "region_"})
        return make_tidy(
            {
                "subject": frame["subject"].to_numpy(),
                "statistic": (prefix + frame["statistic"]).to_numpy(),
                **{
                    name: frame[name].to_numpy(float)
                    for name in ("estimate", "std_error", "ci_low", "ci_high")
                },
                "level": self.level,
                "method": frame["level_of"].map(JACKKNIFE).to_numpy(),
                "n": frame["n"].to_numpy(),
            }
        )


def estimate_decomposition(
    measured: MeasuredTwice, *, groups: tuple[str, ...], level: float
) -> VarianceDecomposition:
    """Estimate variance components of two methods, with jackknife intervals.

    The model, what identifies it and what breaks it are told in
    :mod:`clientindex.agreement.decomposition.components`; how sampling error and regions are taken
    apart in :func:`clientindex.agreement.decomposition.levels.compute_levels`. The same model is
    fitted to centres inside regions and to regions. With fewer than three regions there is no part
    of regions.

    Parameters
    ----------
    measured : MeasuredTwice
    groups : tuple of str of length G
    level : float
    """
    tables = [_tabulate_centres(measured, groups, level)]
    if measured.n_regions >= FEWEST_REGIONS:
        tables.append(_tabulate_regions(measured, groups, level))
    return VarianceDecomposition(
        frame=pd.concat(tables, ignore_index=True),
        level=level,
        n=measured.n,
        n_dropped=len(measured.kept) - measured.n,
        n_regions=measured.n_regions,
    )


def _tabulate_centres(
    measured: MeasuredTwice, groups: tuple[str, ...], level: float
) -> pd.DataFrame:
    def name(levels: Levels) -> Named:
        named = list_statistics(split_covariance(levels.centre), groups=groups)
        sampling = np.diagonal(levels.sampling, axis1=-2, axis2=-1).mean(axis=-1)
        return named | {("sampling_error", ALL_GROUPS): sampling}

    def fit(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(list(name(compute_levels(measured, weights)).values()))

    named = name(compute_levels(measured, np.ones((1, measured.n))))
    strata = Strata(codes=measured.regions)
    error = compute_jackknife_error(fit_left_out(fit, measured.n), strata)
    df = measured.n - measured.n_regions
    return _tabulate(named, error, level_of=CENTRE, level=level, df=df, n=measured.n)


def _tabulate_regions(
    measured: MeasuredTwice, groups: tuple[str, ...], level: float
) -> pd.DataFrame:
    def name(weights: NDArray[np.float64]) -> Named:
        parts = split_covariance(compute_levels(measured, weights).region)
        every = list_statistics(parts, groups=groups)
        return {key: value for key, value in every.items() if not _is_share(key[0])}

    number = measured.n_regions
    left_out = (measured.regions != np.arange(number)[:, None]).astype(np.float64)
    error = compute_jackknife_error(
        np.column_stack(list(name(left_out).values())), make_one_stratum(number)
    )
    named = name(np.ones((1, measured.n)))
    return _tabulate(named, error, level_of=REGION, level=level, df=number - 1, n=number)


def _is_share(statistic: str) -> bool:
    return statistic.startswith(("consistency", "method_specificity"))


def _tabulate(
    named: Named, error: NDArray[np.float64], *, level_of: str, level: float, df: int, n: int
) -> pd.DataFrame:
    """Return estimates with symmetric intervals, one row each."""
    estimate = np.array([float(value[0]) for value in named.values()])
    margin = float(student.ppf((1 + level) / 2, df)) * error
    return pd.DataFrame(
        {
            "level_of": level_of,
            "subject": [subject for _, subject in named],
            "statistic": [statistic for statistic, _ in named],
            "estimate": estimate,
            "std_error": error,
            "ci_low": estimate - margin,
            "ci_high": estimate + margin,
            "n": n,
        }
    )
