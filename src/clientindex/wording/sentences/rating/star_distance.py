"""How near centres stand to the next cut point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.star_doubt import StarDoubt
from clientindex.wording.sentences.recipe import make_paragraph

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_distance(result: StarDoubt, methodology: Methodology, wording: Wording) -> str:
    """Say how many centres stand within one standard error of a cut point, and of two."""
    del methodology
    starred = result.centres[result.centres["withheld"] == ""]
    up, down = starred["errors_up"], starred["errors_down"]
    counts = {
        "up": _count(up, 1),
        "down": _count(down, 1),
        "within_one": _count(up.where(up < down, down), 1),
        "within_two": _count(up.where(up < down, down), 2),
    }
    total = wording.counted(len(starred), "centre_of")
    if counts["within_two"] == 0:
        return wording.text("sentence.star_distance.none", total=total)
    return wording.text(
        "sentence.star_distance.all",
        total=wording.integer(len(starred)),
        near=wording.counted(counts["within_two"], "centre_of"),
        **{name: wording.integer(counts[name]) for name in ("up", "down", "within_one")},
    )


def _count(distances: pd.Series[float], limit: float) -> int:
    return int((distances.astype(float) < limit).sum())


RECIPES = (make_paragraph("star_distance", "star_doubt", StarDoubt, say_distance),)
