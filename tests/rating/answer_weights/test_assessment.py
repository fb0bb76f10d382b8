"""What is told of weights, and margins that cannot be met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import CountsError
from clientindex.methodology.answer_weights_settings import AnswerWeightsSettings
from clientindex.rating import compute_scores
from clientindex.rating.answer_weights import weigh_answers
from clientindex.results.base import TIDY_COLUMNS
from weighted_people import make_plain


def weigh(people: Any, methodology: Any, **given: Any) -> Any:
    settings = AnswerWeightsSettings(**{"margins": "centre", "traits": ("sex", "age"), **given})
    return weigh_answers(people.tables(), methodology, settings=settings)


def reasons_of(result: Any) -> list[tuple[str, str, str, str]]:
    rows = result.left_out[["scope", "trait", "level", "reason"]]
    return list(rows.itertuples(index=False, name=None))


def test_margins_before_and_after(people: Any, three: Any) -> None:
    result = weigh(people, three).result
    table = result.margins.query("scope == 'A1' and trait == 'sex'")
    own = people.frame.query("centre == 'A1'")["sex"].value_counts(normalize=True)
    np.testing.assert_allclose(table["before"], own[["f", "m"]])
    np.testing.assert_allclose(table["after"], table["share"], atol=1e-9)
    assert set(table["segment"]) == {"all"}
    assert table["n"].sum() == 60
    assert result.left_out.empty
    assert result.scopes["raked"].all()


def test_effective_sample_size_and_largest_weight(people: Any, three: Any) -> None:
    weighted = weigh(people, three, design=True, margins="none")
    np.testing.assert_array_equal(weighted.weight, people.frame["weight"])
    row = weighted.result.centres.query("centre == 'B1' and segment == 'all'").iloc[0]
    w = people.frame.query("centre == 'B1'")["weight"].to_numpy()
    assert row["n_eff"] == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert row["deff"] == pytest.approx(1 + w.var() / w.mean() ** 2)  # Kish 1965: 1 + cv²
    assert row["largest"] == pytest.approx(w.max() / w.mean())


def test_scores_follow_from_the_moments(people: Any, three: Any) -> None:
    weighted = weigh(people, three, design=True)
    frame = compute_scores(weighted.moments, three).frame
    index = frame.query("segment == 'all' and kind == 'index'")
    np.testing.assert_allclose(weighted.result.scores["weighted"], index["estimate"])
    np.testing.assert_allclose(weighted.result.scores["weighted_error"], index["std_error"])
    assert (weighted.result.scores["difference"].abs() > 0).all()


def test_an_empty_level_leaves_its_scope_alone(people: Any, three: Any) -> None:
    people.frame.loc[people.frame["centre"].eq("A2") & people.frame["age"].eq("60+"), "age"] = (
        "0-29"
    )
    weighted = weigh(people, three)
    assert reasons_of(weighted.result) == [("A2", "age", "60+", "empty_level")]
    here = people.frame["centre"] == "A2"
    assert set(weighted.weight[here]) == {1.0}
    scope = weighted.result.scopes.set_index("scope").loc["A2"]
    assert not scope["raked"]
    assert np.isnan(scope["gap"])
    assert weighted.result.scopes["raked"].sum() == 3


def test_an_empty_level_is_joined_where_asked(people: Any, three: Any) -> None:
    people.frame.loc[people.frame["centre"].eq("A2") & people.frame["age"].eq("60+"), "age"] = (
        "0-29"
    )
    result = weigh(people, three, empty_level="collapse").result
    assert reasons_of(result) == [("A2", "age", "60+", "collapsed")]
    assert result.left_out["detail"].tolist() == ["30-59"]
    table = result.margins.query("scope == 'A2' and trait == 'age'").set_index("level")
    assert table["joined"].tolist() == ["", "30-59 + 60+", "30-59 + 60+"]
    assert table.loc["0-29", "after"] == pytest.approx(table.loc["0-29", "share"])
    assert table.loc["30-59", "after"] == pytest.approx(table["share"][1:].sum())
    assert result.scopes["raked"].all()


def test_respondents_that_no_visitor_is_like(people: Any, three: Any) -> None:
    m = people.margins
    m.loc[m["scope"].eq("A1") & m["level"].eq("m"), "visitors"] = 0
    assert reasons_of(weigh(people, three).result) == [("A1", "sex", "m", "no_visitors_in_level")]
    m.loc[m["scope"].eq("A1") & m["trait"].eq("sex"), "visitors"] = 0
    assert reasons_of(weigh(people, three).result) == [("A1", "sex", "", "no_visitors")]


def test_margins_that_contradict_each_other(people: Any, three: Any) -> None:
    """All women of B2 are young and all men are not, but visitors are not so."""
    here = people.frame["centre"] == "B2"
    women = people.frame["sex"] == "f"
    people.frame.loc[here, "age"] = np.where(women[here], "0-29", "30-59")
    people.margins.loc[people.margins["level"] == "60+", "visitors"] = 0
    weighted = weigh(people, three, traits=("age", "sex"), max_iterations=30)
    found = [row for row in reasons_of(weighted.result) if row[0] == "B2"]
    assert found == [("B2", "", "", "not_converged")]
    assert set(weighted.weight[here]) == {1.0}


def test_unknown_traits_neither_gain_nor_lose(people: Any, three: Any) -> None:
    unknown = people.frame["centre"].eq("B1") & (people.frame.index % 7 == 0)
    people.frame.loc[unknown, ["sex", "age"]] = ""
    weighted = weigh(people, three)
    assert weighted.result.left_out.empty
    np.testing.assert_allclose(weighted.weight[unknown], 1.0)
    table = weighted.result.margins.query("scope == 'B1' and trait == 'age'")
    np.testing.assert_allclose(table["after"], table["share"], atol=1e-9)
    assert table["n"].sum() == 80 - unknown.sum()


def test_a_trait_that_nobody_of_a_centre_has(people: Any, three: Any) -> None:
    people.frame.loc[people.frame["centre"] == "B1", "age"] = ""
    assert reasons_of(weigh(people, three).result) == [("B1", "age", "", "no_known_trait")]


def test_levels_and_traits_without_margins_are_listed(people: Any, three: Any) -> None:
    people.frame.loc[0, "sex"] = "x"
    people.margins = people.margins.query("not (scope == 'B1' and trait == 'age')")
    people.margins = people.margins.query("scope != 'B2'")
    weighted = weigh(people, three)
    assert reasons_of(weighted.result) == [
        ("A1", "sex", "x", "level_without_margin"),
        ("B1", "age", "", "no_margin"),
        ("B2", "sex", "", "no_margin"),
        ("B2", "age", "", "no_margin"),
    ]
    assert set(weighted.weight[people.frame["centre"] == "B2"]) == {1.0}


def test_weights_are_cut_at_the_limit(people: Any, three: Any) -> None:
    free = weigh(people, three, design=True).result
    result = weigh(people, three, design=True, trim=2.2).result
    assert free.centres["largest"].max() > 2.2
    assert result.centres["largest"].max() <= 2.2 * (1 + 1e-6)
    assert result.scopes["n_cut"].sum() > 0
    assert result.scopes["gap"].max() < 1e-6
    assert result.left_out.empty
    assert result.centres["deff"].sum() < free.centres["deff"].sum()


def test_a_limit_that_margins_cannot_be_met_under(people: Any, three: Any) -> None:
    """Of A2 12 of 45 are men and 58.3 % are to be: at 1.8 times the mean they are 48 %."""
    result = weigh(people, three, traits=("sex",), trim=1.8).result
    assert reasons_of(result)[0] == ("A2", "", "", "limit_reached")
    scope = result.scopes.set_index("scope").loc["A2"]
    assert (scope["raked"], scope["converged"], scope["n_cut"]) == (True, False, 12)
    assert scope["gap"] == pytest.approx(0.583 - 12 * 1.8 / 45)


def test_a_margin_of_one_segment_leaves_the_other_alone(people: Any) -> None:
    people.frame.loc[people.frame.index % 3 == 0, "segment"] = "employers"
    people.margins = people.margins.assign(segment="citizens")
    methodology = make_plain({"g": ["a", "b", "c"]}, segments=("citizens", "employers"))
    weighted = weigh(people, methodology)
    np.testing.assert_allclose(weighted.weight[people.frame["segment"] == "employers"], 1.0)
    assert set(weighted.result.margins["segment"]) == {"citizens"}
    segments = weighted.result.centres.query("centre == 'A1'")["segment"]
    assert segments.tolist() == ["citizens", "employers", "all"]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [({"design": True, "margins": "none"}, "no_weights"), ({"design": False}, "no_margins")],
)
def test_nothing_to_weigh_by(people: Any, three: Any, settings: Any, reason: str) -> None:
    people.frame["weight"] = 1.0
    tables = people.tables(margins=None)
    object.__setattr__(tables.responses, "weight", None)
    given = {"margins": "centre", "traits": ("sex",), **settings}
    weighted = weigh_answers(tables, three, settings=AnswerWeightsSettings(**given))
    assert reasons_of(weighted.result) == [("", "", "", reason)]
    assert set(weighted.weight) == {1.0}
    assert weighted.result.margins.empty
    np.testing.assert_allclose(weighted.result.scores["difference"], 0, atol=1e-12)


def test_a_centre_with_one_answer(people: Any, three: Any) -> None:
    people.frame = pd.concat([people.frame.query("centre != 'B2'"), people.frame.iloc[[-1]]])
    result = weigh(people, three, empty_level="collapse", linearisation="residual").result
    row = result.centres.query("centre == 'B2' and segment == 'all'").iloc[0]
    assert (row["n"], row["n_eff"], row["deff"]) == (1, 1.0, 1.0)
    scores = result.scores.set_index("centre")
    assert np.isnan(scores.loc["B2", "weighted_error"])
    assert scores["weighted_error"].notna().sum() == 3


def test_an_unknown_trait_is_refused(people: Any, three: Any) -> None:
    with pytest.raises(CountsError, match="'sec'"):
        weigh(people, three, traits=("sec",))


def test_totals_cannot_be_weighted(people: Any, three: Any) -> None:
    settings = AnswerWeightsSettings(design=True)
    with pytest.raises(ValueError, match="single answers"):
        weigh_answers(people.tables(responses=None), three, settings=settings)


def test_margins_need_traits() -> None:
    with pytest.raises(ValueError, match="needs 'traits'"):
        AnswerWeightsSettings(margins="centre")
    assert not AnswerWeightsSettings().active


def test_the_tidy_table(people: Any, three: Any) -> None:
    table = weigh(people, three).result.tidy()
    assert tuple(table) == TIDY_COLUMNS
    assert set(table["statistic"]) == {"weighted_index", "effective_sample_size"}
