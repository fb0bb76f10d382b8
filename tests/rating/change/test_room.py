"""Two editions with a known change: service, weights, new centres, segments, identifiers."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from scipy.stats import t
from statsmodels.stats.contingency_tables import SquareTable

from clientindex.errors import StatisticsError
from clientindex.methodology import Methodology
from clientindex.methodology.change_settings import ChangeSettings
from clientindex.rating.change import PublishedEdition, compare_editions
from clientindex.results import TIDY_COLUMNS, Unavailable
from clientindex.results.change import EditionChange
from made_editions import draw_truth, make_edition

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS = ChangeSettings()
MAIN = ["method", "composition", "service"]


def compare(
    current: PublishedEdition,
    previous: PublishedEdition,
    renamed: Mapping[str, str] | None = None,
) -> EditionChange:
    found = compare_editions(current, previous, settings=SETTINGS, renamed=renamed)
    assert isinstance(found, EditionChange)
    return found


def tell(found: EditionChange, region: str = "country") -> dict[str, float]:
    parts = found.parts[found.parts["region"] == region]
    return dict(zip(parts["part"], parts["estimate"], strict=True))


def count(found: EditionChange) -> dict[str, float]:
    return dict(zip(found.summary["statistic"], found.summary["estimate"], strict=True))


def change_weights(methodology: Methodology, weights: dict[str, float]) -> Methodology:
    """Return the methodology with other weights of its groups."""
    raw = methodology.model_dump(by_alias=True)
    for group in raw["groups"]:
        group["weight"] = weights[group["key"]]
    return Methodology.model_validate(raw | {"id": "reweighted"})


def drop_indicator(methodology: Methodology, key: str) -> Methodology:
    raw = methodology.model_dump(by_alias=True)
    for group in raw["groups"]:
        group["indicators"].pop(key, None)
        total = sum(group["indicators"].values())
        group["indicators"] = {k: w / total for k, w in group["indicators"].items()}
    raw["indicators"] = [i for i in raw["indicators"] if i["key"] != key]
    return Methodology.model_validate(raw)


def test_nothing_but_chance_flags_nearly_nobody_and_every_part_is_near_zero(methodology):
    truth = draw_truth(1, 200, methodology)
    found = compare(
        make_edition(truth, methodology, seed=11), make_edition(truth, methodology, seed=12)
    )
    numbers = count(found)
    assert numbers["comparable"] == numbers["tested"] == 200
    assert numbers["up"] + numbers["down"] <= 2
    z = found.centres["difference"] / found.centres["std_error"]
    assert z.std() == pytest.approx(1, abs=0.12)
    parts = tell(found)
    assert parts["method"] == parts["composition"] == 0
    assert parts["service"] == parts["total"] == numbers["mean_change_service"]
    row = found.parts.query("region == 'country' and part == 'service'").iloc[0]
    assert row["ci_low"] < 0 < row["ci_high"]
    assert (found.errors_before, found.errors_after) == ("published", "published")
    assert numbers["sampling_service"] == pytest.approx(row["std_error"], rel=0.15)


def test_a_change_in_a_tenth_of_centres_is_found_at_the_false_discovery_rate(methodology):
    shares, found_of = [], []
    for seed in range(8):
        truth = draw_truth(seed, 200, methodology)
        later = truth.copy()
        later[:10] += 9
        later[10:20] -= 9
        found = compare(
            make_edition(later, methodology, seed=100 + seed),
            make_edition(truth, methodology, seed=200 + seed),
        ).centres.set_index("centre")
        flagged = found["flagged"]
        assert (flagged.iloc[:10] != "down").all()
        assert (flagged.iloc[10:20] != "up").all()
        found_of.append((flagged.iloc[:20] != "").mean())
        shares.append((flagged.iloc[20:] != "").sum() / max((flagged != "").sum(), 1))
    assert np.mean(found_of) > 0.9
    assert np.mean(shares) < 0.08


def test_differences_by_hand(methodology):
    truth = draw_truth(2, 3, methodology)
    later = truth.copy()
    later[0] += 3
    current, previous = make_edition(later, methodology), make_edition(truth, methodology)
    row = compare(current, previous).centres.iloc[0]
    old = previous.stars.frame.set_index("centre").loc["C000"]
    assert row["difference"] == pytest.approx(3, abs=1e-9)
    assert row["std_error"] == pytest.approx(np.sqrt(2) * old["std_error"], rel=1e-12)
    # Two equal variances have twice the degrees of freedom of one.
    assert row["df"] == pytest.approx(2 * old["df"], rel=1e-12)
    wide = t.ppf(0.975, row["df"])
    assert row["ci_high"] == pytest.approx(3 + wide * row["std_error"], rel=1e-9)
    assert row["p_value"] == pytest.approx(2 * t.sf(3 / row["std_error"], row["df"]), rel=1e-9)
    assert row["q_value"] == pytest.approx(min(3 * row["p_value"], 1), rel=1e-9)


@pytest.mark.parametrize("with_moments", [True, False])
def test_a_change_of_weights_alone_is_method_and_flags_nobody(methodology, with_moments):
    truth = draw_truth(3, 60, methodology)
    truth[..., 2:] -= 8
    other = change_weights(methodology, {"front": 0.2, "back": 0.8})
    current = make_edition(truth, other)
    previous = make_edition(truth, methodology, with_moments=with_moments)
    found = compare(current, previous)
    parts = tell(found)
    assert parts["total"] < -2
    assert parts["method_before"] == pytest.approx(parts["total"], abs=1e-9)
    assert parts["service"] == pytest.approx(0, abs=1e-9)
    assert parts["composition"] == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(found.centres["difference"], 0, atol=1e-9)
    assert found.centres["flagged"].eq("").all()
    # The other weights would have given the current error; matched covariances give it nearly.
    error = found.centres["std_error"] / np.sqrt(2)
    wanted = current.stars.frame.set_index("centre").loc[found.centres["centre"], "std_error"]
    tolerance = 1e-9 if with_moments else 0.02
    np.testing.assert_allclose(error, wanted, rtol=tolerance)
    assert found.errors_before == ("exact" if with_moments else "matched")
    assert found.errors_after == "published"
    weights = found.indicators.set_index("indicator")
    assert weights.loc["a", ["weight_before", "weight_after"]].tolist() == pytest.approx(
        [0.42, 0.14]
    )


def test_service_is_told_apart_from_weights(methodology):
    truth = draw_truth(4, 60, methodology)
    truth[..., 2:] -= 8
    other = change_weights(methodology, {"front": 0.2, "back": 0.8})
    found = compare(make_edition(truth + 2, other), make_edition(truth, methodology))
    parts = tell(found)
    assert parts["service"] == pytest.approx(2, abs=1e-9)
    assert sum(parts[name] for name in MAIN) == pytest.approx(parts["total"], abs=1e-10)
    for region in ("R0", "R1", "R2", "R3"):
        told = tell(found, region)
        assert told["service"] == pytest.approx(2, abs=1e-9)
        assert sum(told[name] for name in MAIN) == pytest.approx(told["total"], abs=1e-10)


def test_new_and_gone_centres_alone_are_composition(methodology):
    truth = draw_truth(5, 40, methodology)
    truth[30:] += 10
    names = [f"C{i:03d}" for i in range(40)]
    previous = make_edition(truth[:36], methodology, centres=names[:36])
    current = make_edition(truth[4:], methodology, centres=names[4:])
    found = compare(current, previous)
    parts = tell(found)
    assert parts["composition"] == pytest.approx(parts["total"], abs=1e-9)
    assert parts["new_centres"] > 0.3
    assert parts["method"] == pytest.approx(0, abs=1e-9)
    assert parts["service"] == pytest.approx(0, abs=1e-9)
    numbers = count(found)
    assert (numbers["new"], numbers["gone"], numbers["both"]) == (4, 4, 32)
    assert numbers["mean_change_comparable"] == pytest.approx(0, abs=1e-9)
    assert numbers["mean_change_all"] == pytest.approx(parts["total"])
    status = found.centres.set_index("centre")
    assert status.loc["C000", ["status", "reason", "withheld_after"]].tolist() == [
        "gone",
        "gone",
        "absent",
    ]
    assert status.loc["C039", ["status", "reason", "withheld_before"]].tolist() == [
        "new",
        "new",
        "absent",
    ]
    assert found.centres["centre"].tolist() == [*names[4:], *names[:4]]


def test_a_segment_that_no_longer_answers_is_composition(methodology):
    truth = draw_truth(6, 30, methodology)
    truth[:, 1] -= 15
    later = truth.copy()
    later[:12, 1] = np.nan
    found = compare(make_edition(later, methodology), make_edition(truth, methodology))
    parts = tell(found)
    assert parts["segments"] == pytest.approx(parts["total"], abs=1e-9)
    assert parts["total"] > 1
    assert parts["service"] == pytest.approx(0, abs=1e-9)
    first = found.centres.iloc[0]
    assert first["one_method_before"] == pytest.approx(first["after"], abs=1e-9)
    assert first["before"] < first["after"] - 2
    assert found.centres["flagged"].eq("").all()


def test_a_centre_without_a_common_segment_has_no_difference(methodology):
    truth = draw_truth(7, 10, methodology)
    before, later = truth.copy(), truth.copy()
    before[0, 0], later[0, 1], later[1] = np.nan, np.nan, np.nan
    found = compare(make_edition(later, methodology), make_edition(before, methodology))
    reasons = found.centres["reason"].tolist()
    assert reasons[:3] == ["no_common_segment", "no_index_after", ""]
    assert found.centres.loc[1, "withheld_after"] == "no_answers"
    parts = tell(found)
    assert sum(parts[name] for name in MAIN) == pytest.approx(parts["total"], abs=1e-10)


def test_an_indicator_of_one_methodology_enters_no_difference_and_is_listed(methodology):
    truth = draw_truth(8, 30, methodology)
    short = drop_indicator(methodology, "e")
    previous = make_edition(truth[..., :4], short)
    found = compare(make_edition(truth, methodology), previous)
    np.testing.assert_allclose(found.centres["difference"], 0, atol=1e-9)
    listed = found.indicators.set_index("indicator")["status"]
    assert listed.to_dict() == dict.fromkeys("abcd", "both") | {"e": "new"}
    parts = tell(found)
    assert parts["method_after"] == pytest.approx(parts["total"], abs=1e-9)
    assert (found.errors_before, found.errors_after) == ("published", "exact")
    back = compare(previous, make_edition(truth, methodology))
    assert back.indicators.set_index("indicator").loc["e", "status"] == "gone"
    assert tell(back)["method_before"] == pytest.approx(-parts["total"], abs=1e-9)


def test_indicators_turned_into_points_in_another_way_leave_nothing_to_compare(methodology):
    raw = methodology.model_dump(by_alias=True)
    raw["scale"]["points"] = {1: 0, 2: 10, 3: 30, 4: 60, 5: 100}
    other = Methodology.model_validate(raw)
    truth = draw_truth(9, 12, methodology)
    found = compare(make_edition(truth, other), make_edition(truth, methodology))
    assert set(found.indicators["status"]) == {"rescaled"}
    assert set(found.centres["reason"]) == {"not_rescored"}
    parts = tell(found)
    assert parts["total"] == pytest.approx(0, abs=1e-9)
    assert np.isnan(parts["service"])
    told = found.left_out[found.left_out["statistic"] == "service"]
    assert set(told["reason"]) == {"no_common_indicators"}


def test_settings_behind_indicator_scores_are_named(methodology):
    raw = methodology.model_dump(by_alias=True)
    raw["missing_answers"]["correlations"] = "complete"
    other = Methodology.model_validate(raw)
    truth = draw_truth(9, 12, methodology)
    left = compare(make_edition(truth, other), make_edition(truth, methodology)).left_out
    row = left[left["reason"] == "setting_not_separated"]
    assert row["detail"].tolist() == ["missing_answers"]


def test_other_identifiers_are_refused_with_a_reason_and_mended_by_renaming(methodology):
    truth = draw_truth(10, 6, methodology)
    old, new = [f"old{i}" for i in range(6)], [f"new{i}" for i in range(6)]
    previous = make_edition(truth, methodology, centres=old)
    current = make_edition(truth, methodology, centres=new)
    nothing = compare_editions(current, previous, settings=SETTINGS)
    assert isinstance(nothing, Unavailable)
    assert (nothing.reason, nothing.detail) == ("no_common_centres", "6/6")
    some = compare(current, previous, dict(zip(old[:4], new[:4], strict=True)))
    numbers = count(some)
    assert [numbers[name] for name in ("both", "new", "gone", "renamed")] == [4, 2, 2, 4]
    np.testing.assert_allclose(some.centres["difference"].dropna(), 0, atol=1e-9)


def test_merged_centres_are_weighted_by_respondents(methodology):
    truth = draw_truth(11, 5, methodology)
    previous = make_edition(truth, methodology)
    large = previous.scores.frame["centre"] == "C001"
    frame = previous.scores.frame.assign(n=previous.scores.frame["n"].where(~large, 150))
    previous = replace(previous, scores=replace(previous.scores, frame=frame), moments=None)
    current = make_edition(truth[1:], methodology, centres=["C001", "C002", "C003", "C004"])
    found = compare(current, previous, {"C000": "C001"})
    index = frame.query("segment == 'all' and kind == 'index'").set_index("centre")
    row = found.centres.set_index("centre").loc["C001"]
    first, second = index.loc["C000"], index.loc["C001"]
    n = np.array([first["n"], second["n"]])
    w = n / n.sum()
    assert row["before"] == pytest.approx(w @ [first["estimate"], second["estimate"]], rel=1e-12)
    errors = np.array([first["std_error"], second["std_error"]])
    now = current.stars.frame.set_index("centre").loc["C001", "std_error"]
    assert row["std_error"] == pytest.approx(np.sqrt(w**2 @ errors**2 + now**2), rel=1e-12)
    assert (row["merged"], row["withheld_before"]) == (2, "merged")
    assert pd.isna(row["star_before"])
    assert count(found)["merged"] == 1
    assert not found.centres["centre"].eq("C000").any()


def test_merged_moments_are_those_of_all_answers_together(methodology):
    truth = draw_truth(12, 4, methodology)
    other = change_weights(methodology, {"front": 0.5, "back": 0.5})
    previous = make_edition(truth, methodology)
    current = make_edition(truth[1:], other, centres=["C001", "C002", "C003"])
    found = compare(current, previous, {"C000": "C001"}).centres.iloc[0]
    same = make_edition(truth[:2].mean(axis=0, keepdims=True), other)
    wanted = same.stars.frame.iloc[0]
    assert found["one_method_before"] == pytest.approx(wanted["estimate"], rel=1e-12)
    half = wanted["std_error"] ** 2 / 2
    now = current.stars.frame.set_index("centre").loc["C001", "std_error"] ** 2
    assert found["std_error"] ** 2 == pytest.approx(half + now, rel=1e-9)


def test_renaming_of_centres_that_are_nowhere_is_refused(methodology):
    truth = draw_truth(13, 4, methodology)
    edition = make_edition(truth, methodology)
    for renamed, message in (
        ({"C9": "C001"}, "previous edition lacks: C9"),
        ({"C001": "C9"}, "current edition lacks: C9"),
    ):
        with pytest.raises(StatisticsError, match=message):
            compare_editions(edition, edition, settings=SETTINGS, renamed=renamed)
    frame = pd.concat([edition.stars.frame, edition.stars.frame.iloc[:1]])
    twice = replace(edition, stars=replace(edition.stars, frame=frame))
    with pytest.raises(StatisticsError, match="twice in the previous edition: C"):
        compare_editions(edition, twice, settings=SETTINGS)


def test_a_centre_that_moved_is_compared_in_the_country_and_new_and_gone_in_regions(methodology):
    truth = draw_truth(14, 12, methodology)
    regions = ["A"] * 6 + ["B"] * 6
    moved = ["B", *regions[1:]]
    found = compare(
        make_edition(truth + 1, methodology, regions=moved),
        make_edition(truth, methodology, regions=regions),
    )
    row = found.centres.iloc[0]
    assert (row["status"], row["region_before"], row["region"]) == ("moved", "A", "B")
    assert row["difference"] == pytest.approx(1, abs=1e-9)
    assert tell(found)["total"] == pytest.approx(1, abs=1e-9)
    for region, part in (("A", "gone_centres"), ("B", "new_centres")):
        told = tell(found, region)
        assert told["service"] == pytest.approx(1, abs=1e-9)
        assert told[part] == pytest.approx(told["total"] - 1, abs=1e-9)
    assert count(found)["moved"] == 1
    assert count(found)["both"] == 12


def test_transitions_hold_every_pair_and_agree_with_the_summary(methodology):
    truth = draw_truth(15, 80, methodology)
    later = truth + np.random.default_rng(15).normal(2, 6, (80, 1, 1))
    later[3] = np.nan
    names = [f"C{i:03d}" for i in range(81)]
    found = compare(
        make_edition(later[1:], methodology, centres=names[1:80]),
        make_edition(truth, methodology, centres=names[:80]),
    )
    table = found.transitions.pivot_table(index="star_before", columns="star_after", values="n")
    assert table.shape == (7, 7)
    assert table.to_numpy().sum() == 80
    assert table["absent"].sum() == 1
    assert table["withheld"].sum() == 1
    stars = [str(k) for k in range(1, 6)]
    square = table.loc[stars, stars].to_numpy()
    numbers = count(found)
    assert numbers["star_up"] == np.triu(square, 1).sum()
    assert numbers["star_down"] == np.tril(square, -1).sum()
    assert numbers["star_same"] == np.trace(square)
    used = (square.sum(axis=0) + square.sum(axis=1)) > 0
    peer = SquareTable(square[np.ix_(used, used)], shift_zeros=False).homogeneity()
    row = found.summary.set_index("statistic").loc["stuart_maxwell"]
    assert row["estimate"] == pytest.approx(peer.statistic, rel=1e-9)
    assert row["p_value"] == pytest.approx(peer.pvalue, rel=1e-9)


def test_small_samples_and_samples_without_error_are_not_tested(methodology):
    truth = draw_truth(16, 8, methodology)
    small = compare(make_edition(truth, methodology, n=2), make_edition(truth, methodology))
    assert set(small.centres["reason"]) == {"small_sample"}
    assert small.centres["difference"].notna().all()
    assert small.centres["p_value"].isna().all()
    edition = make_edition(truth, methodology)
    frame = edition.scores.frame.assign(std_error=0.0)
    exact = replace(edition, scores=replace(edition.scores, frame=frame))
    found = compare(exact, exact)
    assert set(found.centres["reason"]) == {"no_sampling_error"}
    told = found.left_out[found.left_out["statistic"] == "stuart_maxwell"]
    assert told["reason"].tolist() == ["stars_never_differ"]


def test_one_centre_in_a_region_has_parts_without_an_interval(methodology):
    truth = draw_truth(17, 5, methodology)
    regions = ["A", "B", "B", "B", "B"]
    found = compare(
        make_edition(truth + 1, methodology, regions=regions),
        make_edition(truth, methodology, regions=regions),
    )
    row = found.parts.query("region == 'A' and part == 'total'").iloc[0]
    assert row["estimate"] == pytest.approx(1, abs=1e-9)
    assert np.isnan(row["std_error"])
    told = found.left_out.query("subject == 'A' and statistic == 'total'")
    assert told["reason"].tolist() == ["one_centre"]


def test_every_number_is_told_and_columns_are_those_of_the_docstring(methodology):
    truth = draw_truth(18, 12, methodology)
    found = compare(make_edition(truth + 1, methodology), make_edition(truth, methodology))
    tidy = found.tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS
    assert len(tidy) == len(found.centres) + len(found.parts) + len(found.summary)
    text = EditionChange.__doc__ or ""
    for field in fields(found):
        value: Any = getattr(found, field.name)
        if isinstance(value, pd.DataFrame):
            missing = [column for column in value if f"``{column}``" not in text]
            assert not missing, field.name


def test_a_rate_of_nothing_is_refused():
    with pytest.raises(ValidationError, match="greater than 0"):
        ChangeSettings(fdr=0)


def test_editions_that_blend_checklists_say_what_is_not_separated(methodology):
    raw = methodology.model_dump(by_alias=True)
    raw["checklist"] |= {"use": "blend", "weight": 0.3}
    blended = Methodology.model_validate(raw)
    other = change_weights(blended, {"front": 0.2, "back": 0.8})
    truth = draw_truth(19, 12, methodology)
    left = compare(make_edition(truth, other), make_edition(truth, blended)).left_out
    assert left.loc[left["reason"] == "setting_not_separated", "detail"].tolist() == ["checklist"]


def test_values_of_the_region_in_place_of_missing_ones_are_found_again(methodology):
    raw = methodology.model_dump(by_alias=True)
    raw["scoring"]["missing_indicator"] = "impute_region_mean"
    imputing = Methodology.model_validate(raw)
    truth = draw_truth(20, 12, methodology)
    truth[0, :, 2] = np.nan
    other = change_weights(imputing, {"front": 0.2, "back": 0.8})
    found = compare(make_edition(truth, other), make_edition(truth, imputing))
    np.testing.assert_allclose(found.centres["difference"], 0, atol=1e-9)
    assert found.centres["difference"].notna().all()


def test_a_geometric_method_is_applied_to_both_editions(methodology):
    raw = methodology.model_dump(by_alias=True)
    raw["scoring"]["aggregation"] = "geometric"
    geometric = Methodology.model_validate(raw)
    truth = draw_truth(21, 30, methodology)
    found = compare(make_edition(truth, geometric), make_edition(truth, methodology))
    parts = tell(found)
    assert parts["total"] < -0.02
    assert parts["method_before"] == pytest.approx(parts["total"], abs=1e-9)
    assert parts["service"] == pytest.approx(0, abs=1e-9)
