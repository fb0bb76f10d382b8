"""Whether the leaving of one centre can change the order or the stars of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.leave_out import RankReversals
from clientindex.wording.sentences.recipe import make_paragraph

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

KEY = "sentence.rank_reversals"


def say_reversals(result: RankReversals, methodology: Methodology, wording: Wording) -> str:
    """Say what ties centres to one another, and how many removals change something."""
    del methodology
    if not result.depends_on:
        return wording.text(f"{KEY}.independent")
    ties = wording.join([wording.text(f"{KEY}.tie.{name}") for name in result.depends_on])
    said = [wording.text(f"{KEY}.tied", ties=ties)]
    total = wording.integer(len(result.frame))
    if result.depends_on == ("cut_points",):
        said.append(wording.text(f"{KEY}.order_stands"))
    else:
        n = wording.counted(result.n_with_reversal, "centre_of")
        said.append(wording.text(f"{KEY}.turned", n=n, total=total))
    stars = int((result.frame["n_star_changed"] > 0).sum())
    n = wording.counted(stars, "centre_of")
    said.append(wording.text(f"{KEY}.stars", n=n, total=total))
    return " ".join(said)


RECIPES = (make_paragraph("rank_reversals", "rank_reversals", RankReversals, say_reversals),)
