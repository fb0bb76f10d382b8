"""Shares of answers that were not given, by indicator, segment and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Coverage
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import Column, TableSpec, collect_rows
from clientindex.wording.absence import take
from clientindex.wording.names import name_indicator, name_segment

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_no_answer(coverage: Coverage, *, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row an indicator and segment: respondents asked and shares by reason.

    Reasons that never occur have no column.
    """
    frame = coverage.no_answer
    reasons = list(dict.fromkeys(frame.loc[frame["n"] > 0, "reason"]))
    shares = frame.set_index(["indicator", "segment", "reason"])["share"].to_dict()
    asked = frame.groupby(["indicator", "segment"])["n_asked"].first().to_dict()
    places = [
        (indicator, segment)
        for segment in methodology.segment_keys
        for indicator in methodology.indicator_keys
        if (indicator, segment) in asked and reasons
    ]
    return TableSpec(
        key="no_answer",
        caption=wording.text("table.no_answer.title"),
        columns=_list_columns(reasons, methodology, wording),
        rows=collect_rows(
            [name_segment(segment, methodology, wording) for _, segment in places],
            [name_indicator(indicator, methodology, wording) for indicator, _ in places],
            [asked[place] for place in places],
            *([shares.get((*place, reason)) for place in places] for reason in reasons),
        ),
    )


def _list_columns(
    reasons: list[str], methodology: Methodology, wording: Wording
) -> tuple[Column, ...]:
    named = [(key, name_reason(key, methodology, wording)) for key in reasons]
    return (
        make_column("segment", wording),
        make_column("indicator", wording),
        make_column("n_asked", wording, kind="integer"),
        *(
            Column(
                key=f"{key}_share",
                header=wording.text("column.no_answer_of", reason=name),
                kind="percent",
                digits=1,
            )
            for key, name in named
        ),
    )


def name_reason(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name a reason: that of a missing code of the methodology, or one of intake's own."""
    scales = [methodology.scale, *(i.scale for i in methodology.indicators if i.scale is not None)]
    codes = {code.key: code for scale in scales for code in scale.missing.values()}
    if key in codes:
        return codes[key].ru if wording.language == "ru" else codes[key].en
    return wording.text(f"no_answer.{key}")


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    coverage = take(bundle, "coverage", Coverage)
    return build_no_answer(coverage, methodology=bundle.methodology, wording=wording)


RECIPE = TableRecipe(name="no_answer", needs=("coverage",), build=_build)
