"""The centres of a region then and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import EditionChange
from clientindex.tables.long import bound, chance, lay_out, measure, tell
from clientindex.tables.naming import keep
from clientindex.tables.rating.names import (
    name_scores_then_now,
    name_stars_then_now,
    say_reason,
)
from clientindex.wording.absence import take

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording


def build_changes(bundle: Bundle, wording: Wording, region: str) -> TableSpec:
    """Build one row a centre that can be compared, largest rise first; notes tell of the others.

    Centres of which no difference is known, or one that is not tested, have their reason in a note.
    """
    result = take(bundle, "change", EditionChange)
    own = result.centres[result.centres["region"] == region]
    shown = own[own["difference"].notna()]
    found = shown["flagged"].replace("", "none").mask(shown["p_value"].isna(), "untested")
    shown = shown.assign(found=found)
    columns = (
        tell("centre", "name", keep),
        tell("index_then_now", ("one_method_before", "one_method_after"), name_scores_then_now),
        measure("change_points", "difference", digits=1),
        bound(digits=1),
        chance("q_value"),
        tell("change_found", "found", _name_verdict),
        tell("stars_then_now", ("star_before", "star_after"), name_stars_then_now),
    )
    return lay_out(
        "region_changes",
        shown.sort_values(["difference", "centre"], ascending=[False, True], kind="stable"),
        columns,
        level=result.level,
        methodology=bundle.methodology,
        wording=wording,
        notes=tuple(_list_notes(result, region, bundle.methodology, wording)),
    )


def _name_verdict(found: str, methodology: Methodology, wording: Wording) -> str:
    del methodology
    return wording.text(f"change_found.{found}")


def _list_notes(
    result: EditionChange, region: str, methodology: Methodology, wording: Wording
) -> Iterator[str]:
    own = result.centres[result.centres["region"] == region]
    yield wording.text(
        "table.region_changes.note",
        rate=wording.percent(result.fdr),
        tested=wording.integer(int(result.centres["p_value"].notna().sum())),
    )
    told = own[own["reason"] != ""].sort_values("name", kind="stable")
    for name, reason in zip(told["name"], told["reason"], strict=True):
        said = say_reason(str(reason), methodology, wording) or wording.missing
        yield wording.text("table.region_changes.left_out", centre=str(name), reason=said)
