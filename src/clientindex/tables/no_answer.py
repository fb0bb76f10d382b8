"""Shares of answers that were not given, by indicator, segment and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Coverage
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import Column, TableSpec, clean_value
from clientindex.wording.absence import take
from clientindex.wording.names import name_indicator, name_segment

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_no_answer(coverage: Coverage, *, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row an indicator: respondents asked and shares by reason in every segment.

    Reasons that never occur in a segment have no column.
    """
    frame = coverage.no_answer
    occurring = frame.loc[frame["n"] > 0, ["segment", "reason"]].drop_duplicates()
    pairs = [(str(segment), str(reason)) for segment, reason in occurring.itertuples(index=False)]
    shares = frame.set_index(["indicator", "segment", "reason"])["share"].to_dict()
    asked = frame.groupby(["indicator", "segment"])["n_asked"].first().to_dict()
    columns, places = _list_columns(pairs, methodology, wording)
    known = set(frame["indicator"])
    rows = [
        (
            name_indicator(key, methodology, wording),
            *(clean_value((asked if len(p) == 1 else shares).get((key, *p))) for p in places),
        )
        for key in methodology.indicator_keys
        if key in known and pairs
    ]
    return TableSpec(
        key="no_answer",
        caption=wording.text("table.no_answer.title"),
        columns=columns,
        rows=tuple(rows),
    )


def _list_columns(
    pairs: list[tuple[str, str]], methodology: Methodology, wording: Wording
) -> tuple[tuple[Column, ...], list[tuple[str, ...]]]:
    """Return the columns and, for all but the first, the segment or segment and reason."""
    columns = [make_column("indicator", wording)]
    places: list[tuple[str, ...]] = []
    for segment in [key for key in methodology.segment_keys if key in {s for s, _ in pairs}]:
        name = name_segment(segment, methodology, wording)
        header = wording.text("column.n_asked_of", segment=name)
        columns.append(Column(key=f"{segment}_n_asked", header=header, kind="integer"))
        places.append((segment,))
        for reason in [r for s, r in pairs if s == segment]:
            cause = name_reason(reason, methodology, wording)
            header = wording.text("column.no_answer_of", segment=name, reason=cause)
            key = f"{segment}_{reason}_share"
            columns.append(Column(key=key, header=header, kind="percent", digits=1))
            places.append((segment, reason))
    return tuple(columns), places


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
