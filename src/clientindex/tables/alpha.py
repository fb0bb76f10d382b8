"""Internal consistency of the groups, with the word that the methodology gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Consistency
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import TableSpec, collect_rows, pair_ends
from clientindex.wording.consistency import pick_alpha
from clientindex.wording.names import name_group, name_segment

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording


def build_alpha(result: Consistency, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group and segment."""
    frame = pick_alpha(result)
    threshold = methodology.thresholds.alpha
    verdicts = [wording.text(f"level.alpha.{threshold.classify(x)}") for x in frame["estimate"]]
    note = wording.text(
        "table.alpha.note",
        replicates=wording.integer(result.replicates),
        missing=wording.text(f"missing_rule.{result.missing}"),
        source=threshold.source.in_language(wording.language),
    )
    return TableSpec(
        key="alpha",
        caption=wording.text("table.alpha.title"),
        columns=(
            make_column("group", wording),
            make_column("segment", wording),
            make_column("n_items", wording, kind="integer"),
            make_column("alpha", wording, kind="number", digits=2),
            make_interval("alpha_ci", wording, level=result.level, digits=2),
            make_column("mean_inter_item", wording, kind="number", digits=2),
            make_column("n_respondents", wording, kind="integer"),
            make_column("verdict", wording),
        ),
        rows=collect_rows(
            [name_group(key, methodology, wording) for key in frame["group"]],
            [name_segment(key, methodology, wording) for key in frame["part"]],
            frame["n_items"],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            frame["mean_inter_item"],
            frame["n"],
            verdicts,
        ),
        notes=(note,),
    )


RECIPE = make_recipe("alpha", "consistency", Consistency, build_alpha)
