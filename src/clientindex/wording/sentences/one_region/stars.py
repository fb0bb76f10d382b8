"""Stars of a region: how many are given, in doubt, withheld and of small samples."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientindex.results import Regions, StarDoubt, Stars
from clientindex.wording.absence import take
from clientindex.wording.sentences.one_region.coverage import find_region
from clientindex.wording.sentences.rows import is_known, list_rows
from clientindex.wording.sentences.stars import list_counts, say_doubt

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording.sentences.rows import Row
    from clientindex.wording.words import Wording


def tell_given(bundle: Bundle, wording: Wording, region: str) -> str:
    """Say how many centres of the region have stars and for how many others are not excluded."""
    own = cut_stars(bundle, region)
    total, given = len(own.frame), int(own.frame["star"].notna().sum())
    if not given:
        none = wording.counted(total, "centre")
        return wording.text("sentence.region_given.none", total=none)
    if given == total:
        said = wording.text("sentence.region_given.all", total=wording.counted(total, "centre_to"))
    else:
        said = wording.text(
            "sentence.region_given.some",
            given=wording.counted(given, "centre_to"),
            total=wording.integer(total),
            withheld=wording.counted(total - given, "centre_to"),
        )
    return f"{said} {say_doubt(own, wording=wording)}"


def tell_distribution(bundle: Bundle, wording: Wording, region: str) -> tuple[str, ...] | str:
    """List the centres of the region by number of stars, most stars first."""
    row = find_region(take(bundle, "regions", Regions), region)
    if row is None or not row["n_starred"]:
        return wording.text("sentence.region_given.nothing_to_count")
    return list_counts(row, wording=wording)


def tell_withheld(bundle: Bundle, wording: Wording, region: str) -> str:
    """Say why stars are withheld in the region and from how many centres."""
    own = cut_stars(bundle, region)
    minimum = wording.counted(own.minimum_sample, "respondent_of")
    rule = wording.text("sentence.withheld.rule", minimum=minimum)
    reasons = own.frame.loc[own.frame["star"].isna(), "withheld"].value_counts(sort=False)
    if reasons.empty:
        return f"{rule} {wording.text('sentence.region_withheld.none')}"
    items = [
        wording.text(f"sentence.withheld.{reason}", n=wording.counted(int(n), "centre"))
        for reason, n in sorted(reasons.items(), key=lambda item: str(item[0]))
    ]
    some = wording.text("sentence.region_withheld.some", reasons="; ".join(items))
    return f"{rule} {some} {wording.text('sentence.region_withheld.caution')}"


def tell_small(bundle: Bundle, wording: Wording, region: str) -> str:
    """Name the centres of the region whose stars come from a small sample."""
    doubt = take(bundle, "star_doubt", StarDoubt)
    frame = doubt.centres
    own = frame[(frame["region"] == region) & frame["star"].notna()]
    small = own[own["small_n"].fillna(value=False).astype(bool)].sort_values("name", kind="stable")
    limit = wording.counted(doubt.small_sample, "respondent_of")
    if small.empty:
        return wording.text("sentence.region_small.none", limit=limit)
    names = [_name_with_n(row, wording) for row in list_rows(small)]
    return wording.text("sentence.region_small.some", limit=limit, centres="; ".join(names))


def cut_stars(bundle: Bundle, region: str) -> Stars:
    """Return the stars of the centres of a region only; cut points stay those of the country."""
    stars = take(bundle, "stars", Stars)
    return replace(stars, frame=stars.frame[stars.frame["region"] == region])


def _name_with_n(row: Row, wording: Wording) -> str:
    n = wording.integer(int(row["n"])) if is_known(row, "n") else wording.missing
    return wording.text("sentence.region_small.one", centre=str(row["name"]), n=n)
