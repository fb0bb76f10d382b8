"""Warnings of intake: what was noticed in the data and let through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Coverage
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import TableSpec, collect_rows
from clientindex.wording.absence import take

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_warnings(coverage: Coverage, *, wording: Wording) -> TableSpec:
    """Build one row a warning: its meaning, and where it was found."""
    frame = coverage.warnings
    return TableSpec(
        key="intake_warnings",
        caption=wording.text("table.intake_warnings.title"),
        columns=(
            make_column("code", wording),
            make_column("meaning", wording),
            make_column("file", wording),
            make_column("row", wording, kind="integer"),
            make_column("source_column", wording),
        ),
        rows=collect_rows(
            frame["code"],
            [wording.text(f"intake_warning.{code}") for code in frame["code"]],
            frame["file"],
            frame["row"],
            frame["column"].replace("", None),
        ),
        notes=(wording.text("table.intake_warnings.note"),),
    )


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_warnings(take(bundle, "coverage", Coverage), wording=wording)


RECIPE = TableRecipe(name="intake_warnings", needs=("coverage",), build=_build)
