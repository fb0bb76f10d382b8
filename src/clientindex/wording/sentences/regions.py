"""Sentences about regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY, Regions
from clientindex.wording.absence import take
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import Row, list_rows, say_interval
from clientindex.wording.sentences.stars import find_country

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def say_regions(regions: Regions, *, wording: Wording) -> str:
    """Name the highest and lowest mean, and say how many regions differ from the country.

    Regions without a mean are left out; regions without an interval are not compared.
    """
    frame = regions.frame.loc[regions.frame["region"] != COUNTRY].dropna(subset="estimate")
    if len(frame) < 2:
        return wording.text("sentence.regions.too_few")
    ordered = sorted(list_rows(frame), key=lambda row: row["estimate"])
    mean = find_country(regions)["estimate"]
    compared = frame.dropna(subset=["ci_low", "ci_high"])
    return wording.text(
        "sentence.regions.all",
        best=_say_region(ordered[-1], regions.level, wording),
        worst=_say_region(ordered[0], regions.level, wording),
        above=wording.integer(int((compared["ci_low"] > mean).sum())),
        below=wording.integer(int((compared["ci_high"] < mean).sum())),
        compared=wording.integer(len(compared)),
        level=wording.percent(regions.level),
    )


def _say_region(row: Row, level: float, wording: Wording) -> str:
    return wording.text(
        "sentence.regions.one",
        region=str(row["region"]),
        mean=wording.number(row["estimate"]),
        interval=say_interval(row, level, wording=wording),
        centres=wording.counted(int(row["n_centres"]), "centre"),
    )


def _build(bundle: Bundle, wording: Wording) -> str:
    return say_regions(take(bundle, "regions", Regions), wording=wording)


RECIPES = (ParagraphRecipe(name="regions", needs=("regions",), build=_build),)
