"""Standard errors of resampled respondents against the exact ones and an enumeration by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from clientindex.intake.tables import Responses
from clientindex.methodology.doubt_settings import DoubtSettings
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.error_check import check_errors_by_resampling
from clientindex.results import Unavailable, storage
from clientindex.results.error_check import ErrorCheck
from clientindex.results.storage import load_result, save_result
from star_frames import make_register

SEED = np.random.SeedSequence(21)
MANY = DoubtSettings(error_replicates=2000, small_sample=20)


def make_responses(answers, methodology):
    labels = answers[["centre", "segment"]].assign(period="")
    units = labels.drop_duplicates().sort_values(["centre", "segment"], ignore_index=True)
    unit_of = pd.MultiIndex.from_frame(units).get_indexer(pd.MultiIndex.from_frame(labels))
    codes = answers[list(methodology.indicator_keys)].to_numpy(np.uint8)
    return Responses(units=units, unit_of=unit_of.astype(np.int32), codes=codes)


def run(answers, methodology, make_moments, *, settings=MANY, visitors=None):
    moments = make_moments(answers, methodology)
    register = make_register(["North"] * len(moments.centres))
    register = register.assign(centre=list(moments.centres))
    scores = compute_scores(moments, methodology, visitors=visitors)
    stars = assign_stars(scores, methodology, register=register)
    return check_errors_by_resampling(
        stars,
        make_responses(answers, methodology),
        methodology,
        moments=moments,
        seed=SEED,
        visitors=visitors,
        settings=settings,
    )


@pytest.mark.parametrize("visitors", [None, 60.0])
def test_both_errors_agree_where_answers_are_complete(
    visitors, complete_answers, methodology, make_moments
):
    known = None if visitors is None else dict.fromkeys(complete_answers["centre"], visitors)
    found = run(complete_answers, methodology, make_moments, visitors=known)
    frame = found.centres
    assert (frame["lost"] == 0).all()
    # Three Monte Carlo errors of the largest of a dozen centres.
    assert np.abs(frame["ratio"] - 1).max() < 3 * 0.016 + 0.01
    assert found.summary["noise"].iloc[0] == pytest.approx(1 / np.sqrt(2 * 1999))
    assert found.summary["centres"].tolist()[0] == "all"


def test_drawing_one_less_gives_the_unbiased_variance(methodology, make_moments):
    # Five respondents; all 5^4 ways to draw four of them, by hand.
    codes = [[1, 5, 2, 3, 3], [5, 1, 4, 4, 3], [3, 3, 3, 5, 1], [2, 2, 5, 4, 4], [4, 4, 1, 1, 5]]
    answers = pd.DataFrame(codes, columns=list("abcde"))
    answers.insert(0, "centre", "C00")
    answers.insert(1, "segment", "citizens")
    weights = methodology.effective_weights
    points = 25 * (np.array(codes, float) - 1)
    points[:, 1] = 100 - points[:, 1]
    rows = points @ weights
    ways = [rows[list(way)].mean() for way in product(range(5), repeat=4)]
    settings = DoubtSettings(error_replicates=20_000)
    found = run(answers, methodology, make_moments, settings=settings)
    row = found.centres.iloc[0]
    assert row["exact"] == pytest.approx(np.std(ways))
    assert row["resampled"] == pytest.approx(np.std(ways), rel=0.02)
    assert row["small_n"]


def test_missing_answers_are_linearised_well_but_in_small_samples(
    answers, methodology, make_moments
):
    found = run(answers, methodology, make_moments)
    summary = found.summary.set_index("centres")
    assert summary.loc["all", "median_ratio"] == pytest.approx(1, abs=0.1)
    assert found.centres["small_n"].any()


def test_equal_answers_have_no_error_either_way(methodology, make_moments):
    answers = pd.DataFrame([[3] * 5] * 8, columns=list("abcde"))
    answers.insert(0, "centre", "C00")
    answers.insert(1, "segment", "citizens")
    row = run(answers, methodology, make_moments).centres.iloc[0]
    assert (row["exact"], row["resampled"]) == (0, pytest.approx(0, abs=1e-9))
    assert np.isnan(row["ratio"])


def test_what_cannot_be_checked_is_told(complete_answers, methodology, make_moments):
    moments = make_moments(complete_answers, methodology)
    register = make_register(["North"] * len(moments.centres))
    register = register.assign(centre=list(moments.centres))
    stars = assign_stars(compute_scores(moments, methodology), methodology, register=register)
    found = check_errors_by_resampling(stars, None, methodology, moments=moments, seed=SEED)
    assert found == Unavailable(stage="rating", reason="answers_counted")
    off = DoubtSettings(error_replicates=0)
    found = run(complete_answers, methodology, make_moments, settings=off)
    assert found.reason == "switched_off"


def test_the_result_is_stored_and_told(
    complete_answers, methodology, make_moments, tmp_path, monkeypatch
):
    settings = DoubtSettings(error_replicates=50)
    found = run(complete_answers, methodology, make_moments, settings=settings)
    monkeypatch.setitem(storage.RESULT_TYPES, "ErrorCheck", ErrorCheck)
    save_result(found, tmp_path, name="error_check")
    assert load_result(tmp_path, name="error_check").centres.equals(found.centres)
    again = run(complete_answers, methodology, make_moments, settings=settings)
    assert again.centres.equals(found.centres)
    assert len(found.tidy()) == len(found.summary) + 2 * len(found.centres)


def test_an_index_that_is_made_otherwise_is_not_checked(
    complete_answers, make_methodology, make_moments
):
    geometric = make_methodology(levels={"index": {"kind": "geometric"}})
    found = run(complete_answers, geometric, make_moments)
    assert found == Unavailable(stage="rating", reason="other_scoring")
