"""A revision against the first publication, in numbers chosen by hand."""

from __future__ import annotations

import math

import pytest

from clientindex.pipeline.revision import compare_with_published, gather_published
from clientindex.results import Revision, Unavailable
from presentation_bundle import make_results
from presentation_revision import make_published, make_revision


@pytest.fixture(scope="module")
def found() -> Revision:
    return make_revision()


def test_what_rounds_to_another_number_has_changed(found: Revision) -> None:
    told = found.centres.set_index("centre")[["status", "index_changed", "stars_changed"]]
    assert {code: tuple(row) for code, row in told.iterrows()} == {
        "c1": ("changed", True, False),
        "c2": ("same", False, False),
        "c3": ("changed", True, True),
        "c4": ("new", True, True),
        "c5": ("changed", False, True),
        "c6": ("same", False, False),
        "c7": ("gone", True, True),
    }


def test_numbers_stand_first_and_now(found: Revision) -> None:
    rows = found.centres.set_index("centre")
    assert rows.loc["c3", ["before", "before_low", "before_high"]].tolist() == [66.0, 62.1, 69.9]
    assert rows.loc["c3", ["after", "after_low", "after_high"]].tolist() == [62.5, 58.6, 66.4]
    assert rows.loc["c3", ["difference", "star_before", "star_after"]].tolist() == [-3.5, 4, 3]
    assert rows["difference"]["c1"] == pytest.approx(0.21, abs=1e-12)
    assert math.isnan(rows["star_after"]["c5"])
    assert math.isnan(rows["difference"]["c4"])
    assert math.isnan(rows["difference"]["c7"])


def test_means_of_regions(found: Revision) -> None:
    rows = found.regions.set_index("region")
    assert rows.index.tolist() == ["Край", "Округ", "Псковская область", "country"]
    assert rows["changed"].tolist() == [True, False, False, True]
    assert rows["difference"].tolist()[0::3] == pytest.approx([-1.5, -0.55])
    assert (found.published, found.digits, found.level) == ("2026-09-01", 1, 0.95)


def test_the_same_numbers_are_no_change() -> None:
    results = make_results()
    again = gather_published(results, published=make_published().published, level=0.9)
    same = compare_with_published(again, results)
    assert isinstance(same, Revision)
    assert set(same.centres["status"]) == {"same"}
    assert again.level == 0.95


def test_without_stars_there_is_nothing_to_compare() -> None:
    lacking = Unavailable(stage="rating", reason="no_survey")
    assert compare_with_published(make_published(), {"stars": lacking}) is lacking
    none = compare_with_published(make_published(), {})
    assert none == Unavailable(stage="rating", reason="no_stars")


def test_equal_numbers_have_one_hash_and_others_another() -> None:
    one = make_published()
    assert one.sha256 == make_published().sha256
    assert one.model_copy(update={"level": 0.9}).sha256 != one.sha256
