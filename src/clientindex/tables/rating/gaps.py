"""What of stars and their uncertainty is not defined, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.results import (
    AnswerWeights,
    CaseMix,
    EditionChange,
    RankTable,
    RegionalProfile,
    ScoreParts,
    ShrunkenScores,
    StarDoubt,
)
from clientindex.tables.columns import make_column
from clientindex.tables.left_out import list_left_out
from clientindex.tables.rating.names import (
    name_known_segment,
    name_known_trait,
    name_level_of,
    name_place,
    name_rest,
    name_set,
    name_subject,
    say_reason,
)
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import TableSpec

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

RESULTS = {
    "score_parts": ScoreParts,
    "star_doubt": StarDoubt,
    "ranks": RankTable,
    "shrinkage": ShrunkenScores,
    "regional": RegionalProfile,
    "change": EditionChange,
    "answer_weights": AnswerWeights,
    "case_mix": CaseMix,
}
"""Results with a frame of what is not defined."""

UNITS = ("centre", "region")
FREE = ("dependent_covariates",)
"""Reasons whose detail is a message of the program."""


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    rows = [
        _tell(name, row, bundle.methodology, wording)
        for name, row in list_left_out(bundle, RESULTS)
    ]
    heads = ("rating_part", "gap_of", "undefined", "gap_reason", "gap_detail")
    return TableSpec(
        key="rating_gaps",
        caption=wording.text("table.rating_gaps.title"),
        columns=tuple(make_column(head, wording) for head in heads),
        rows=tuple(dict.fromkeys(rows)),
    )


def _tell(
    name: str, row: dict[Any, Any], methodology: Methodology, wording: Wording
) -> tuple[str | None, ...]:
    return (
        wording.text(f"rating_part.{name}"),
        _name_whole(row, methodology, wording),
        _name_statistic(name, row, methodology, wording),
        say_reason(str(row["reason"]), methodology, wording),
        _name_detail(row, methodology, wording),
    )


def _name_detail(row: dict[Any, Any], methodology: Methodology, wording: Wording) -> str | None:
    if row["reason"] in FREE:
        return None
    trait = str(row.get("trait") or "")
    return name_rest(str(row["detail"]), methodology, wording, trait=trait)


def _name_whole(row: dict[Any, Any], methodology: Methodology, wording: Wording) -> str | None:
    """Name the score, centre, region, set, segment, trait and level that a row is of."""
    names = [name_set(str(row["set"]), methodology, wording)] if row.get("set") else []
    names += [str(row["centre"])] if row.get("centre") else []
    for key in ("subject", "scope"):
        if row.get(key):
            names.insert(0, name_place_or_subject(str(row[key]), methodology, wording))
    if row.get("segment"):
        names.append(str(name_known_segment(str(row["segment"]), methodology, wording)))
    if row.get("trait"):
        trait = str(row["trait"])
        names.append(str(name_known_trait(trait, methodology, wording)))
        if row.get("level"):
            names.append(name_level_of((trait, str(row["level"])), methodology, wording))
    return "; ".join(names) or None


def name_place_or_subject(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name the index, a group, a kind of units, the country, a region or a centre."""
    if key in UNITS:
        return wording.text(f"funnel_unit.{key}")
    if key == "index" or key in methodology.group_keys:
        return name_subject(key, methodology, wording)
    return name_place(key, methodology, wording)


def _name_statistic(
    result: str, row: dict[Any, Any], methodology: Methodology, wording: Wording
) -> str | None:
    """Name the statistic that is missing, if the result has several."""
    statistic = str(row.get("statistic") or row.get("kind") or "")
    if not statistic:
        return None
    way, _, key = statistic.partition(".")
    if result == "regional" and key:
        score = name_subject(key, methodology, wording)
        return f"{wording.text(f'mean_by.{way}')}: {score}"
    return wording.text(f"{FORMS[result]}.{statistic.replace('.', '_')}")


FORMS = {
    "score_parts": "subject_kind",
    "star_doubt": "sentence.route",
    "ranks": "rank_statistic",
    "shrinkage": "shrunken_statistic",
    "regional": "regional_statistic",
    "change": "change_part",
}
"""Result -> texts that name its statistics."""

RECIPES = (TableRecipe(name="rating_gaps", needs=("stars",), build=_build),)
