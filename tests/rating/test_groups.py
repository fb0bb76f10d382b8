"""Group means against pandas and scipy's own t interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from clientindex.errors import StatisticsError
from clientindex.rating import assign_stars, compute_scores, summarise_groups, summarise_regions
from clientindex.results import COUNTRY, Scores

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

COLUMNS = ["estimate", "std_error", "ci_low", "ci_high"]
RTOL = 1e-12
"""Two orders of summation of some hundred numbers."""


def make_register(centres: list[str]) -> pd.DataFrame:
    regions = ["Я", "А", "Б"]
    rows = [{"centre": c, "name": c, "region": regions[i % 3]} for i, c in enumerate(centres)]
    return pd.DataFrame(rows)


def make_scores(frame: pd.DataFrame) -> Scores:
    """Make scores of groups from ``centre``, ``key``, ``estimate``; the level is 0.9."""
    blank = {"segment": "all", "kind": "group", "std_error": 1.0, "n": 9}
    frame = frame.assign(**blank)
    return Scores(frame=frame, level=0.9, std_error_method="exact", fpc_used=False, n_reweighted=0)


@pytest.fixture
def scored(sparse_answers: pd.DataFrame, methodology: Methodology, make_moments: Any) -> Scores:
    """Scores of 60 centres, some of them without a score for one group or for both."""
    return compute_scores(make_moments(sparse_answers, methodology), methodology)


def test_means_equal_pandas_and_scipy(scored: Scores, methodology: Methodology) -> None:
    frame = scored.frame.query("segment == 'all' and kind == 'group'")
    register = make_register(sorted(frame["centre"].unique())).sample(frac=1, random_state=1)
    means = summarise_groups(scored, methodology, register=register)
    joined = frame.merge(register, on="centre")
    assert joined["estimate"].isna().any()
    assert means.level == scored.level
    table = means.frame.set_index(["region", "group"])
    expected = [(r, g) for r in ("А", "Б", "Я", COUNTRY) for g in methodology.group_keys]
    assert table.index.tolist() == expected
    for region, group in expected:
        part = joined[joined["key"] == group]
        known = part.loc[part["region"].eq(region) | (region == COUNTRY), "estimate"].dropna()
        low, high = student.interval(
            scored.level, len(known) - 1, loc=known.mean(), scale=known.sem()
        )
        row = table.loc[(region, group)]
        wanted = [known.mean(), known.sem(), max(low, 0), min(high, 100)]
        np.testing.assert_allclose(row[COLUMNS].astype(float), wanted, rtol=RTOL)
        assert row["n_centres"] == len(known)


def test_weighted_group_means_are_the_mean_index_where_no_answer_is_missing(
    complete_answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    scores = compute_scores(make_moments(complete_answers, methodology), methodology)
    register = make_register(sorted(scores.frame["centre"].unique()))
    stars = assign_stars(scores, methodology, register=register)
    index = summarise_regions(stars, methodology).frame.set_index("region")["estimate"]
    means = summarise_groups(scores, methodology, register=register).frame
    weight = means["group"].map({group.key: group.weight for group in methodology.groups})
    summed = (weight * means["estimate"]).groupby(means["region"]).sum()
    np.testing.assert_allclose(summed[index.index], index, rtol=RTOL)


def test_one_centre_has_a_mean_without_an_interval_and_none_has_no_mean(
    methodology: Methodology,
) -> None:
    scores = make_scores(
        pd.DataFrame({"centre": ["c1", "c1"], "key": ["front", "back"], "estimate": [61.5, np.nan]})
    )
    register = pd.DataFrame({"centre": ["c1", "c2"], "region": ["А", "Б"]})
    table = summarise_groups(scores, methodology, register=register).frame
    table = table.set_index(["region", "group"])
    assert table["n_centres"].tolist() == [1, 0, 0, 0, 1, 0]
    assert table.loc[("А", "front"), "estimate"] == 61.5
    assert table["estimate"].notna().sum() == 2
    assert table[["std_error", "ci_low", "ci_high"]].isna().all(axis=None)


def test_intervals_end_at_the_scale(methodology: Methodology) -> None:
    scores = make_scores(
        pd.DataFrame({"centre": ["c1", "c2"], "key": "front", "estimate": [60.0, 100.0]})
    )
    register = pd.DataFrame({"centre": ["c1", "c2"], "region": "А"})
    row = summarise_groups(scores, methodology, register=register).frame.iloc[0]
    assert (row["ci_low"], row["ci_high"]) == (0, 100)


def test_segments_and_other_scores_do_not_enter(methodology: Methodology) -> None:
    rows = pd.DataFrame({"centre": "c1", "key": "front", "estimate": [60.0, 10.0, 20.0]})
    scores = make_scores(rows)
    scores.frame["segment"] = ["all", "citizens", "all"]
    scores.frame["kind"] = ["group", "group", "indicator"]
    register = pd.DataFrame({"centre": ["c1"], "region": ["А"]})
    assert summarise_groups(scores, methodology, register=register).frame["estimate"][0] == 60


def test_a_centre_that_the_register_lacks_is_refused(methodology: Methodology) -> None:
    scores = make_scores(pd.DataFrame({"centre": ["c9"], "key": "front", "estimate": 60.0}))
    register = pd.DataFrame({"centre": ["c1"], "region": ["А"]})
    with pytest.raises(StatisticsError, match="register lacks: c9"):
        summarise_groups(scores, methodology, register=register)
