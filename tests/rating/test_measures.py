"""Measures: every normaliser by hand, what is dropped, errors, and measures beside answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import percentileofscore, zscore

from clientindex.methodology import Methodology
from clientindex.pipeline.survey import make_no_moments
from clientindex.rating import compute_scores, score_measures

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXT = {"ru": "текст", "en": "text"}
VALUES = np.array([3.0, 7.0, 7.0, 10.0, 22.0])
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def make_measured(make_methodology: Any) -> Any:
    """Return a function that makes a methodology of measures x, y, z in groups one and two."""

    def make(**changes: Any) -> Methodology:
        raw = make_methodology().model_dump(by_alias=True)
        raw.pop("scale")
        raw["segments"] = []
        raw["checklist"] = None
        own = changes.pop("indicators", {})
        raw["groups"] = [
            {"key": "one", "name": TEXT, "weight": 0.5, "indicators": {"x": 0.5, "y": 0.5}},
            {"key": "two", "name": TEXT, "weight": 0.5, "indicators": {"z": 1.0}},
        ]
        raw["indicators"] = [
            {"key": key, "name": TEXT, "kind": "measure", **own.get(key, {})} for key in "xyz"
        ]
        raw["stars"] |= {"minimum_sample": 0}
        for name, value in changes.items():
            raw[name] = {**raw[name], **value}
        return Methodology.model_validate(raw)

    return make


def make_table(**columns: Any) -> pd.DataFrame:
    """Return rows of measures; centres C0, C1 ... in order, NaN left out."""
    rows = [
        {"centre": f"C{i}", "indicator": key, "value": value, "std_error": np.nan, "n": np.nan}
        for key, values in columns.items()
        for i, value in enumerate(values)
        if not np.isnan(value)
    ]
    return pd.DataFrame(rows).astype({"centre": "str", "indicator": "str"})


def percentile(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the others that are strictly worse."""
    worse = np.array([percentileofscore(values, v, kind="strict") for v in values])
    return worse * len(values) / (len(values) - 1)


WANTED = {
    "min_max": 100 * (VALUES - 3) / 19,
    "distance_to_best": 100 * (1 - (22 - VALUES) / 19),
    "z": 50 + 10 * zscore(VALUES, ddof=1),
    "percentile": percentile(VALUES),
    "rank": 100 * np.array([1, 2, 2, 4, 5]) / 5,
    "share_of_best": 100 * VALUES / 22,
}
STATED = {
    "target": ({"target": 13}, np.minimum(100 * (VALUES - 3) / 10, 100)),
    "goalposts": ({"low": 5, "high": 15}, np.clip(10 * (VALUES - 5), 0, 100)),
    "z": ({"mean": 60, "deviation": 5}, 60 + 5 * zscore(VALUES, ddof=1)),
    "min_max": ({"to": [20, 80]}, 20 + 60 * (VALUES - 3) / 19),
}
CASES = [(kind, {}, wanted) for kind, wanted in WANTED.items()]
CASES += [(kind, *case) for kind, case in STATED.items()]


@pytest.mark.parametrize(("kind", "parameters", "wanted"), CASES)
def test_normalisers_by_hand(
    make_measured: Any, kind: str, parameters: dict[str, Any], wanted: NDArray[np.float64]
) -> None:
    own = {"x": {"normaliser": {"kind": kind, **parameters}}}
    scored = score_measures(make_table(x=VALUES), make_measured(indicators=own))
    np.testing.assert_allclose(scored.value[:, 0], wanted, rtol=0, atol=1e-12)


def test_less_is_better_turns_the_line_round(make_measured: Any) -> None:
    own = {"x": {"direction": "negative"}, "y": {"direction": "negative", "normaliser": "rank"}}
    scored = score_measures(make_table(x=VALUES, y=VALUES), make_measured(indicators=own))
    np.testing.assert_allclose(scored.value[:, 0], 100 * (22 - VALUES) / 19, atol=1e-12)
    assert scored.value[:, 1].tolist() == [100, 60, 60, 40, 20]
    line = scored.fits.set_index("indicator").loc["x"]
    np.testing.assert_allclose(
        line["level"] + line["slope"] * (VALUES - line["origin"]), scored.value[:, 0]
    )


def test_standard_scores_have_no_ends(make_measured: Any) -> None:
    measured = make_measured(indicators={"x": {"normaliser": "z"}}, scoring={"scale": "standard"})
    scored = score_measures(make_table(x=VALUES), measured)
    np.testing.assert_allclose(scored.value[:, 0], zscore(VALUES, ddof=1), atol=1e-12)


def test_what_cannot_be_scored_is_dropped_and_told(make_measured: Any) -> None:
    own = {
        "x": {"minimum_centres": 5},
        "y": {},
        "z": {"normaliser": {"kind": "target", "target": 1}},
    }
    measured = make_measured(indicators=own, scoring={"missing_group": "reweight"})
    table = make_table(x=[1, 2, np.nan, 4, 5], y=[2, 2, 2, 2, 2], z=VALUES)
    scored = score_measures(table, measured)
    left = scored.left_out.set_index("key")[["reason", "detail"]].to_numpy().tolist()
    assert left == [["few_centres", "4"], ["no_variance", "2"], ["target_reached", "1"]]
    scores = compute_scores(make_no_moments(), measured, measures=scored)
    assert scores.frame["estimate"].isna().all()
    groups = scores.left_out[scores.left_out["kind"] == "group"]
    assert groups["reason"].tolist() == ["no_indicators"] * 2


