"""Every difference of two files is listed once, with its place and both values."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from clientindex.methodology import Methodology
from clientindex.sensitivity.compare import list_changes

RAW = YAML(typ="safe").load(
    (Path(__file__).parents[3] / "methodology" / "2026.yml").read_text(encoding="utf-8")
)


def change(edit):
    """Return the methodology of 2026 and the edited one."""
    raw = copy.deepcopy(RAW)
    edit(raw)
    return Methodology.model_validate(RAW), Methodology.model_validate(raw)


def tell(edit):
    """Return place -> (kind, effect, before, after) of every difference."""
    frame = list_changes(*change(edit))
    return {
        row.place: (
            row.kind,
            row.effect,
            *(json.loads(v) if v else None for v in (row.before, row.after)),
        )
        for row in frame.itertuples()
    }


def find(raw, area, key):
    return next(item for item in raw[area] if item["key"] == key)


def test_the_same_file_differs_in_nothing():
    assert tell(lambda raw: None) == {}


def test_a_default_written_out_and_thirds_written_twice_are_no_differences():
    def edit(raw):
        raw["scoring"]["normalise_groups"] = "none"
        group = find(raw, "groups", "effort")
        group["indicators"] = dict.fromkeys(group["indicators"], 0.25 + 1e-14)

    assert tell(edit) == {}


def test_weights_of_groups_indicators_and_segments():
    def edit(raw):
        raw["groups"][0]["weight"], raw["groups"][1]["weight"] = 0.3, 0.1
        raw["groups"][2]["indicators"] = {
            "information": 0.4,
            "channels": 0.1,
            "waiting": 0.25,
            "paperwork": 0.25,
        }
        raw["segments"][0]["weight"], raw["segments"][1]["weight"] = 0.7, 0.3

    assert tell(edit) == {
        "segments.citizens.weight": ("changed", "index", 0.5, 0.7),
        "segments.employers.weight": ("changed", "index", 0.5, 0.3),
        "groups.friendliness.weight": ("changed", "index", 0.2, 0.3),
        "groups.usefulness.weight": ("changed", "index", 0.2, 0.1),
        "groups.effort.indicators.information": ("changed", "index", 0.25, 0.4),
        "groups.effort.indicators.channels": ("changed", "index", 0.25, 0.1),
    }


def test_an_indicator_that_moves_comes_or_goes_gives_one_row():
    def edit(raw):
        friendliness, targeting = (find(raw, "groups", k) for k in ("friendliness", "targeting"))
        friendliness["indicators"] = {"competence": 0.5, "communication": 0.25, "respect": 0.25}
        targeting["indicators"] = {
            "circumstances": 0.25,
            "individual_plan": 0.25,
            "privacy": 0.25,
            "partnership": 0.25,
        }
        raw["indicators"] = [
            i for i in raw["indicators"] if i["key"] not in ("proactivity", "follow_up")
        ]
        text = {"ru": "Тайна", "en": "Privacy"}
        raw["indicators"].append({"key": "privacy", "name": text, "question": text})

    told = tell(edit)
    assert told["groups.indicators.partnership"] == ("moved", "index", "friendliness", "targeting")
    assert told["groups.friendliness.indicators.competence"] == ("changed", "index", 0.25, 0.5)
    kinds = {place: row[0] for place, row in told.items()}
    assert kinds == {
        "groups.friendliness.indicators.competence": "changed",
        "groups.indicators.partnership": "moved",
        "indicators.proactivity": "removed",
        "indicators.follow_up": "removed",
        "indicators.privacy": "added",
    }


@pytest.mark.parametrize(
    ("edit", "place", "expected"),
    [
        (
            lambda raw: raw["scoring"].update(aggregation="geometric"),
            "scoring.aggregation",
            ("changed", "index", "arithmetic", "geometric"),
        ),
        (
            lambda raw: raw["scoring"].update(missing_group="reweight"),
            "scoring.missing_group",
            ("changed", "index", "refuse", "reweight"),
        ),
        (
            lambda raw: raw["stars"].update(minimum_sample=50),
            "stars.minimum_sample",
            ("changed", "stars", 30, 50),
        ),
        (
            lambda raw: raw["checklist"].update(use="precision"),
            "checklist.use",
            ("changed", "index", "verify", "precision"),
        ),
        (
            lambda raw: raw["answer_weights"].update(design=True),
            "answer_weights.design",
            ("changed", "index", False, True),
        ),
        (
            lambda raw: raw["case_mix"].update(sets={"basic": ["sex"]}, published="basic"),
            "case_mix.published",
            ("added", "index", None, "basic"),
        ),
        (
            lambda raw: find(raw, "indicators", "waiting").update(direction="positive"),
            "indicators.waiting.direction",
            ("changed", "index", "negative", "positive"),
        ),
        (
            lambda raw: find(raw, "indicators", "waiting").update(verifiable=False),
            "indicators.waiting.verifiable",
            ("changed", "other", True, False),
        ),
        (
            lambda raw: find(raw, "indicators", "waiting")["question"].update(en="Did you wait?"),
            "indicators.waiting.question.en",
            ("changed", "text", "I had to wait for a long time", "Did you wait?"),
        ),
        (
            lambda raw: raw["scale"].update(points={1: 0, 2: 10, 3: 40, 4: 80, 5: 100}),
            "scale.points",
            ("added", "index", None, {"1": 0, "2": 10, "3": 40, "4": 80, "5": 100}),
        ),
        (
            lambda raw: raw["factors"].update(n_factors=4),
            "factors.n_factors",
            ("changed", "other", 5, 4),
        ),
    ],
)
def test_a_setting_is_listed_with_what_it_acts_on(edit, place, expected):
    assert tell(edit)[place] == expected


def test_star_bands_are_one_value_and_caps_are_matched_by_reason():
    def edit(raw):
        raw["stars"]["bands"][3]["to"] = raw["stars"]["bands"][4]["from"] = 85
        raw["stars"]["caps"] = [
            {"reason": "weak", "at_most": 3, "group": "comfort", "score_below": 50}
        ]

    told = tell(edit)
    kind, effect, before, after = told["stars.bands"]
    assert (kind, effect) == ("changed", "stars")
    assert [band["to"] for band in before] == [50, 60, 70, 80, 100]
    assert [band["from"] for band in after] == [0, 50, 60, 70, 85]
    assert told["stars.caps.weak"][:3] == ("added", "stars", None)
    assert len(told) == 2


def test_subjects_are_named_in_both_languages_and_the_index_comes_first():
    def edit(raw):
        raw["id"] = "2027"
        raw["groups"][0]["weight"], raw["groups"][1]["weight"] = 0.3, 0.1

    frame = list_changes(*change(edit))
    assert frame["effect"].tolist() == ["index", "index", "text"]
    first = frame.iloc[0]
    assert (first["subject"], first["name_ru"]) == ("friendliness", "Дружелюбие и партнерство")
    assert first["name_en"] == "Friendliness and partnership"
