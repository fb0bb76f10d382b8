"""Who answered, by region and segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Coverage
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import Column, TableSpec, Value, clean_value
from clientindex.wording.absence import take
from clientindex.wording.names import name_segment

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_sample(coverage: Coverage, *, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a region with centres and answers of every segment."""
    frame = coverage.by_region
    present = [key for key in methodology.segment_keys if key in set(frame["segment"])]
    cells = {
        (region, segment): (clean_value(n_centres), clean_value(n))
        for region, segment, n_centres, n in frame[
            ["region", "segment", "n_centres", "n"]
        ].itertuples(index=False)
    }
    regions = sorted(set(frame["region"]))
    rows: list[tuple[Value, ...]] = [
        (region, *(n for segment in present for n in cells.get((region, segment), (None, None))))
        for region in regions
    ]
    totals = coverage.data_kind == "totals"
    return TableSpec(
        key="sample",
        caption=wording.text("table.sample.title"),
        columns=_list_columns(present, methodology, wording, totals=totals),
        rows=tuple(rows),
        notes=(wording.text("table.sample.note_totals"),) if totals else (),
    )


def _list_columns(
    segments: list[str], methodology: Methodology, wording: Wording, *, totals: bool
) -> tuple[Column, ...]:
    counted = "answers_of" if totals else "respondents_of"
    columns = [make_column("region", wording)]
    for key in segments:
        name = name_segment(key, methodology, wording)
        for what in ("centres_of", counted):
            header = wording.text(f"column.{what}", segment=name)
            columns.append(Column(key=f"{key}_{what[:-3]}", header=header, kind="integer"))
    return tuple(columns)


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    coverage = take(bundle, "coverage", Coverage)
    return build_sample(coverage, methodology=bundle.methodology, wording=wording)


RECIPE = TableRecipe(name="sample", needs=("coverage",), build=_build)
