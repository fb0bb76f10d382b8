"""Means of regions and the country, what lies between regions, and who stands out of the funnel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionalProfile:
    """Regions and the country: means, share of variance between regions, funnels.

    Attributes
    ----------
    means : DataFrame
        ``region`` ("country" in the last rows), ``kind`` ("index", "group"), ``key`` ("index" or
        the group's), ``by`` ("centres": every centre once; "visitors": centres weighted by their
        visitors), ``n_centres`` (with the score), ``n_register`` (centres of the register), ``n``
        (respondents, NaN where unknown), ``visitors`` (of those centres; NaN where unknown),
        ``effective`` (centres of equal weight that would tell as much, 1 / sum w²), ``estimate``
        (points), ``std_error``, ``ci_low``, ``ci_high``, ``df`` (of Student's t; infinite where
        normal), ``sampling_error`` (part of the standard error that comes from who answered; NaN
        where unknown). Missing numbers have a row in `left_out`. Regions in alphabetical order,
        in each the index, then the groups in the order of the methodology.
    components : DataFrame
        ``key``, ``statistic``, ``estimate``, ``ci_low``, ``ci_high``, ``n`` (centres),
        ``n_regions``: "between_regions" and "between_centres" (variances of true scores, squared
        points; the latter inside regions), "share" (of the former in their sum), "sampling" (mean
        sampling variance of a centre, without an interval). REML with known sampling errors,
        profile-likelihood intervals.
    dispersion : DataFrame
        One row a ``unit`` ("centre", "region"): ``target`` (points), ``n`` (units in the funnel),
        ``drawn_in`` (units at each end that were winsorised), ``phi_winsorised`` (as it comes out),
        ``factor`` (what it would be on average without over-dispersion), ``phi`` (their ratio),
        ``scale`` (by which the multiplicative model widens limits, sqrt(max(1, phi))), ``tau2`` and
        ``tau`` (of the additive model; winsorised Paule-Mandel), ``tau2_moments`` (the same by
        Spiegelhalter's moment formula, for comparison; not used), ``q`` and ``p_value`` (sum of
        squared z, not winsorised, against no over-dispersion), ``sd_typical`` (of one
        respondent, median of error times sqrt(n); NaN for regions or where n is unknown),
        ``high_multiplicative``, ``low_multiplicative``, ``high_additive``, ``low_additive``
        (units flagged).
    funnel : DataFrame
        ``unit``, ``model`` ("plain", "multiplicative", "additive"), ``level``, ``error`` (standard
        error, points), ``n`` (respondents that give it to a typical centre; NaN for regions),
        ``low``, ``high`` (limits, points, cut at 0 and 100). Plain limits hold no over-dispersion.
    centres : DataFrame
        ``centre``, ``name``, ``region``, ``n``, ``estimate``, ``error``, ``z`` (from the target, in
        standard errors), and for each model ``z_...``, ``p_...`` (two-sided), ``q_...`` (Benjamini
        and Hochberg) and ``flagged_...`` ("high", "low" at the false discovery rate, else "") with
        ``multiplicative`` and ``additive`` in place of dots. Centres with a star only; sorted by
        additive z, largest first, then by centre.
    regions : DataFrame
        ``region``, ``n_centres``, ``estimate`` (mean of the centres that have a star, every centre
        once), ``error`` (of the mean were the region like the others: spread of true scores between
        centres and sampling errors), then as `centres`.
    left_out : DataFrame
        ``subject`` (region, centre, key or unit), ``statistic``, ``reason``, ``detail``.
    fdr : float
    winsorised : float
        Share at each end, of the methodology.
    target_kind : str
        "median", "mean" or "given".
    centres_are : str
        "drawn" or "finite", see the methodology.
    source : str
        Of the funnel.
    level : float
        Of intervals, not of limits.
    """

    means: pd.DataFrame
    components: pd.DataFrame
    dispersion: pd.DataFrame
    funnel: pd.DataFrame
    centres: pd.DataFrame
    regions: pd.DataFrame
    left_out: pd.DataFrame
    fdr: float
    winsorised: float
    target_kind: str
    centres_are: str
    source: str
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return the means, the components, and the additive z of every centre and region."""
        means, parts = self.means, self.components
        told = [
            tidy_frame(
                means.assign(
                    statistic="mean_" + means["kind"] + "." + means["key"] + "." + means["by"]
                ),
                subject="region",
                statistic="statistic",
                level=self.level,
                method=f"Student t over centres, {self.centres_are}; n counts centres",
                n=means["n_centres"].to_numpy(),
            ),
            tidy_frame(
                parts,
                subject="key",
                statistic="statistic",
                level=self.level,
                method="REML, profile likelihood; n counts centres",
                n=parts["n"].to_numpy(),
            ),
        ]
        told += [
            tidy_frame(
                frame,
                subject=subject,
                statistic="funnel_z",
                fixed=True,
                value="z_additive",
                method=f"additive over-dispersion, target {self.target_kind}",
            )
            for frame, subject in ((self.centres, "centre"), (self.regions, "region"))
        ]
        return stack_tidy(told)
