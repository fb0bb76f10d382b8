"""What passports say, as values, from the hand-made bundle."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from clientindex.errors import RenderError
from clientindex.publishing.asked_for import choose_languages
from clientindex.publishing.passports.choose import choose_centres
from clientindex.publishing.passports.gather import gather_passports
from clientindex.publishing.passports.values import Change, Estimate, Standing, StarChance
from clientindex.results import Unavailable
from presentation_bundle import HOSTILE, make_bundle
from presentation_passports import COMFORT_INDICATOR, make_passport_bundle, make_passport_results

KRAI, PSKOV = "Край", "Псковская область"


@pytest.fixture(scope="module")
def passports():
    return {passport.centre: passport for passport in gather_passports(make_passport_bundle())}


def find(passport, key):
    return next(row for row in passport.scores if row.key == key)


def test_every_centre_of_the_register_has_one(passports):
    assert list(passports) == ["c1", "c2", "c3", "c4", "c5", "c6"]
    assert passports["c3"].name == HOSTILE
    assert passports["c3"].region == KRAI


def test_stars_and_the_probability_of_each(passports):
    first = passports["c3"]
    assert (first.star, first.p_star, first.withheld) == (3.0, 0.885, "")
    expected = [(1, 0.0), (2, 0.115), (3, 0.885), (4, 0.0), (5, 0.0)]
    assert first.chances == tuple(StarChance(star=float(s), p=p) for s, p in expected)


def test_the_leading_route_gives_the_probabilities():
    results = make_passport_results()
    drawn = dataclasses.replace(results["star_doubt"], leading="draws")
    bundle = make_bundle(results={**results, "star_doubt": drawn})
    second = list(gather_passports(bundle, centres={"c2"}))
    assert [passport.p_star for passport in second] == [0.75]
    assert second[0].chances[2] == StarChance(star=3.0, p=0.25)


def test_the_index_of_all_then_of_segments(passports):
    whole = Estimate(value=85.25, low=83.3, high=87.2, n=400)
    citizens = Estimate(value=84.5, low=82.3, high=86.7, n=300)
    employers = Estimate(value=86.0, low=82.2, high=89.8, n=100)
    index = (("all", whole), ("citizens", citizens), ("employers", employers))
    assert passports["c1"].index == index
    assert passports["c2"].index == (("all", Estimate(value=71.0, low=68.1, high=73.9, n=300)),)


def test_ranks_in_the_country_and_in_the_region_with_their_sets(passports):
    whole = Standing(scope="country", rank=4, of=4, low=4, high=4)
    krai = Standing(
        scope=KRAI, rank=2, of=2, low=None, high=None, reason="too_few_draws", detail="1000"
    )
    assert passports["c3"].standings == (whole, krai)
    assert passports["c1"].standings[1] == Standing(scope=PSKOV, rank=1, of=2, low=1, high=1)


def test_groups_with_their_indicators_survey_checklist_and_country(passports):
    rows = passports["c1"].scores
    assert [row.kind for row in rows] == ["group", *["indicator"] * 4] * 5
    comfort = find(passports["c1"], "comfort")
    assert comfort.survey == Estimate(value=88.0, low=85.6, high=90.4, n=398)
    assert comfort.checklist == 75.0
    assert comfort.country == Estimate(value=76.5125, low=65.4, high=87.65, n=4)
    indicator = find(passports["c1"], COMFORT_INDICATOR)
    assert indicator.survey == Estimate(value=91.25, low=88.2, high=94.3, n=397)
    assert (indicator.checklist, indicator.country) == (75.0, None)


def test_what_a_centre_lacks_is_nothing(passports):
    assert find(passports["c4"], "comfort").survey == Estimate(value=None)
    assert passports["c2"].has_checklist
    assert find(passports["c2"], COMFORT_INDICATOR).checklist == 25.0
    assert find(passports["c2"], "comfort").checklist is None
    assert not passports["c4"].has_checklist


def test_a_withheld_star_has_its_reason_and_no_rank(passports):
    small, silent = passports["c5"], passports["c6"]
    assert (small.star, small.withheld, small.p_star) == (None, "small_sample", None)
    assert (small.chances, small.standings, small.small_sample) == ((), (), 250)
    assert small.index[0][1] == Estimate(value=90.0, low=78.2, high=100.0, n=20)
    assert (silent.withheld, silent.index[0][1]) == ("no_answers", Estimate(value=None, n=0))


def test_a_small_sample_is_marked_where_a_star_is_given(passports):
    assert [passports[c].small_sample for c in ("c1", "c3", "c4")] == [None, None, 250]


def test_the_change_of_merged_and_new_centres(passports):
    assert passports["c3"].change == Change(
        before=70.0,
        after=62.5,
        difference=Estimate(value=-7.5, low=-12.4, high=-2.6),
        flagged="down",
        star_before=None,
        star_after=3.0,
        withheld_before="merged",
        reason="",
    )
    assert passports["c6"].change.reason == "new"
    assert passports["c6"].change.difference is None


def test_absent_results_leave_their_parts_empty():
    results = make_passport_results()
    bundle = make_bundle(results={"stars": results["stars"]})
    first = next(iter(gather_passports(bundle)))
    assert (first.p_star, first.chances, first.change) == (1.0, (), None)
    assert first.standings == (Standing(scope="country", rank=1, of=4, low=None, high=None),)
    assert {row.survey for row in first.scores} == {Estimate(value=None)}


def test_a_cap_leaves_the_star_before_it():
    results = make_passport_results()
    frame = results["stars"].frame.assign(
        uncapped=pd.array([5, 4, 4, 4, None, None], dtype="Int64"),
        capped_by=["", "", "checklist_gap", "", "", ""],
    )
    stars = dataclasses.replace(results["stars"], frame=frame)
    found = gather_passports(make_bundle(results={**results, "stars": stars}))
    assert {passport.centre: passport.uncapped for passport in found}["c3"] == 4.0


class TestChoice:
    def test_all_in_the_order_of_the_stars(self):
        assert choose_centres(make_bundle()) == ("c1", "c2", "c3", "c4", "c5", "c6")

    def test_centres_and_regions_are_joined(self):
        chosen = choose_centres(make_bundle(), centres=["c5"], regions=[PSKOV])
        assert chosen == ("c1", "c2", "c5")

    def test_an_unknown_code_names_codes_and_the_nearest(self):
        with pytest.raises(RenderError, match=r"'c11' is no centre code .*c1, c2.*and 1 more"):
            choose_centres(make_bundle(), centres=["c11"])

    def test_an_unknown_region_names_the_nearest(self):
        with pytest.raises(RenderError, match="did you mean 'Псковская область'"):
            choose_centres(make_bundle(), regions=["Псковская обл"])

    def test_no_stars_no_passports(self):
        absent = Unavailable(stage="rating", reason="no_survey")
        with pytest.raises(RenderError, match="no passports can be made"):
            choose_centres(make_bundle(results={"stars": absent}))

    def test_languages_of_a_list_or_of_the_edition(self):
        assert choose_languages("en, ru", ("ru",)) == ("en", "ru")
        assert choose_languages("", ("ru",)) == ("ru",)
        with pytest.raises(RenderError, match="'de' is no language"):
            choose_languages("ru,de", ("ru",))
