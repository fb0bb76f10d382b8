"""Stars of every centre of the register, each with its probability or the reason it is withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.rating.bands import compute_star_probability, find_stars, rank_scores
from clientindex.results import ALL_SEGMENTS, Scores, Stars

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology

NO_ANSWERS, NO_SCORE, SMALL_SAMPLE = "no_answers", "no_score", "small_sample"
"""Reasons for withholding a star, in the order in which they are looked for."""


def assign_stars(scores: Scores, methodology: Methodology, *, register: pd.DataFrame) -> Stars:
    """Give every centre of the register its star, or the reason why it has none.

    Parameters
    ----------
    scores : Scores
    methodology : Methodology
        Star rule and minimum sample.
    register : DataFrame
        ``centre``, ``name``, ``region``; one row a centre.

    Returns
    -------
    Stars

    Raises
    ------
    StatisticsError
        If a scored centre is not in the register.

    Notes
    -----
    A star is withheld, in this order: nobody answered (``no_answers``); the rules for missing
    answers leave no index (``no_score``); fewer respondents than the minimum, or so few answers
    that the standard error is undefined (``small_sample``). A withheld centre keeps its index and
    interval but has no star, no stars at the interval's ends, no P(star) and no rank.

    Bands are half-open and the first and last reach to the ends of the scale. Scores equal to 9
    decimals are ties; ranks and bands are found after that rounding, from nothing coarser.
    """
    frame = _join_register(scores, register)
    frame["withheld"] = _find_reasons(frame, methodology.stars.minimum_sample)
    given = (frame["withheld"] == "").to_numpy()
    bands = methodology.stars.bands
    starred = frame[given]
    estimate, se = starred["estimate"].to_numpy(float), starred["std_error"].to_numpy(float)
    star = find_stars(estimate, bands)
    frame["star"] = _place(star, given)
    probability = np.full(len(frame), np.nan)
    probability[given] = compute_star_probability(estimate, se, stars=star, bands=bands)
    frame["p_star"] = probability
    frame["star_low"] = _place(find_stars(starred["ci_low"].to_numpy(float), bands), given)
    frame["star_high"] = _place(find_stars(starred["ci_high"].to_numpy(float), bands), given)
    frame["rank"] = _place(rank_scores(estimate), given)
    return Stars(
        frame=frame.sort_values(["rank", "centre"], kind="stable", ignore_index=True),
        level=scores.level,
        minimum_sample=methodology.stars.minimum_sample,
    )


def check_registered(centres: pd.Series[str], register: pd.DataFrame) -> None:
    """Check that every scored centre is in the register.

    Raises
    ------
    StatisticsError
        Naming the centres that are not.
    """
    unknown = sorted(set(centres) - set(register["centre"]))
    if unknown:
        msg = f"scored centres that the register lacks: {', '.join(unknown)}"
        raise StatisticsError(msg)


def _join_register(scores: Scores, register: pd.DataFrame) -> pd.DataFrame:
    """Return the index of every centre of the register; centres without answers have n = 0."""
    whole = scores.frame[
        (scores.frame["segment"] == ALL_SEGMENTS) & (scores.frame["kind"] == "index")
    ]
    check_registered(whole["centre"], register)
    columns = ["centre", "n", "estimate", "std_error", "ci_low", "ci_high"]
    frame = register[["centre", "name", "region"]].merge(whole[columns], on="centre", how="left")
    absent = ~frame["centre"].isin(whole["centre"])
    counts = frame["n"].mask(absent, 0)
    frame["n"] = counts if counts.isna().any() else counts.astype(np.int64)
    return frame


def _find_reasons(frame: pd.DataFrame, minimum_sample: int) -> NDArray[np.str_]:
    enough = (frame["n"] >= minimum_sample) & frame["std_error"].notna()
    conditions = [frame["n"] == 0, frame["estimate"].isna(), ~enough]
    return np.select(conditions, [NO_ANSWERS, NO_SCORE, SMALL_SAMPLE], default="")


def _place(values: NDArray[np.int64], given: NDArray[np.bool_]) -> pd.Series[int]:
    placed = pd.Series(pd.NA, index=range(len(given)), dtype="Int64")
    placed[given] = values
    return placed
