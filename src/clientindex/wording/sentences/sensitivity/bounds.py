"""Which stars stand under any weights within a band, and which change first: exact answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Stars
from clientindex.results.weight_bounds import WeightBounds
from clientindex.wording.absence import take
from clientindex.wording.sensitivity_names import write_band
from clientindex.wording.sentences.recipe import ParagraphRecipe, make_paragraph

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

KEY = "sentence.weight_bounds"


def count_certain(result: WeightBounds) -> int:
    """Count centres whose star cannot change in the band."""
    return int(result.frame["certain"].fillna(value=False).sum())


def say_bounds(result: WeightBounds, methodology: Methodology, wording: Wording) -> str:
    """Say what is exact, how many stars stand and how many may be lost or gained."""
    del methodology
    frame = result.frame
    said = [
        wording.text(
            f"{KEY}.method",
            band=write_band(result.band_pct, wording),
            moves=wording.text(f"{KEY}.moves.{result.moves}"),
        )
    ]
    if result.stars_by == "none":
        return " ".join([*said, wording.text(f"{KEY}.no_stars")])
    known = frame[frame["certain"].notna()]
    said.append(_say_certain(result, wording))
    said.append(
        wording.text(
            f"{KEY}.both_ways",
            lost=wording.integer(int((known["star_low"] < known["star"]).sum())),
            won=wording.integer(int((known["star_high"] > known["star"]).sum())),
        )
    )
    if result.stars_by == "bounds":
        said.append(wording.text(f"{KEY}.outer"))
    return " ".join(said)


def _say_certain(result: WeightBounds, wording: Wording) -> str:
    return wording.text(
        f"{KEY}.certain",
        band=write_band(result.band_pct, wording),
        n=wording.counted(count_certain(result), "centre_of"),
        total=wording.integer(int(result.frame["certain"].notna().sum())),
    )


def say_dependence(result: WeightBounds, given: Stars, wording: Wording) -> str:
    """Say, for readers of the rating, which stars depend on weights."""
    if result.stars_by == "none":
        return wording.text(f"{KEY}.no_stars")
    said = [wording.text(f"{KEY}.lead"), _say_certain(result, wording)]
    near = result.frame[result.frame["smallest_band_pct"].notna()]
    if len(near):
        row = near.sort_values(["smallest_band_pct", "rank"], kind="stable").iloc[0]
        names = given.frame.set_index("centre")["name"]
        said.append(
            wording.text(
                f"{KEY}.nearest",
                centre=str(names[row["centre"]]),
                needed=wording.number(row["smallest_band_pct"]),
            )
        )
    return " ".join(said)


def _build_dependence(bundle: Bundle, wording: Wording) -> str:
    result, given = take(bundle, "weight_bounds", WeightBounds), take(bundle, "stars", Stars)
    return say_dependence(result, given, wording)


RECIPES = (
    make_paragraph("weight_bounds", "weight_bounds", WeightBounds, say_bounds),
    ParagraphRecipe(
        name="weight_dependence", needs=("weight_bounds", "stars"), build=_build_dependence
    ),
)
