"""Correlation and concordance of both sources, once scales are linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Agreement
from clientindex.tables.agreement.differences import take_pairs
from clientindex.tables.agreement.names import list_subjects, name_subject
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import make_pair
from clientindex.tables.spec import TableSpec

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.tables.spec import Value
    from clientindex.wording import Wording

COMMON = ("pearson_r", "icc_a1")
LINKED = ("icc_c1", "ccc")
NOTHING: tuple[Value, ...] = (None,) * 4


def build_concordance(result: Agreement, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a subject: r, linked ICC(C,1) and CCC, ICC(A,1), and the word for the ICC."""
    common = take_pairs(result, methodology, COMMON)
    linked = take_pairs(result, methodology, LINKED, scale="linked")
    threshold = methodology.thresholds.icc
    columns = [
        column
        for key in ("pearson_r", "icc_c1_linked", "ccc_linked")
        for column in make_pair(key, wording, level=result.level, digits=2)
    ]
    rows = []
    for key in list_subjects(methodology):
        if key not in common and key not in linked:
            continue
        measured, put = common.get(key, NOTHING), linked.get(key, NOTHING)
        word = threshold.classify(put[0]) if isinstance(put[0], float) else None
        said = wording.text(f"level.icc.{word}") if word else None
        name = name_subject(key, methodology, wording)
        rows.append((name, *measured[:2], *put, measured[2], said))
    return TableSpec(
        key="agreement_concordance",
        caption=wording.text("table.agreement_concordance.title"),
        columns=(
            make_column("compared", wording),
            *columns,
            make_column("icc_a1", wording, kind="number", digits=2),
            make_column("verdict", wording),
        ),
        rows=tuple(rows),
        notes=(
            wording.text(
                "table.agreement_concordance.note",
                source=threshold.source.in_language(wording.language),
            ),
        ),
    )


RECIPES = (make_recipe("agreement_concordance", "agreement", Agreement, build_concordance),)
