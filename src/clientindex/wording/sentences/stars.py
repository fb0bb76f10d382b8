"""Sentences about stars: how many of each, how much in doubt, how many withheld."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from clientindex.methodology.model import SCORE_MAX
from clientindex.results import COUNTRY, INDEX, Regions, Stars
from clientindex.results.regional import RegionalProfile
from clientindex.results.star_doubt import StarDoubt
from clientindex.wording.absence import take
from clientindex.wording.sentences.rating.counting import count_stars
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import Row, find_row, is_known, list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def say_national(
    regions: Regions, *, wording: Wording, profile: RegionalProfile | None = None
) -> str:
    """Say the mean index of all centres with its interval, or that there is none."""
    country = find_country(regions)
    if math.isnan(country["estimate"]):
        return wording.text("sentence.stars.no_mean")
    said = wording.text(
        "sentence.stars.mean",
        mean=wording.number(country["estimate"]),
        maximum=wording.integer(int(SCORE_MAX)),
        interval=say_interval(country, regions.level, wording=wording),
        centres=wording.counted(int(country["n_centres"]), "centre_of"),
    )
    return " ".join([said, *_say_drawn(country, profile, wording)])


def _say_drawn(country: Row, profile: RegionalProfile | None, wording: Wording) -> list[str]:
    """Say what the interval counts as chance, and the error of who answered alone."""
    if not is_known(country, "ci_low"):
        return []
    said = [wording.text("sentence.stars.mean_drawn")]
    row = profile and find_row(profile.means, region=COUNTRY, key=INDEX, by="centres")
    if row and is_known(row, "sampling_error"):
        error = wording.number(row["sampling_error"], 2)
        said.append(wording.text("sentence.stars.mean_sampling", error=error))
    return said


def say_distribution(regions: Regions, *, wording: Wording) -> tuple[str, ...]:
    """List the number of centres with each number of stars, most stars first."""
    return list_counts(find_country(regions), wording=wording)


def list_counts(row: Row, *, wording: Wording) -> tuple[str, ...]:
    """List the same of a row of regions."""
    counts = {
        float(name.removeprefix("stars_")): int(n)
        for name, n in row.items()
        if name.startswith("stars_")
    }
    return tuple(
        wording.text(
            "sentence.stars.item",
            stars=_name_count(stars, wording),
            centres=wording.counted(n, "centre"),
        )
        for stars, n in sorted(counts.items(), reverse=True)
    )


def _name_count(stars: float, wording: Wording) -> str:
    whole = stars.is_integer()
    return wording.counted(int(stars), "star") if whole else count_stars(stars, wording)


def say_given(stars: Stars, *, wording: Wording) -> str:
    """Say how many centres have stars, how many do not, and what caps and guardrails did."""
    total = len(stars.frame)
    given = int(stars.frame["star"].notna().sum())
    if given == total:
        said = wording.text("sentence.stars.all_given", total=wording.counted(total, "centre_to"))
    else:
        said = wording.text(
            "sentence.stars.given",
            given=wording.counted(given, "centre_to"),
            total=wording.integer(total),
            withheld=wording.counted(total - given, "centre_to"),
        )
    return " ".join([said, *_say_capped(stars, wording), *_say_held(stars, wording)])


def _say_capped(stars: Stars, wording: Wording) -> list[str]:
    """Say how many stars caps lowered, where they did."""
    frame = stars.frame[stars.frame["star"].notna()]
    n = int((frame["capped_by"] != "").sum()) if "capped_by" in frame else 0
    return [wording.text("sentence.stars.capped", n=wording.counted(n, "centre_of"))] if n else []


def _say_held(stars: Stars, wording: Wording) -> list[str]:
    """Say how many cut points the guardrail held, where it did."""
    held = int((stars.cuts["held_by"] != "").sum())
    if held == 0:
        return []
    total = wording.integer(len(stars.cuts))
    return [wording.text("sentence.stars.held", n=wording.integer(held), total=total)]


def say_doubt(stars: Stars, *, wording: Wording, doubt: StarDoubt | None = None) -> str:
    """Say for how many centres data do not exclude other stars, and for how many they are sure."""
    frame = stars.frame.loc[stars.frame["star"].notna()]
    reaches_out = (frame["star_low"] != frame["star"]) | (frame["star_high"] != frame["star"])
    doubtful = int(reaches_out.sum())
    said = wording.text(
        "sentence.stars.doubt",
        doubtful=wording.counted(doubtful, "centre_of"),
        given=wording.integer(len(frame)),
        level=wording.percent(stars.level),
    )
    return " ".join([said, *say_sure(doubt, wording=wording, doubtful=doubtful)])


def say_sure(doubt: StarDoubt | None, *, wording: Wording, doubtful: int = 0) -> list[str]:
    """Say how many stars are sure, and why some of them may be in doubt by the interval."""
    row = doubt and find_row(doubt.summary, route=doubt.leading, statistic="certain")
    if doubt is None or not row:
        return []
    sure = int(row["estimate"])
    n, level = wording.counted(sure, "centre_of"), wording.percent(doubt.level)
    said = [wording.text("sentence.stars.sure", n=n, level=level)]
    if doubtful + sure > int(row["n"]):
        said.append(wording.text("sentence.stars.sure_overlap"))
    return said


def say_withheld(stars: Stars, *, wording: Wording) -> str:
    """Say why stars are withheld and from how many centres."""
    reasons = stars.frame.loc[stars.frame["star"].isna(), "withheld"].value_counts(sort=False)
    minimum = wording.counted(stars.minimum_sample, "respondent_of")
    rule = wording.text("sentence.withheld.rule", minimum=minimum)
    if reasons.empty:
        return f"{rule} {wording.text('sentence.withheld.none')}"
    items = [
        wording.text(f"sentence.withheld.{reason}", n=wording.counted(int(n), "centre"))
        for reason, n in sorted(reasons.items(), key=lambda item: str(item[0]))
    ]
    return f"{rule} {wording.text('sentence.withheld.some', reasons='; '.join(items))}"


def find_country(regions: Regions) -> Row:
    """Return the row of all regions together."""
    return next(row for row in list_rows(regions.frame) if row["region"] == COUNTRY)


def _regions(bundle: Bundle) -> Regions:
    return take(bundle, "regions", Regions)


def _stars(bundle: Bundle) -> Stars:
    return take(bundle, "stars", Stars)


def _national(bundle: Bundle, wording: Wording) -> str:
    profile = bundle.results.get("regional")
    known = profile if isinstance(profile, RegionalProfile) else None
    return say_national(_regions(bundle), wording=wording, profile=known)


def _doubt(bundle: Bundle, wording: Wording) -> str:
    doubt = bundle.results.get("star_doubt")
    known = doubt if isinstance(doubt, StarDoubt) else None
    return say_doubt(_stars(bundle), wording=wording, doubt=known)


RECIPES = (
    ParagraphRecipe(
        name="national",
        needs=("regions",),
        build=_national,
    ),
    ParagraphRecipe(
        name="distribution",
        needs=("regions",),
        build=lambda bundle, wording: say_distribution(_regions(bundle), wording=wording),
    ),
    ParagraphRecipe(
        name="given",
        needs=("stars",),
        build=lambda bundle, wording: say_given(_stars(bundle), wording=wording),
    ),
    ParagraphRecipe(
        name="doubt",
        needs=("stars",),
        build=_doubt,
    ),
    ParagraphRecipe(
        name="withheld",
        needs=("stars",),
        build=lambda bundle, wording: say_withheld(_stars(bundle), wording=wording),
    ),
)
