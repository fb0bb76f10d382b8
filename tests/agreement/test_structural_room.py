"""Lines of every subject: published results through the room, known slopes, undefined lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from agreement_sources import Model, combine, make_sources, simulate_sources
from clientindex.agreement.structural import fit_left_out, make_passing_bablok
from clientindex.agreement.structural.known_errors import read_method_errors
from clientindex.agreement.structural.passing_bablok import take_slopes
from clientindex.agreement.structural.passing_bablok_jackknife import fit_passing_bablok_left_out
from clientindex.agreement.structural.room import assess_structural
from clientindex.counts import draw_centre_weights
from clientindex.results import MethodVariance, StructuralRelation, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.agreement.sources import TwoSources
    from clientindex.methodology import Methodology

SEED = 11
NO_VARIANCE = Unavailable(stage="agreement", reason="too_few_centres")
DATASET = "BA1986 pefr x=wright1 y=mini1"
REFERENCE = {
    ("least_squares", "analytical"): "OLS analytical",
    ("least_squares", "jackknife"): "OLS jackknife",
    ("deming_equal", "analytical"): "Deming(lambda=1) analytical",
    ("deming_equal", "jackknife"): "Deming(lambda=1) jackknife",
    ("passing_bablok", "ranks"): "Passing-Bablok analytical",
}
LINES = ["least_squares", "inverse_least_squares", "errors_in_variables", "traits", "deming"]
LINES += ["deming_equal", "passing_bablok"]


def run(
    sources: TwoSources,
    methodology: Methodology,
    variance: MethodVariance | Unavailable = NO_VARIANCE,
) -> StructuralRelation:
    seed = np.random.SeedSequence(SEED)
    found = assess_structural(sources, methodology, variance=variance, seed=seed)
    assert isinstance(found, StructuralRelation)
    return found


def get(found: StructuralRelation, line: str, method: str, subject: str = "index") -> pd.DataFrame:
    rows = found.lines
    rows = rows[(rows["subject"] == subject) & (rows["line"] == line) & (rows["method"] == method)]
    return rows.set_index("statistic")


def make_variance(**values: float) -> MethodVariance:
    """Make a decomposition whose specific parts are the same in both groups."""
    rows = [("centre", "all", name, values[name]) for name in ("halo", "checklist_method")]
    for group in ("front", "back"):
        rows += [
            ("centre", group, name, values[name])
            for name in ("survey_specific", "checklist_specific")
        ]
    rows += [("region", "all", "halo", 99.0), ("centre", "all", "survey_specific", 77.0)]
    frame = pd.DataFrame(rows, columns=["level_of", "subject", "statistic", "estimate"])
    empty = pd.DataFrame()
    return MethodVariance(
        frame=frame, check=empty, left_out=empty, level=0.95, n=1, n_dropped=0, n_regions=1
    )


def test_lines_are_the_published_ones(methodology: Methodology, shared_reference: Path) -> None:
    data = pd.read_csv(shared_reference / "data" / "BA1986_pefr.csv")
    shape = (len(data), 3 + len(methodology.indicator_keys))
    sources = make_sources(
        methodology,
        survey=np.broadcast_to(data[["wright1"]].to_numpy(float), shape),
        checklist=np.broadcast_to(data[["mini1"]].to_numpy(float), shape),
        covariance=np.zeros((*shape, shape[1])),
        regions=np.array(["R"] * len(data)),
    )
    found = run(sources, methodology)
    table = pd.read_csv(shared_reference / "agreement.csv", keep_default_na=False, dtype=str)
    table = table[(table["dataset"] == DATASET) & (table["package"] == "mcr 1.3.3.1")]
    table = table[table["trust"] == "ok"].set_index("statistic")
    names = {"estimate": "estimate", "ci_low": "lower", "ci_high": "upper", "std_error": "se"}
    for (line, method), theirs in REFERENCE.items():
        for coefficient in ("intercept", "slope"):
            row = table.loc[f"{theirs} {coefficient}"]
            ours = get(found, line, method).loc[coefficient]
            for column, value in names.items():
                if row[value]:
                    assert ours[column] == pytest.approx(float(row[value]), rel=1e-9), theirs
    # Without sampling error the errors-in-variables line is least squares.
    one, two = (get(found, name, "jackknife") for name in ("errors_in_variables", "least_squares"))
    assert one.loc["slope", "ci_low"] == pytest.approx(two.loc["slope", "ci_low"])


@pytest.mark.parametrize("step", [0.01, 1.0, 4.0])
def test_passing_bablok_without_each_centre_is_the_weighted_fit(step: float) -> None:
    rng = np.random.default_rng(4)
    x = np.round(rng.normal(60, 8, 60) / step) * step
    y = np.round((x + rng.normal(0, 6, 60)) / step) * step
    found = fit_passing_bablok_left_out(x, y, taken=take_slopes(x, y))
    expected = fit_left_out(make_passing_bablok(x, y), 60)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_errors_of_the_index_weigh_specific_parts_with_squares() -> None:
    variance = make_variance(
        halo=4.0, checklist_method=9.0, survey_specific=10.0, checklist_specific=20.0
    )
    found = read_method_errors(variance, weights={"front": 0.6, "back": 0.4})
    assert set(found) == {"front", "back", "index"}
    assert (found["front"].survey, found["back"].checklist) == (14.0, 29.0)
    assert found["index"].survey == pytest.approx(4 + 0.52 * 10)
    assert found["index"].checklist == pytest.approx(9 + 0.52 * 20)
    assert read_method_errors(NO_VARIANCE, weights={"front": 1.0}) == {}


TRUTH = Model(
    centres=800,
    trait=7.0,
    trait_own=3.0,
    halo=4.0,
    survey_specific=3.0,
    method=8.0,
    checklist_specific=4.0,
    region=0.0,
    sampling=(2.0, 5.0),
)


@pytest.fixture(scope="module")
def known(methodology: Methodology) -> StructuralRelation:
    sources = simulate_sources(methodology, TRUTH, seed=6).sources
    variance = make_variance(
        halo=16.0, checklist_method=64.0, survey_specific=9.0, checklist_specific=16.0
    )
    return run(sources, methodology, variance)


def test_slopes_are_those_of_the_simulated_truth(known, methodology) -> None:
    weights = combine(methodology)[0]
    groups = np.array([g.weight for g in methodology.groups])
    trait = 49 + 9 * (groups**2).sum()
    felt = trait + 16 + 9 * (groups**2).sum()
    assert weights.sum() == pytest.approx(1)
    for method in ("analytical", "jackknife", "bootstrap"):
        # On the trait the slope is 1; halo dilutes the relation to what visitors say.
        for line, slope in (("traits", 1.0), ("errors_in_variables", trait / felt)):
            row = get(known, line, method).loc["slope"]
            assert row["ci_low"] < slope < row["ci_high"]
            assert row["std_error"] < 0.1
        row = get(known, "deming", method).loc["slope"]
        assert row["ci_low"] < 1.0 < row["ci_high"]
        # Ratio 1 takes method variance for random error.
        assert get(known, "deming_equal", method).loc["slope", "ci_low"] > 1.0
    assert get(known, "passing_bablok", "ranks").loc["slope", "ci_low"] > 1.0
    low = get(known, "least_squares", "jackknife").loc["slope", "estimate"]
    high = get(known, "inverse_least_squares", "jackknife").loc["slope", "estimate"]
    assert low < trait / felt < 1.0 < high
    rest = get(known, "traits", "jackknife").loc["equation_variance"]
    assert rest["ci_low"] < 64 + 16 * (groups**2).sum() < rest["ci_high"]


def test_constants_are_shares_of_variances(known, methodology) -> None:
    sources = simulate_sources(methodology, TRUTH, seed=6).sources
    constants = known.constants.set_index(["subject", "statistic"])["estimate"]
    spread = sources.survey[:, 0].var(ddof=1)
    error = sources.covariance[:, 0, 0].mean()
    assert constants["index", "reliability_survey"] == pytest.approx(1 - error / spread)
    more = error + 16 + 9 * 0.52
    assert constants["index", "trait_share"] == pytest.approx(1 - more / spread)
    assert constants["index", "error_ratio"] == pytest.approx(more / (64 + 16 * 0.52))
    error = sources.covariance[:, 1, 1].mean() + 16 + 9
    assert constants["front", "error_ratio"] == pytest.approx(error / (64 + 16))


def test_every_subject_has_every_line(known) -> None:
    assert known.left_out.empty
    rows = known.lines
    assert rows["subject"].unique().tolist() == ["index", "front", "back"]
    for _, part in rows.groupby("subject"):
        assert part["line"].unique().tolist() == LINES
    by_line = rows[rows["subject"] == "front"].groupby("line", sort=False)
    methods = by_line["method"].unique().map(list).to_dict()
    three = ["analytical", "jackknife", "bootstrap"]
    assert methods == dict.fromkeys(LINES, three) | {
        "inverse_least_squares": three[1:],
        "passing_bablok": ["ranks", "jackknife"],
    }
    missing = rows[rows.isna().any(axis=1)]
    assert set(missing["method"]) == {"ranks"}
    assert missing.drop(columns="std_error").notna().all(axis=None)
    assert len(known.tidy()) == len(rows)


def test_the_bootstrap_draws_one_less_of_every_region(methodology: Methodology) -> None:
    sources = simulate_sources(methodology, replace(TRUTH, centres=60, regions=5), seed=7).sources
    found = get(run(sources, methodology), "least_squares", "bootstrap").loc["slope"]
    child = np.random.SeedSequence(SEED).spawn(3)[0]
    replicates = methodology.intervals.bootstrap_replicates
    weights = draw_centre_weights(list(sources.regions), replicates, np.random.default_rng(child))
    x, y = sources.survey[:, 0], sources.checklist[:, 0]
    slopes = [np.polyfit(x, y, 1, w=np.sqrt(w))[0] for w in weights]
    low, high = np.quantile(slopes, [0.025, 0.975], method="weibull")
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((low, high), rel=1e-9)
    assert found["std_error"] == pytest.approx(np.std(slopes, ddof=1), rel=1e-9)


def test_lines_that_need_the_decomposition_are_left_out_without_it(methodology) -> None:
    sources = simulate_sources(methodology, replace(TRUTH, centres=40, regions=3), seed=7).sources
    found = run(sources, methodology)
    expected = [
        [s, line, "no_decomposition", ""]
        for s in ("index", "front", "back")
        for line in ("traits", "deming")
    ]
    assert found.left_out.to_numpy().tolist() == expected
    assert set(found.constants["statistic"]) == {"reliability_survey"}


def test_components_below_zero_and_no_variance_are_told(methodology) -> None:
    sources = simulate_sources(methodology, replace(TRUTH, centres=40, regions=3), seed=7).sources
    odd = make_variance(
        halo=-30.0, checklist_method=-5.0, survey_specific=1.0, checklist_specific=1.0
    )
    told = run(sources, methodology, odd).left_out
    told = told[told["subject"] == "index"].set_index("statistic")["reason"].to_dict()
    assert told == {"traits": "negative_component", "deming": "error_ratio_not_positive"}
    vast = make_variance(
        halo=5000.0, checklist_method=5.0, survey_specific=1.0, checklist_specific=1.0
    )
    found = run(sources, methodology, vast)
    assert set(found.left_out["statistic"]) == {"traits"}
    assert set(found.left_out["reason"]) == {"no_variance_left"}
    constants = found.constants.set_index(["subject", "statistic"])["estimate"]
    assert constants["index", "trait_share"] < 0


def test_constant_sides_and_too_few_centres_are_refused(methodology) -> None:
    sources = simulate_sources(methodology, replace(TRUTH, centres=40, regions=3), seed=7).sources
    constant = replace(sources, checklist=np.full_like(sources.checklist, 100.0))
    seed = np.random.SeedSequence(1)
    found = assess_structural(constant, methodology, variance=NO_VARIANCE, seed=seed)
    assert found == Unavailable(stage="agreement", reason="constant_source", detail="checklist")
    checklist = sources.checklist.copy()
    checklist[1:] = np.nan
    single = replace(sources, checklist=checklist)
    found = assess_structural(single, methodology, variance=NO_VARIANCE, seed=seed)
    assert found == Unavailable(stage="agreement", reason="too_few_centres", detail="1/3")
    checklist = sources.checklist.copy()
    checklist[:, 1] = 50.0
    found = run(replace(sources, checklist=checklist), methodology)
    rows = found.left_out[found.left_out["subject"] == "front"]
    assert rows.to_numpy().tolist() == [["front", "", "constant_source", "checklist"]]


@pytest.mark.parametrize("centres", [3, 4, 6])
def test_a_handful_of_centres_has_lines_or_reasons(methodology, centres) -> None:
    model = replace(TRUTH, centres=60, regions=5, sampling=(0.5, 1.0))
    sources = simulate_sources(methodology, model, seed=8).sources
    checklist = sources.checklist.copy()
    checklist[centres:] = np.nan
    found = run(replace(sources, checklist=checklist), methodology)
    missing = found.lines[found.lines.drop(columns="std_error").isna().any(axis=1)]
    assert missing.empty
    unnamed = found.lines[found.lines["std_error"].isna() & (found.lines["method"] != "ranks")]
    assert unnamed.empty
    shown = set(zip(found.lines["subject"], found.lines["line"], strict=True))
    told = set(zip(found.left_out["subject"], found.left_out["statistic"], strict=True))
    wanted = {(s, line) for s in ("index", "front", "back") for line in LINES}
    assert wanted <= shown | told


def test_the_same_seed_gives_the_same_lines(methodology) -> None:
    sources = simulate_sources(methodology, replace(TRUTH, centres=40, regions=3), seed=7).sources
    one, two = run(sources, methodology), run(sources, methodology)
    pd.testing.assert_frame_equal(one.lines, two.lines)
