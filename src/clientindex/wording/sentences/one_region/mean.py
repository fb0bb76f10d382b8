"""The mean index of a region beside that of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.methodology.model import SCORE_MAX
from clientindex.results import COUNTRY, Regions
from clientindex.wording.absence import take
from clientindex.wording.sentences.one_region.coverage import find_region
from clientindex.wording.sentences.rows import is_above, is_below, is_known, say_interval
from clientindex.wording.sentences.stars import find_country

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording.sentences.rows import Row
    from clientindex.wording.words import Wording


def tell_mean(bundle: Bundle, wording: Wording, region: str) -> str:
    """Say the mean index of the region and of the country with intervals, or that there is none."""
    regions = take(bundle, "regions", Regions)
    row, country = find_region(regions, region), find_country(regions)
    if row is None or not is_known(row):
        return wording.text("sentence.region_mean.none")
    said = wording.text(
        "sentence.region_mean.region",
        maximum=wording.integer(int(SCORE_MAX)),
        **_tell_row(row, regions, wording),
    )
    beside = wording.text("sentence.region_mean.country", **_tell_row(country, regions, wording))
    return f"{said} {beside}"


def tell_verdict(bundle: Bundle, wording: Wording, region: str) -> str:
    """Say on which side of the country's mean the interval of the region lies, and no place.

    A region without a mean or an interval is not compared, and it is said why.
    """
    regions = take(bundle, "regions", Regions)
    row, mean = find_region(regions, region), find_country(regions)["estimate"]
    if row is None or not is_known(row):
        return wording.text("sentence.region_verdict.no_mean")
    if not is_known(row, "ci_low"):
        return wording.text("sentence.region_verdict.no_interval")
    side = "above" if is_above(row, mean) else "below" if is_below(row, mean) else "around"
    others = regions.frame[regions.frame["region"] != COUNTRY]
    compared = int(others["ci_low"].notna().sum())
    said = wording.text(f"sentence.region_verdict.{side}", level=wording.percent(regions.level))
    rest = wording.text(
        "sentence.region_verdict.place", compared=wording.counted(compared, "region_of")
    )
    return f"{said} {rest}"


def _tell_row(row: Row, regions: Regions, wording: Wording) -> dict[str, str]:
    return {
        "mean": wording.number(row["estimate"]),
        "interval": say_interval(row, regions.level, wording=wording),
        "centres": wording.counted(int(row["n_centres"]), "centre"),
    }
