"""Whether a region and its centres stand out of the funnel of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.regional import RegionalProfile
from clientindex.wording.absence import take
from clientindex.wording.sentences.rating.dispersion import say_no_funnel
from clientindex.wording.sentences.rows import list_rows

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

FLAG, Q = "flagged_additive", "q_additive"


def tell_unusual(bundle: Bundle, wording: Wording, region: str) -> str:
    """Say whether the region, and how many of its centres, are unusually high or low."""
    result = take(bundle, "regional", RegionalProfile)
    own = result.centres[result.centres["region"] == region]
    row = next((r for r in list_rows(result.regions) if r["region"] == region), None)
    said = [
        wording.text("sentence.unusual.meaning"),
        wording.text(f"sentence.unusual.target_{result.target_kind}"),
    ]
    units = set(result.dispersion["unit"])
    for unit in ("region", "centre"):
        if unit not in units:
            said.append(say_no_funnel(unit, result, bundle.methodology, wording))
        elif unit == "region":
            said.append(_say_region(row, result, wording))
        else:
            said.append(_say_centres(own[FLAG].astype(str).tolist(), result, wording))
    if (own[FLAG] != "").any() or (row is not None and row[FLAG]):
        said.append(wording.text("sentence.unusual.caution"))
    return " ".join(said)


def _say_region(row: dict[str, object] | None, result: RegionalProfile, wording: Wording) -> str:
    if row is None:
        return wording.text("sentence.region_unusual.region_absent")
    return wording.text(
        f"sentence.region_unusual.region_{row[FLAG] or 'ordinary'}",
        n=wording.counted(len(result.regions), "region_of"),
        rate=wording.percent(result.fdr),
        q=wording.p_value(float(str(row[Q])), symbol=False),
    )


def _say_centres(flags: list[str], result: RegionalProfile, wording: Wording) -> str:
    if not flags:
        return wording.text("sentence.region_unusual.no_centres")
    values = {
        "n": wording.counted(len(flags), "centre_of"),
        "all": wording.integer(len(result.centres)),
        "rate": wording.percent(result.fdr),
    }
    high, low = flags.count("high"), flags.count("low")
    if not high and not low:
        return wording.text("sentence.region_unusual.centres_ordinary", **values)
    counts = {"high": wording.integer(high), "low": wording.integer(low)}
    return wording.text("sentence.region_unusual.centres", **counts, **values)
