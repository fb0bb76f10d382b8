"""Regions and the country: means, what lies between regions, and who stands out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.rating.regional.funnels import (
    CENTRE,
    CENTRE_COLUMNS,
    DISPERSION_COLUMNS,
    FUNNEL_COLUMNS,
    REGION,
    REGION_COLUMNS,
    Funnel,
    make_funnel,
)
from clientindex.rating.regional.means import LeftOut, tabulate_means
from clientindex.rating.regional.overdispersion import FEWEST_UNITS
from clientindex.rating.regional.shares import fit_key, tabulate_components
from clientindex.rating.stars import check_registered
from clientindex.results import ALL_SEGMENTS, INDEX, Scores, Stars
from clientindex.results.regional import RegionalProfile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.methodology import Methodology
    from clientindex.methodology.regional_settings import RegionalSettings
    from clientindex.rating.regional.components import NestedComponents

NO_ERROR, FEW_CENTRES, FEW_REGIONS = "no_sampling_error", "too_few_centres", "too_few_regions"
NO_COMPONENTS = "no_components"


def profile_regions(
    scores: Scores,
    stars: Stars,
    methodology: Methodology,
    *,
    settings: RegionalSettings,
    visitors: Mapping[str, float] | None = None,
) -> RegionalProfile:
    """Describe regions and the country and find unusual centres and regions.

    Parameters
    ----------
    scores : Scores
        Of all segments together; index and groups are used.
    stars : Stars
        Of every centre of the register; gives regions, and which centres have a star.
    methodology : Methodology
        Keys of the groups.
    settings : RegionalSettings
    visitors : mapping of str to float, optional
        Number of visitors of the centres where the register knows it.

    Returns
    -------
    RegionalProfile

    Raises
    ------
    StatisticsError
        If a scored centre is not among those of `stars`.

    Notes
    -----
    Means are over every centre with the score, starred or withheld, as in
    :func:`clientindex.rating.summarise_regions`, whose numbers "centres" repeats when centres are
    "drawn". Funnels are of centres with a star: below the minimum sample an error is itself too
    uncertain to divide by. The error of a region in its funnel holds the spread of true scores
    between centres of a region, one for all regions (REML), and the sampling errors; so a region
    of one centre is in the funnel, and is not found unusual because centres vary.

    Reasons in `left_out`: of means ``no_scores``, ``one_centre``, ``no_sampling_error``,
    ``unknown_visitors``, ``no_visitors``; of "components" ``too_few_centres``, ``one_region``,
    ``no_region_of_two``, ``no_sampling_error``, ``equal_scores``; of funnels
    ``no_sampling_error`` (a centre whose respondents all answered alike), ``too_few_centres``,
    ``too_few_regions``, ``no_components``.
    """
    register = stars.frame[["centre", "name", "region"]]
    frame = _take_scores(scores, register)
    left_out: LeftOut = []
    keys = [(INDEX, INDEX), *(("group", key) for key in methodology.group_keys)]
    means = tabulate_means(
        frame,
        register,
        keys=keys,
        visitors=visitors,
        finite=settings.centres == "finite",
        level=scores.level,
        left_out=left_out,
    )
    fits = {key: fit_key(frame, key, level=scores.level, left_out=left_out) for _, key in keys}
    funnels = _make_funnels(stars, fits[INDEX], settings, left_out)
    return RegionalProfile(
        means=means,
        components=tabulate_components(frame, fits),
        dispersion=pd.DataFrame(
            [funnel.dispersion for funnel in funnels.values()], columns=DISPERSION_COLUMNS
        ),
        funnel=_stack_limits(funnels),
        centres=_take_units(funnels, CENTRE, CENTRE_COLUMNS),
        regions=_take_units(funnels, REGION, REGION_COLUMNS),
        left_out=pd.DataFrame(
            left_out, columns=["subject", "statistic", "reason", "detail"], dtype="str"
        ),
        fdr=settings.fdr,
        winsorised=settings.winsorised,
        target_kind=settings.target if isinstance(settings.target, str) else "given",
        centres_are=settings.centres,
        source=settings.source,
        level=scores.level,
    )


def _take_scores(scores: Scores, register: pd.DataFrame) -> pd.DataFrame:
    """Return index and group scores of all segments with the region of their centre."""
    frame = scores.frame
    wanted = (frame["segment"] == ALL_SEGMENTS) & frame["kind"].isin([INDEX, "group"])
    taken = frame[wanted & frame["estimate"].notna()]
    check_registered(taken["centre"], register)
    return taken.merge(register[["centre", "region"]], on="centre")


def _make_funnels(
    stars: Stars,
    components: NestedComponents | None,
    settings: RegionalSettings,
    left_out: LeftOut,
) -> dict[str, Funnel]:
    """Make the funnels that are defined, by unit."""
    starred = stars.frame[stars.frame["star"].notna()].rename(columns={"std_error": "error"})
    without = starred[~(starred["error"] > 0)]
    left_out += [(str(centre), "funnel", NO_ERROR, "") for centre in sorted(without["centre"])]
    centres = starred[starred["error"] > 0]
    funnels = {}
    if len(centres) < FEWEST_UNITS:
        left_out.append((CENTRE, "funnel", FEW_CENTRES, str(len(centres))))
    else:
        funnels[CENTRE] = make_funnel(
            centres, unit=CENTRE, settings=settings, columns=CENTRE_COLUMNS
        )
    if components is None:
        left_out.append((REGION, "funnel", NO_COMPONENTS, ""))
        return funnels
    regions = _average_regions(starred, between_centres=components.centres)
    if len(regions) < FEWEST_UNITS:
        left_out.append((REGION, "funnel", FEW_REGIONS, str(len(regions))))
    else:
        funnels[REGION] = make_funnel(
            regions, unit=REGION, settings=settings, columns=REGION_COLUMNS
        )
    return funnels


def _average_regions(centres: pd.DataFrame, *, between_centres: float) -> pd.DataFrame:
    """Return the mean index of every region and its error were the region like the others."""
    variance = centres["error"] ** 2 + between_centres
    grouped = centres.assign(variance=variance).groupby("region", as_index=False)
    table = grouped.agg(
        n_centres=("centre", "size"), estimate=("estimate", "mean"), total=("variance", "sum")
    )
    table = table.assign(error=np.sqrt(table["total"]) / table["n_centres"])
    return table[table["error"] > 0]


def _take_units(funnels: dict[str, Funnel], unit: str, columns: list[str]) -> pd.DataFrame:
    return funnels[unit].units if unit in funnels else pd.DataFrame(columns=columns)


def _stack_limits(funnels: dict[str, Funnel]) -> pd.DataFrame:
    parts = [funnel.limits for funnel in funnels.values()]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=FUNNEL_COLUMNS)
