"""Scores and standard errors against raw rows, computed with pandas and plain loops."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from clientindex.counts import CentreMoments, compute_moments_from_totals
from clientindex.intake.tables import IntakeTables
from clientindex.rating import compute_scores

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Scores

# Both sides sum a few hundred numbers below 100 in double precision.
TOLERANCE = 1e-10
# Variances come from sums of squares up to 1e4 per answer, so cancellation costs some digits.
SE_TOLERANCE = 1e-8

RULES = [("reweight", "reweight"), ("reweight", "refuse"), ("refuse", "refuse")]


def to_points(answers: pd.DataFrame, methodology: Methodology) -> pd.DataFrame:
    points = answers[["centre", "segment"]].copy()
    for key in methodology.indicator_keys:
        value = 25.0 * (answers[key].astype(float) - 1)
        if methodology.indicator(key).direction == "negative":
            value = 100 - value
        points[key] = value.where(answers[key] > 0)
    return points


def weigh(values: dict[str, float], weights: dict[str, float], rule: str) -> float:
    """Return the weighted mean by the rule, one term at a time."""
    present = {k: v for k, v in values.items() if not np.isnan(v)}
    if not present or (rule == "refuse" and len(present) < len(weights)):
        return float("nan")
    total = sum(weights[k] for k in present)
    return sum(weights[k] * v for k, v in present.items()) / total


def score_segment(rows: pd.DataFrame, methodology: Methodology) -> dict[str, float]:
    means = {key: float(rows[key].mean()) for key in methodology.indicator_keys}
    groups = {
        g.key: weigh(
            {k: means[k] for k in g.indicators}, g.indicators, methodology.scoring.missing_indicator
        )
        for g in methodology.groups
    }
    outer = {g.key: g.weight for g in methodology.groups}
    return {"index": weigh(groups, outer, methodology.scoring.missing_group), **groups, **means}


def score_by_hand(points: pd.DataFrame, methodology: Methodology) -> dict[tuple[str, ...], float]:
    wanted: dict[tuple[str, ...], float] = {}
    weights = {s.key: s.weight for s in methodology.segments}
    for centre, rows in points.groupby("centre"):
        parts = {s: score_segment(part, methodology) for s, part in rows.groupby("segment")}
        for segment, scores in parts.items():
            wanted |= {(str(centre), str(segment), key): v for key, v in scores.items()}
        for key in ("index", *methodology.group_keys, *methodology.indicator_keys):
            by_segment = {s: scores[key] for s, scores in parts.items()}
            wanted[str(centre), "all", key] = weigh(by_segment, weights, "reweight")
    return wanted


def read_out(scores: Scores, column: str) -> dict[tuple[str, ...], float]:
    frame = scores.frame
    labels = zip(frame["centre"], frame["segment"], frame["key"], strict=True)
    return dict(zip(labels, frame[column].astype(float), strict=True))


def assert_same(found: dict[Any, float], wanted: dict[Any, float], tolerance: float) -> None:
    assert found.keys() == wanted.keys()
    keys = list(found)
    np.testing.assert_allclose(
        [found[k] for k in keys], [wanted[k] for k in keys], rtol=0, atol=tolerance
    )


@pytest.mark.parametrize(("indicator_rule", "group_rule"), RULES)
@pytest.mark.parametrize("data", ["complete_answers", "answers", "sparse_answers"])
def test_scores_equal_plain_loops_over_raw_rows(
    data: str,
    indicator_rule: str,
    group_rule: str,
    request: pytest.FixtureRequest,
    make_methodology: Any,
    make_moments: Any,
) -> None:
    raw = request.getfixturevalue(data)
    methodology = make_methodology(missing_indicator=indicator_rule, missing_group=group_rule)
    scores = compute_scores(make_moments(raw, methodology), methodology)
    wanted = score_by_hand(to_points(raw, methodology), methodology)
    assert_same(read_out(scores, "estimate"), wanted, TOLERANCE)


def test_reweighted_groups_are_counted(
    sparse_answers: pd.DataFrame, make_methodology: Any, make_moments: Any
) -> None:
    reweight, refuse = make_methodology(), make_methodology(missing_indicator="refuse")
    means = sparse_answers.replace(0, np.nan).groupby(["centre", "segment"]).mean()
    wanted = 0
    for group in reweight.groups:
        share = means[list(group.indicators)].notna().mean(axis=1)
        wanted += int(((share > 0) & (share < 1)).sum())
    assert wanted > 0
    found = compute_scores(make_moments(sparse_answers, reweight), reweight).n_reweighted
    assert found == wanted
    assert compute_scores(make_moments(sparse_answers, refuse), refuse).n_reweighted == 0


def test_standard_error_of_complete_answers_is_the_sd_of_personal_indices(
    complete_answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    points = to_points(complete_answers, methodology)
    personal = points[list(methodology.indicator_keys)].to_numpy() @ methodology.effective_weights
    grouped = points.assign(personal=personal).groupby(["centre", "segment"])["personal"]
    se = grouped.std(ddof=1) / np.sqrt(grouped.size())
    scores = compute_scores(make_moments(complete_answers, methodology), methodology)
    found = read_out(scores, "std_error")
    for (centre, segment), wanted in se.items():
        assert found[centre, segment, "index"] == pytest.approx(wanted, abs=SE_TOLERANCE)
    for centre in complete_answers["centre"].unique():
        both = np.hypot(0.7 * se[centre, "citizens"], 0.3 * se[centre, "employers"])
        assert found[centre, "all", "index"] == pytest.approx(both, abs=SE_TOLERANCE)


def influence_variance(rows: pd.DataFrame, weights: dict[str, float]) -> float:
    """Sum squared influences of single respondents on a weighted sum of means."""
    total = np.zeros(len(rows))
    for key, weight in weights.items():
        n = rows[key].count()
        if weight == 0:
            continue
        if n == 1:
            return float("nan")
        residual = (rows[key] - rows[key].mean()).fillna(0).to_numpy()
        total += weight * residual / n * np.sqrt(n / (n - 1))
    return float((total**2).sum())


def test_standard_errors_with_missing_answers_equal_influences_of_raw_rows(
    answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    scores = compute_scores(make_moments(answers, methodology), methodology)
    found = read_out(scores, "std_error")
    points = to_points(answers, methodology)
    wanted = {}
    for (centre, segment), rows in points.groupby(["centre", "segment"]):
        for group in methodology.groups:
            present = {k: w for k, w in group.indicators.items() if rows[k].count() > 0}
            total = sum(present.values())
            weights = {k: w / total for k, w in present.items()}
            variance = influence_variance(rows, weights) if present else np.nan
            wanted[centre, segment, group.key] = np.sqrt(variance)
    assert sum(np.isnan(v) for v in wanted.values()) > 0
    assert_same({k: found[k] for k in wanted}, wanted, SE_TOLERANCE)


def test_one_answer_has_a_score_without_a_standard_error(
    methodology: Methodology, make_moments: Any
) -> None:
    raw = pd.DataFrame([["C1", "citizens", 4, 2, 5, 5, 3]], columns=["centre", "segment", *"abcde"])
    row = compute_scores(make_moments(raw, methodology), methodology).frame.iloc[0]
    assert row["estimate"] == pytest.approx(0.6 * 75 + 0.4 * (0.5 * 100 + 0.25 * 100 + 0.25 * 50))
    assert np.isnan([row["std_error"], row["ci_low"], row["ci_high"]]).all()
    assert row["n"] == 1


def test_equal_answers_have_no_sampling_error(methodology: Methodology, make_moments: Any) -> None:
    raw = pd.DataFrame(
        [["C1", "citizens", 4, 2, 4, 4, 4]] * 7, columns=["centre", "segment", *"abcde"]
    )
    frame = compute_scores(make_moments(raw, methodology), methodology).frame
    assert (frame["estimate"] == 75).all()
    assert (frame["std_error"] == 0).all()
    assert (frame["ci_low"] == 75).all()


def test_centre_without_any_answer_is_listed_with_no_respondents(
    methodology: Methodology, make_moments: Any
) -> None:
    raw = pd.DataFrame(
        [["C1", "citizens", 0, 0, 0, 0, 0]] * 3, columns=["centre", "segment", *"abcde"]
    )
    frame = compute_scores(make_moments(raw, methodology), methodology).frame
    assert frame["estimate"].isna().all()
    assert (frame["n"] == 0).all()


def test_intervals_are_those_of_student_and_end_at_the_scale(
    answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    frame = compute_scores(make_moments(answers, methodology), methodology).frame.dropna()
    margin = t.ppf(0.975, frame["df"]) * frame["std_error"]
    np.testing.assert_allclose(
        frame["ci_low"], np.maximum(frame["estimate"] - margin, 0), atol=TOLERANCE
    )
    np.testing.assert_allclose(
        frame["ci_high"], np.minimum(frame["estimate"] + margin, 100), atol=TOLERANCE
    )
    assert ((frame["estimate"] + margin) > 100).any()


def test_finite_population_correction_needs_more_visitors_than_respondents(
    complete_answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    moments = make_moments(complete_answers, methodology)
    n = complete_answers.groupby("centre").size()
    visitors = {"C00": 4.0 * n["C00"], "C01": float(n["C01"]), "C02": 1.0, "C03": float("nan")}
    plain = compute_scores(moments, methodology)
    corrected = compute_scores(moments, methodology, visitors=visitors)
    ratio = (corrected.frame["std_error"] / plain.frame["std_error"]).groupby(plain.frame["centre"])
    assert ratio.min()["C00"] == pytest.approx(np.sqrt(0.75))
    assert ratio.max()["C00"] == pytest.approx(np.sqrt(0.75))
    assert (ratio.min().drop("C00") == 1).all()
    assert corrected.fpc_used
    assert not plain.fpc_used
    useless = compute_scores(moments, methodology, visitors={"C02": 1.0})
    assert not useless.fpc_used


def test_n_counts_respondents_of_the_segments_behind_the_score(
    answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    found = read_out(compute_scores(make_moments(answers, methodology), methodology), "n")
    respondents = answers.groupby(["centre", "segment"]).size()
    counted = (answers.set_index(["centre", "segment"]) > 0).groupby(level=[0, 1]).sum()
    for (centre, segment), n in respondents.items():
        assert found[centre, segment, "index"] == n
        assert found[centre, segment, "a"] == counted.loc[(centre, segment), "a"]
        wanted = counted.loc[(centre, segment), ["c", "d", "e"]].max()
        assert found[centre, segment, "back"] == wanted


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_permuting_respondents_changes_nothing(
    seed: int, answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    shuffled = answers.sample(frac=1, random_state=seed)
    one = compute_scores(make_moments(answers, methodology), methodology)
    two = compute_scores(make_moments(shuffled, methodology), methodology)
    pd.testing.assert_frame_equal(one.frame, two.frame, check_exact=True)


def totals(methodology: Methodology, **changes: Any) -> CentreMoments:
    means = pd.DataFrame(
        {
            "centre": "C1",
            "segment": "citizens",
            "period": "",
            "indicator": list(methodology.indicator_keys),
            "points": [60.0, 70.0, 80.0, 50.0, 90.0],
            "n": 100.0,
            "sd_points": [20.0, 10.0, 30.0, 20.0, 10.0],
        }
    ).assign(**changes)
    tables = IntakeTables(
        register=pd.DataFrame(),
        responses=None,
        option_counts=None,
        unit_means=means,
        checklist_items=None,
        checklist_scores=None,
        no_answer=pd.DataFrame(),
        inputs=(),
    )
    return compute_moments_from_totals(tables, methodology)


def test_totals_bound_the_standard_error_by_adding_those_of_the_indicators(
    methodology: Methodology,
) -> None:
    scores = compute_scores(totals(methodology), methodology)
    sd = np.array([20.0, 10.0, 30.0, 20.0, 10.0])
    wanted = float(methodology.effective_weights @ sd) / 10
    assert scores.std_error_method == "bound"
    assert scores.frame["std_error"].iloc[0] == pytest.approx(wanted)


def test_means_without_n_have_an_unknown_n_and_standard_error(methodology: Methodology) -> None:
    frame = compute_scores(totals(methodology, n=np.nan), methodology).frame
    assert frame["estimate"].notna().all()
    assert frame[["std_error", "n"]].isna().all(axis=None)


def test_segment_without_an_index_leaves_the_index_to_the_other(
    make_methodology: Any, make_moments: Any
) -> None:
    methodology = make_methodology(missing_group="refuse")
    rows = [["C1", "citizens", 5, 1, 5, 5, 5], ["C1", "citizens", 3, 3, 3, 3, 3]]
    rows += [["C1", "employers", 1, 5, 0, 0, 0]] * 2
    raw = pd.DataFrame(rows, columns=["centre", "segment", *"abcde"])
    found = read_out(compute_scores(make_moments(raw, methodology), methodology), "estimate")
    assert np.isnan(found["C1", "employers", "index"])
    assert found["C1", "all", "index"] == found["C1", "citizens", "index"] == 75
    assert found["C1", "all", "front"] == pytest.approx(0.7 * 75 + 0.3 * 0)
    n = read_out(compute_scores(make_moments(raw, methodology), methodology), "n")
    assert n["C1", "all", "index"] == 2


def test_missing_indicator_of_weight_zero_is_not_missing(
    methodology: Methodology, make_moments: Any
) -> None:
    raw = pd.DataFrame(
        [["C1", "citizens", 5, 1, 4, 4, 0], ["C1", "citizens", 4, 2, 4, 2, 0]],
        columns=["centre", "segment", *"abcde"],
    )
    moments = make_moments(raw, methodology)
    group = methodology.groups[1].model_copy(update={"indicators": {"c": 0.5, "d": 0.5, "e": 0.0}})
    scoring = methodology.scoring.model_copy(update={"missing_indicator": "refuse"})
    changed = type(methodology).model_validate(
        {
            **methodology.model_dump(by_alias=True),
            "groups": [
                methodology.groups[0].model_dump(by_alias=True),
                group.model_dump(by_alias=True),
            ],
            "scoring": scoring.model_dump(by_alias=True),
        }
    )
    scores = compute_scores(moments, changed)
    found = read_out(scores, "estimate")
    assert found["C1", "citizens", "back"] == pytest.approx(0.5 * 75 + 0.5 * 50)
    assert scores.n_reweighted == 0
    refused = compute_scores(moments, replace_scoring(methodology))
    assert np.isnan(read_out(refused, "estimate")["C1", "citizens", "back"])


def replace_scoring(methodology: Methodology) -> Methodology:
    raw = methodology.model_dump(by_alias=True)
    raw["scoring"]["missing_indicator"] = "refuse"
    return type(methodology).model_validate(raw)


def test_rounding_noise_never_makes_a_variance_negative(
    complete_answers: pd.DataFrame, methodology: Methodology, make_moments: Any
) -> None:
    moments = make_moments(complete_answers, methodology)
    noisy = replace(moments, cov_mean=moments.cov_mean * 0 - 1e-14)
    frame = compute_scores(noisy, methodology).frame
    assert (frame["std_error"] == 0).all()
