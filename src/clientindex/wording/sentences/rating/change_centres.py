"""Which centres changed from the previous edition, and how centres were matched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.change import EditionChange
from clientindex.wording.sentences.rating.change_stars import count_change
from clientindex.wording.sentences.recipe import make_paragraph

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

MATCHED = ("both", "moved", "renamed", "merged", "new", "gone")


def say_change_centres(result: EditionChange, methodology: Methodology, wording: Wording) -> str:
    """Say how many centres changed at the false discovery rate."""
    del methodology
    up, down, tested = (count_change(result, name) for name in ("up", "down", "tested"))
    if tested == 0:
        return wording.text("sentence.change_centres.untested")
    key = "flagged" if up or down else "none"
    values = {"up": wording.integer(up), "down": wording.integer(down)} if up or down else {}
    said = wording.text(
        f"sentence.change_centres.{key}",
        tested=wording.counted(tested, "centre_of"),
        rate=wording.percent(result.fdr),
        **values,
    )
    return f"{said} {wording.text(f'sentence.change_centres.{result.samples}')}"


def say_change_matching(result: EditionChange, methodology: Methodology, wording: Wording) -> str:
    """Say which centres of both editions are the same, and how many can be compared."""
    del methodology
    counts = {name: wording.integer(count_change(result, name)) for name in MATCHED}
    counts["both"] = wording.counted(count_change(result, "both"), "centre")
    comparable = wording.counted(count_change(result, "comparable"), "centre_of")
    return wording.text("sentence.change_matching.all", comparable=comparable, **counts)


RECIPES = (
    make_paragraph("change_centres", "change", EditionChange, say_change_centres),
    make_paragraph("change_matching", "change", EditionChange, say_change_matching),
)
