"""Settings of the sensitivity that name what the methodology lacks are refused by their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from clientindex.errors import MethodologyError
from clientindex.methodology import load_methodology

SOURCE = Path(__file__).parents[2] / "methodology" / "2026.yml"
WAIT = {
    "key": "wait",
    "name": {"ru": "Ожидание", "en": "Waiting"},
    "kind": "measure",
    "direction": "negative",
}


def write(folder: Path, change: Any) -> Path:
    yaml = YAML(typ="safe")
    raw = yaml.load(SOURCE.read_text(encoding="utf-8"))
    change(raw)
    path = folder / "methodology.yml"
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(raw, file)
    return path


def set_area(area: str, **settings: Any) -> Any:
    return lambda raw: raw.update({area: {**raw.get(area, {}), **settings}})


def regress_on_a_measure(raw: Any) -> None:
    raw["indicators"].append(WAIT)
    raw["groups"][2]["indicators"] = [*raw["groups"][2]["indicators"], "wait"]
    raw["weight_sources"]["outcome"] = "wait"


@pytest.mark.parametrize(
    ("change", "place", "told"),
    [
        (
            set_area("weight_sources", outcome="competense"),
            "weight_sources.outcome",
            "read 'competense', which is unknown; an indicator of answers, which asks for "
            "overall satisfaction; null for none",
        ),
        (regress_on_a_measure, "weight_sources.outcome", "read 'wait', which is a measure"),
        (
            set_area("weight_importance", target={"friendliness": 1.0}),
            "weight_importance.target",
            "read nothing for usefulness, effort, targeting, comfort",
        ),
        (
            set_area("weight_importance", target={"friendly": 1.0}),
            "weight_importance.target.friendly",
            "the unknown key 'friendly'",
        ),
        (
            set_area("variants", weights={"new": {"groups": {"comfort": 0.5}}}),
            "variants.weights.new.groups",
            "read nothing for friendliness, usefulness, effort, targeting",
        ),
        (
            set_area("variants", weights={"new": {"indicators": {"comfy": {"queue": 1}}}}),
            "variants.weights.new.indicators.comfy",
            "the unknown key 'comfy'",
        ),
        (
            set_area(
                "variants",
                weights={
                    "new": {
                        "groups": {
                            "friendliness": 0.3,
                            "usefulness": 0.2,
                            "effort": 0.2,
                            "targeting": 0.2,
                            "comfort": 0.2,
                        }
                    }
                },
            ),
            "variants.weights.new.groups",
            "weights that sum to 1.1",
        ),
        (set_area("sobol", base_size=1000), "sobol", "base_size is 1000"),
        (set_area("together", sources=["weights", "luck"]), "together.sources", "'luck'"),
        (set_area("sensitivity", band_pct=120), "sensitivity.band_pct", "120"),
    ],
)
def test_what_does_not_fit_is_refused(change: Any, place: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(MethodologyError) as refused:
        load_methodology(write(tmp_path, change))
    assert place in str(refused.value)
    assert told in str(refused.value)


def test_a_key_with_a_slip_of_the_pen_is_told_the_nearest(tmp_path: Path) -> None:
    change = set_area("weight_sources", outcome="competense")
    with pytest.raises(MethodologyError, match="'competence'"):
        load_methodology(write(tmp_path, change))


def test_what_fits_is_read(tmp_path: Path) -> None:
    shares = {"friendliness": 0.3, "usefulness": 0.2, "effort": 0.2, "targeting": 0.2}
    found = load_methodology(
        write(tmp_path, set_area("weight_importance", target={**shares, "comfort": 0.1}))
    )
    assert found.weight_importance.target == {**shares, "comfort": 0.1}
    found = load_methodology(write(tmp_path, set_area("weight_sources", outcome="competence")))
    assert found.weight_sources.outcome == "competence"


def test_a_file_without_these_areas_has_the_standard_settings(tmp_path: Path) -> None:
    areas = ("weight_importance", "weight_sources", "weight_bounds", "variants", "sobol")

    def drop(raw: Any) -> None:
        for area in (*areas, "together"):
            raw.pop(area)

    found, published = load_methodology(write(tmp_path, drop)), load_methodology(SOURCE)
    for area in (*areas, "together", "sensitivity"):
        assert getattr(found, area) == getattr(published, area)