def test_a_dropped_measure_weighs_nothing_even_where_missing_ones_are_refused(
    make_measured: Any,
) -> None:
    measured = make_measured(
        indicators={"x": {"minimum_centres": 50}}, scoring={"missing_indicator": "refuse"}
    )
    table = make_table(x=VALUES, y=VALUES, z=VALUES[::-1])
    scores = compute_scores(make_no_moments(), measured, measures=score_measures(table, measured))
    index = scores.frame[scores.frame["kind"] == "index"].set_index("centre")["estimate"]
    np.testing.assert_allclose(index, 50 * ((VALUES - 3) + (VALUES[::-1] - 3)) / 19, atol=1e-12)
    assert set(scores.frame["segment"]) == {"all"}
    assert scores.std_error_method == "none"
    assert scores.frame["std_error"].isna().all()


def test_stated_errors_go_through_the_line(make_measured: Any) -> None:
    measured = make_measured()
    table = make_table(x=VALUES, y=VALUES, z=VALUES).assign(std_error=1.9, n=40.0)
    scores = compute_scores(make_no_moments(), measured, measures=score_measures(table, measured))
    frame = scores.frame.set_index(["key", "centre"])
    assert frame.loc["x"]["std_error"].tolist() == pytest.approx([10.0] * 5)
    assert frame.loc["one"]["std_error"].tolist() == pytest.approx([np.sqrt(50)] * 5)
    index = np.sqrt(0.25**2 * 100 * 2 + 0.5**2 * 100)
    assert frame.loc["index"]["std_error"].tolist() == pytest.approx([index] * 5)
    assert frame.loc["x"]["n"].tolist() == [40.0] * 5
    assert frame.loc["index"]["n"].isna().all()
    assert scores.std_error_method == "delta"


def test_measures_beside_answers(
    methodology: Methodology, make_moments: Any, complete_answers: pd.DataFrame
) -> None:
    """A measure counts in each segment, so in the mean of segments it is itself."""
    raw = methodology.model_dump(by_alias=True)
    raw["indicators"] = [
        *raw["indicators"],
        {"key": "wait", "name": TEXT, "kind": "measure", "direction": "negative"},
    ]
    raw["groups"][1]["indicators"] = {"c": 0.25, "d": 0.125, "e": 0.125, "wait": 0.5}
    mixed = Methodology.model_validate(raw)
    survey = mixed.of_answers
    assert survey is not None
    assert survey.groups[1].indicators == {"c": 0.5, "d": 0.25, "e": 0.25}
    moments = make_moments(complete_answers, survey)
    minutes = np.linspace(5, 60, len(moments.centres))
    table = pd.DataFrame(
        {
            "centre": list(moments.centres),
            "indicator": "wait",
            "value": minutes,
            "std_error": 1.1,
            "n": 30.0,
        }
    )
    measures = score_measures(table, mixed)
    scores = compute_scores(moments, mixed, measures=measures).frame
    plain = compute_scores(moments, survey).frame
    point = 100 * (60 - minutes) / 55

    def read(frame: pd.DataFrame, key: str, column: str) -> NDArray[np.float64]:
        rows = frame[(frame["segment"] == "all") & (frame["key"] == key)]
        return rows.set_index("centre")[column].to_numpy(float)

    np.testing.assert_allclose(read(scores, "wait", "estimate"), point, atol=1e-12)
    assert read(scores, "wait", "n").tolist() == [30.0] * len(point)
    back = (read(plain, "back", "estimate") + point) / 2
    np.testing.assert_allclose(read(scores, "back", "estimate"), back, atol=1e-10)
    error = np.sqrt(read(plain, "back", "std_error") ** 2 / 4 + (2.0 / 2) ** 2)
    np.testing.assert_allclose(read(scores, "back", "std_error"), error, atol=1e-9)
    front = read(plain, "front", "estimate")
    np.testing.assert_allclose(read(scores, "front", "estimate"), front, atol=1e-10)


def test_coinr_normalised_the_same_measures(make_measured: Any) -> None:
    """ASEM data as COINr normalised them (min-max to 0-100 after treatment)."""
    folder = ROOT.parent / "shared" / "data" / "asem_coinr"
    if not folder.is_dir():
        pytest.skip("real data absent: ../shared/data/asem_coinr is not beside the project")
    treated = pd.read_csv(folder / "stage_Treated.csv").set_index("uCode")
    normalised = pd.read_csv(folder / "stage_Normalised.csv").set_index("uCode")
    meta = pd.read_csv(folder / "iMeta.csv").set_index("iCode")
    names = [c for c in normalised if c in meta.index and meta.loc[c, "Type"] == "Indicator"]
    assert len(names) == 49
    for name in names:
        direction = "negative" if meta.loc[name, "Direction"] < 0 else "positive"
        measured = make_measured(indicators={"x": {"direction": direction}})
        table = pd.DataFrame({"centre": treated.index, "value": treated[name]}).dropna()
        table = table.assign(indicator="x", std_error=np.nan, n=np.nan)
        scored = score_measures(table, measured)
        wanted = normalised.loc[list(scored.centres), name]
        np.testing.assert_allclose(scored.value[:, 0], wanted, rtol=0, atol=1e-9)
