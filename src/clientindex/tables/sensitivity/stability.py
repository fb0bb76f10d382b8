"""Stars under random weightings, star by star."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import WeightStability
from clientindex.tables.long import count, lay_out, measure, share, stars
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.wording.sensitivity_names import tell_weightings

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

SURE: Final = 0.95
HALF: Final = 0.5


def build_by_star(result: WeightStability, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a number of stars: how many centres keep it, and how often."""
    frame = result.frame
    same = frame["share_same_star"]
    told = frame.assign(always=same >= 1, sure=same >= SURE, half=same >= HALF)
    by_star = told.groupby("star", as_index=False).agg(
        n=("centre", "size"),
        always=("always", "sum"),
        sure=("sure", "sum"),
        half=("half", "sum"),
        least=("share_same_star", "min"),
        most_rank_sd=("rank_sd", "max") if "rank_sd" in frame else ("rank", "size"),
    )
    columns = (
        stars(),
        count("n_starred", "n"),
        count("kept_always", "always"),
        count("kept_sure", "sure"),
        count("kept_half", "half"),
        share("kept_least", "least", digits=1, ends="exact"),
        *((measure("rank_sd", "most_rank_sd", digits=1),) if "rank_sd" in frame else ()),
    )
    return lay_out(
        "stability_by_star",
        by_star,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.stability_by_star.note",
                weightings=tell_weightings(result, wording),
                draws=wording.integer(result.draws),
            ),
        ),
    )


RECIPES: tuple[TableRecipe, ...] = (
    make_recipe("stability_by_star", "weight_stability", WeightStability, build_by_star),
)
