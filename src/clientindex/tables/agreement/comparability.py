"""What stands in the way of comparing the two sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clientindex.results import SourceComparison
from clientindex.tables.agreement.names import list_subjects, name_subject
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import TableSpec

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

SHARES = {
    "survey_ceiling": "survey_ceiling",
    "checklist_ceiling": "checklist_ceiling",
    "checklist_tied": "checklist_tied",
    "both_missing": "missing_pair",
}
"""Side and statistic -> column."""

SLOPE = "slope"


def build_comparability(
    result: SourceComparison, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a subject: shares at the ends of scales, ties, gaps, and slope of the link."""
    shares = result.shares.assign(
        statistic=result.shares["side"] + "_" + result.shares["statistic"]
    )
    links = result.links[result.links["link"] == "mean_sigma"]
    both = pd.concat([shares, links], ignore_index=True)
    pairs = collect_pairs(both, ["subject"], list_subjects(methodology), [*SHARES, SLOPE])
    columns = [make_column(key, wording, kind="percent", digits=1) for key in SHARES.values()]
    note = wording.text(
        "table.comparability.note",
        scales=wording.text(f"table.comparability.{result.scales}"),
        link=wording.text(f"link.{result.linking}"),
    )
    return TableSpec(
        key="comparability",
        caption=wording.text("table.comparability.title"),
        columns=(
            make_column("compared", wording),
            *columns,
            *make_pair("link_slope", wording, level=result.level, digits=2),
        ),
        rows=tuple(
            (name_subject(key, methodology, wording), *row[:-2:2], *row[-2:])
            for key, row in pairs.items()
        ),
        notes=(note, *_tell_straight_lined(result, wording)),
    )


def _tell_straight_lined(result: SourceComparison, wording: Wording) -> tuple[str, ...]:
    """Say how many checklists have one answer to everything, where single answers are known."""
    frame = result.shares[result.shares["subject"] == "all"]
    known = frame.set_index("statistic")["estimate"]
    if not {"straight_lined", "straight_lined_highest"} <= set(known.index):
        return ()
    shares = {"share": known["straight_lined"], "highest": known["straight_lined_highest"]}
    told = {name: wording.percent(float(share), 1) for name, share in shares.items()}
    return (wording.text("table.comparability.straight_lined", **told),)


def build_not_compared(
    result: SourceComparison, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a reason: how many centres are not compared."""
    del methodology
    counts = result.centres["reason"].value_counts(sort=False)
    others = sorted(set(counts.index) - set(REASONS))
    ordered = [reason for reason in (*REASONS, *others) if reason in counts.index]
    return TableSpec(
        key="not_compared",
        caption=wording.text("table.not_compared.title"),
        columns=(
            make_column("not_compared_reason", wording),
            make_column("n_centres", wording, kind="integer"),
        ),
        rows=tuple(
            (wording.text(f"not_compared.{reason}"), int(counts[reason])) for reason in ordered
        ),
        notes=(
            wording.text(
                "table.not_compared.note",
                shared=wording.integer(result.n_shared),
                total=wording.integer(result.n),
            ),
        ),
    )


REASONS = ("survey_only", "checklist_only", "other_period", "not_applicable", "incomplete")

RECIPES = (
    make_recipe("comparability", "comparability", SourceComparison, build_comparability),
    make_recipe("not_compared", "comparability", SourceComparison, build_not_compared),
)
