"""Stars of the register: reasons, order, ties, and that a better answer never costs a star."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, rankdata

from clientindex.errors import StatisticsError
from clientindex.rating import assign_stars, compute_scores
from clientindex.results import Scores

if TYPE_CHECKING:
    from clientindex.methodology import Methodology


def make_scores(rows: list[tuple[str, float, float, float]]) -> Scores:
    """Make scores of rows (centre, index, standard error, n)."""
    frame = pd.DataFrame(rows, columns=["centre", "estimate", "std_error", "n"])
    margin = norm.ppf(0.975) * frame["std_error"]
    frame = frame.assign(
        segment="all",
        kind="index",
        key="index",
        ci_low=(frame["estimate"] - margin).clip(0, 100),
        ci_high=(frame["estimate"] + margin).clip(0, 100),
    )
    return Scores(frame=frame, level=0.95, std_error_method="exact", fpc_used=False, n_reweighted=0)


def make_register(*centres: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"centre": centres, "name": [f"name {c}" for c in centres], "region": "R", "visitors": 1.0}
    )


def test_every_centre_of_the_register_has_a_star_or_a_reason(methodology: Methodology) -> None:
    scores = make_scores(
        [
            ("small", 90.0, 2.0, 4),
            ("silent", np.nan, np.nan, 0),
            ("refused", np.nan, np.nan, 50),
            ("single", 70.0, np.nan, 50),
            ("good", 81.0, 2.0, 5),
            ("fair", 65.0, 2.0, 50),
        ]
    )
    register = make_register("absent", "fair", "good", "refused", "silent", "single", "small")
    frame = assign_stars(scores, methodology, register=register).frame.set_index("centre")
    assert frame.index.tolist() == [
        "good",
        "fair",
        "absent",
        "refused",
        "silent",
        "single",
        "small",
    ]
    assert frame["withheld"].to_dict() == {
        "good": "",
        "fair": "",
        "absent": "no_answers",
        "refused": "no_score",
        "silent": "no_answers",
        "single": "small_sample",
        "small": "small_sample",
    }
    withheld = frame[frame["withheld"] != ""]
    assert withheld[["star", "star_low", "star_high", "rank", "p_star"]].isna().all(axis=None)
    assert frame.loc["small", "estimate"] == 90
    assert frame.loc["absent", "n"] == 0
    assert frame["n"].dtype == np.int64


def test_star_its_ends_and_its_probability(methodology: Methodology) -> None:
    stars = assign_stars(
        make_scores([("a", 78.0, 2.0, 90)]), methodology, register=make_register("a")
    )
    row = stars.frame.iloc[0]
    assert (row["star"], row["star_low"], row["star_high"]) == (4, 4, 5)
    assert row["p_star"] == pytest.approx(norm.cdf(1) - norm.cdf(-4))
    assert (stars.level, stars.minimum_sample) == (0.95, 5)


def test_ranks_are_minimum_ranks_of_starred_centres(methodology: Methodology) -> None:
    rng = np.random.default_rng(4)
    values = rng.integers(40, 60, 30).astype(float)
    names = [f"C{i:02d}" for i in rng.permutation(30)]
    rows = [(name, value, 1.0, 30) for name, value in zip(names, values, strict=True)]
    rows[3] = (names[3], 99.0, 1.0, 1)
    frame = assign_stars(
        make_scores(rows), methodology, register=make_register(*sorted(names))
    ).frame
    given = frame[frame["withheld"] == ""]
    wanted = rankdata(-given["estimate"], method="min")
    np.testing.assert_array_equal(given["rank"].to_numpy(int), wanted)
    order = sorted(zip(-given["estimate"], given["centre"], strict=True))
    assert given["centre"].tolist() == [centre for _, centre in order]
    assert frame["centre"].iloc[-1] == names[3]


def test_tied_centres_share_rank_one_in_the_order_of_their_keys(methodology: Methodology) -> None:
    scores = make_scores([(c, 70.0, 0.0, 9) for c in ("c", "a", "b")])
    frame = assign_stars(scores, methodology, register=make_register("a", "b", "c")).frame
    assert frame["rank"].tolist() == [1, 1, 1]
    assert frame["centre"].tolist() == ["a", "b", "c"]
    assert frame["p_star"].tolist() == [1, 1, 1]
    assert frame["star_low"].tolist() == frame["star_high"].tolist() == [4, 4, 4]


def test_unknown_number_of_respondents_is_a_small_sample(methodology: Methodology) -> None:
    scores = make_scores([("a", 70.0, np.nan, np.nan), ("b", 70.0, 1.0, 9)])
    frame = assign_stars(scores, methodology, register=make_register("a", "b", "c")).frame
    by_centre = frame.set_index("centre")
    assert by_centre["withheld"].to_dict() == {"b": "", "a": "small_sample", "c": "no_answers"}
    assert np.isnan(by_centre.loc["a", "n"])


def test_nobody_with_a_star(methodology: Methodology) -> None:
    frame = assign_stars(
        make_scores([("a", 70.0, 1.0, 1)]), methodology, register=make_register("a")
    ).frame
    assert frame["star"].isna().all()


def test_centre_outside_the_register_is_refused(methodology: Methodology) -> None:
    scores = make_scores([("a", 70.0, 1.0, 9), ("x7", 70.0, 1.0, 9)])
    with pytest.raises(StatisticsError, match="register lacks: x7"):
        assign_stars(scores, methodology, register=make_register("a"))


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_a_better_answer_never_lowers_the_star(
    seed: int, answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    rng = np.random.default_rng(seed)
    better = answers.copy()
    row, key = rng.integers(len(answers)), rng.choice(list(methodology.indicator_keys))
    step = -1 if methodology.indicator(key).direction == "negative" else 1
    old = int(answers.loc[row, key])
    if old == 0:
        return
    better.loc[row, key] = np.clip(old + step, 1, 5)
    register = make_register(*sorted(answers["centre"].unique()))
    before, after = (
        assign_stars(
            compute_scores(make_moments(raw, methodology), methodology),
            methodology,
            register=register,
        )
        .frame.set_index("centre")["star"]
        .sort_index()
        for raw in (answers, better)
    )
    assert before.notna().equals(after.notna())
    assert (after.dropna() >= before.dropna()).all()
