"""Short findings of an edition where numbers fall on another side, or are not there."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from clientindex.results import Unavailable
from clientindex.wording import load_wording
from clientindex.wording.sentences import PARAGRAPHS
from clientindex.wording.sentences.edition_results import (
    say_abstract,
    say_compared_regions,
    say_gap,
    say_sure_stars,
    say_whole_change,
)
from presentation_bundle import make_bundle, make_coverage, make_regions, make_stars

RU, EN = load_wording("ru"), load_wording("en")
NBSP = "\u00a0"


@pytest.fixture(scope="module")
def bundle():
    return make_bundle()


def with_ends(result, field, statistic, **values):
    """Return a result with other numbers in the rows of one statistic."""
    frame = getattr(result, field).copy()
    rows = frame["statistic"] == statistic
    for name, value in values.items():
        frame.loc[rows, name] = value
    return dataclasses.replace(result, **{field: frame})


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((-8.3, -6.25, -4.3), "is −6.3 points on average (95% confidence interval [−8.3, −4.3]"),
        ((-8.3, -6.25, -4.3), "staff rate their centres lower than visitors do."),
        ((-1.0, 0.5, 2.0), "it is not proved that staff rate"),
        ((np.nan, np.nan, np.nan), "Whether checklists and the survey differ on average is not"),
    ],
)
def test_gap_is_told_on_its_side_of_zero(bundle, ends, said):
    low, estimate, high = ends
    numbers = {"estimate": estimate, "ci_low": low, "ci_high": high}
    result = with_ends(bundle.results["agreement"], "frame", "bias", **numbers)
    assert said in say_gap(result, bundle.methodology, EN).replace(NBSP, " ")


def test_a_change_is_established_only_beyond_zero(bundle):
    change = bundle.results["change"]
    up = with_ends(change, "summary", "mean_change_service", ci_low=0.1)
    assert "изменение установлено" in say_whole_change(up, bundle.methodology, RU)
    none = with_ends(change, "summary", "mean_change_service", estimate=np.nan)
    assert say_whole_change(none, bundle.methodology, RU) == RU.text(
        "sentence.conclusion.no_change"
    )


def test_regions_and_means_without_numbers_are_told(bundle):
    regions = make_regions()
    frame = regions.frame.assign(estimate=np.nan, ci_low=np.nan, ci_high=np.nan)
    empty = dataclasses.replace(regions, frame=frame)
    assert "none has a mean index" in say_compared_regions(empty, bundle.methodology, EN)
    said = say_abstract(make_coverage(), empty, make_stars(), wording=EN)
    assert "The mean index is not defined. Stars are given to" in said
    doubt = bundle.results["star_doubt"]
    bare = dataclasses.replace(doubt, summary=doubt.summary.iloc[:0])
    assert (
        say_sure_stars(bare, bundle.methodology, EN) == "How many stars are right is not defined."
    )


def test_a_missing_result_is_explained_in_its_place(bundle):
    absent = Unavailable(stage="agreement", reason="no_checklist")
    less = make_bundle(results={**bundle.results, "agreement": absent})
    whole, found = (PARAGRAPHS["conclusion"](each, RU) for each in (bundle, less))
    assert found[:-1] == whole[:-1]
    assert "Чек-лист не передан." in found[-1]
