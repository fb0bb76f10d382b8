"""How reliable each side is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import SideReliability
from clientindex.tables.agreement.names import list_subjects, name_subject
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import TableSpec

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

SHOWN = (
    "survey_mean_reliability",
    "survey_share_provisional",
    "checklist_reliability",
    "checklist_error_sd",
)


def build_sides(result: SideReliability, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a subject: reliability of the survey, and of checklists seen twice."""
    frame = result.frame.assign(statistic=result.frame["side"] + "_" + result.frame["statistic"])
    pairs = collect_pairs(frame, ["subject"], list_subjects(methodology), SHOWN)
    return TableSpec(
        key="side_reliability",
        caption=wording.text("table.side_reliability.title"),
        columns=(
            make_column("compared", wording),
            *make_pair("survey_reliability", wording, level=result.level, digits=2),
            make_column("share_provisional", wording, kind="percent", digits=1),
            *make_pair("checklist_reliability", wording, level=result.level, digits=2),
            make_column("checklist_error", wording, kind="number", digits=1),
        ),
        rows=tuple(
            (name_subject(key, methodology, wording), *row[:3], *row[4:7])
            for key, row in pairs.items()
        ),
        notes=(
            wording.text(
                "table.side_reliability.note",
                limit=wording.number(result.provisional_below, 2),
            ),
            _tell_visits(result.n_twice, wording),
        ),
    )


def _tell_visits(n: int, wording: Wording) -> str:
    if n == 0:
        return wording.text("table.side_reliability.never_twice")
    return wording.text("table.side_reliability.twice", n=wording.integer(n))


RECIPES = (make_recipe("side_reliability", "side_reliability", SideReliability, build_sides),)
