"""What other choices of the method would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.multiverse import Multiverse
from clientindex.wording.sensitivity_names import name_dimension
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import is_known, list_rows
from clientindex.wording.sentences.sensitivity.shares import say_points

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

KEY = "sentence.multiverse"


def say_multiverse(result: Multiverse, methodology: Methodology, wording: Wording) -> str:
    """Say how many stars variants change, which choice matters and whose star always stands."""
    del methodology
    said = [
        wording.text(
            f"{KEY}.grid",
            n=wording.integer(len(result.variants)),
            grid=wording.integer(result.n_grid),
        )
    ]
    others = result.variants.iloc[1:]["share_changed"].dropna()
    if others.empty:
        return " ".join([*said, wording.text(f"{KEY}.alone")])
    said += [
        wording.text(
            f"{KEY}.range",
            least=wording.percent(float(others.min())),
            most=wording.percent(float(others.max())),
        ),
        *_say_choice(result, wording),
        wording.text(
            f"{KEY}.always",
            n=wording.counted(int((result.centres["share_same_star"] >= 1).sum()), "centre_of"),
            total=wording.integer(len(result.centres)),
        ),
    ]
    return " ".join(said)


def _say_choice(result: Multiverse, wording: Wording) -> list[str]:
    rows = [row for row in list_rows(result.effects) if is_known(row, "share_of_variance")]
    if not rows:
        return []
    first = rows[0]
    said = [
        wording.text(
            f"{KEY}.choice",
            choice=name_dimension(first["dimension"], wording),
            share=wording.percent(first["share_of_variance"]),
            spread=say_points(first["spread"], wording),
        )
    ]
    if len(rows) > 1:
        second = rows[1]
        said.append(
            wording.text(
                f"{KEY}.second",
                choice=name_dimension(second["dimension"], wording),
                share=wording.percent(second["share_of_variance"]),
            )
        )
    return said


RECIPES = (make_paragraph("multiverse", "multiverse", Multiverse, say_multiverse),)
