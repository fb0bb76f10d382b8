"""How much of the differences between centres lies between regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX
from clientindex.results.regional import RegionalProfile
from clientindex.wording.names import name_group
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import (
    find_row,
    is_known,
    list_rows,
    say_interval,
    say_percents,
)

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_between(result: RegionalProfile, methodology: Methodology, wording: Wording) -> str:
    """Say the share of variance between regions, and the group where it is largest."""
    share = find_row(result.components, key=INDEX, statistic="share")
    if share is None:
        reason = say_reasons(
            result.left_out,
            lambda row: (row["subject"], row["statistic"]) == (INDEX, "components"),
            methodology,
            wording,
        )
        return wording.text("sentence.between_regions.undefined", reason=reason)
    said = [
        wording.text(
            "sentence.between_regions.share",
            share=wording.percent(share["estimate"]),
            interval=say_percents(share, result.level, wording=wording),
            centres=wording.counted(int(share["n"]), "centre"),
            regions=wording.counted(int(share["n_regions"]), "region"),
        ),
        *_say_variances(result, wording),
        *_say_groups(result, methodology, wording),
        wording.text("sentence.between_regions.caution"),
    ]
    return " ".join(said)


def _say_variances(result: RegionalProfile, wording: Wording) -> list[str]:
    names = ("between_regions", "between_centres", "sampling")
    rows = [find_row(result.components, key=INDEX, statistic=name) for name in names]
    between, centres, sampling = rows
    if between is None or centres is None or sampling is None:
        return []
    level = result.level
    return [
        wording.text(
            "sentence.between_regions.variances",
            regions=wording.number(between["estimate"]),
            regions_interval=say_interval(between, level, wording=wording),
            centres=wording.number(centres["estimate"]),
            centres_interval=say_interval(centres, level, wording=wording),
            sampling=wording.number(sampling["estimate"]),
        )
    ]


def _say_groups(result: RegionalProfile, methodology: Methodology, wording: Wording) -> list[str]:
    rows = [
        row
        for row in list_rows(result.components)
        if row["statistic"] == "share" and row["key"] != INDEX and is_known(row)
    ]
    most = max(rows, key=lambda row: float(row["estimate"]), default=None)
    if most is None or most["estimate"] <= 0:
        return []
    return [
        wording.text(
            "sentence.between_regions.group",
            group=name_group(str(most["key"]), methodology, wording),
            share=wording.percent(most["estimate"]),
            interval=say_percents(most, result.level, wording=wording),
        )
    ]


RECIPES = (make_paragraph("between_regions", "regional", RegionalProfile, say_between),)
