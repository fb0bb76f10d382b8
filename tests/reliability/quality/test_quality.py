"""Answer quality: each rule against plain Python or scipy, shares, centres, effects, refusals."""

from dataclasses import replace
from itertools import groupby

import numpy as np
import pandas as pd
import pingouin
import pytest
from numpy.random import SeedSequence
from scipy.spatial.distance import mahalanobis
from scipy.stats import chi2, fisher_exact
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from clientindex.counts import count_pairs, keyed_values
from clientindex.methodology.reliability_settings import QualityRule, QualityRules
from clientindex.reliability.quality import assess_quality
from clientindex.reliability.quality.indices import (
    CHECKS,
    Answers,
    check_duplicates,
    check_longest_run,
    check_outlier,
    check_person_total,
    check_speeding,
    check_straight_lining,
)
from clientindex.reliability.quality.outliers import compute_outlyingness
from clientindex.results import load_result, save_result

SEED = SeedSequence(3)
KEYS = [
    *(f"a{i}" for i in range(1, 6)),
    *(f"b{i}" for i in range(1, 5)),
    *(f"c{i}" for i in range(1, 7)),
]


def rule(limit):
    return QualityRule(limit=limit, source="test")


STRICT = QualityRules(outlier=rule(0.9), person_total=rule(-0.1))
"""Limits that flag many."""


@pytest.fixture(scope="module")
def spoilt(reliability_answers):
    """Real answers, some missing; centre c03 is stuffed with one vector, c07 lines straight."""
    rng = np.random.default_rng(8)
    answers = reliability_answers.copy().astype(dict.fromkeys(KEYS, float))
    values = answers[KEYS].to_numpy()
    values[rng.random(values.shape) < 0.04] = np.nan
    stuffed = np.flatnonzero(answers["centre"] == "c03")[:6]
    values[stuffed] = [5, 5, 2, 4, 5, 4, 5, 5, 4, 5, 5, 4, 5, 5, 4]
    values[np.flatnonzero(answers["centre"] == "c07")[:4]] = 5
    answers[KEYS] = values
    return answers


@pytest.fixture(scope="module")
def prepare(make_letters, code_answers):
    """Return a function from answers to responses, counts, methodology and regions."""

    def prepare(frame, *, segments=("citizens",), **settings):
        methodology = make_letters(replicates=100, segments=segments)
        changed = methodology.reliability.model_copy(update=settings)
        methodology = methodology.model_copy(update={"reliability": changed})
        responses = code_answers(frame, methodology)
        strata = dict(zip(frame["centre"], frame["region"], strict=True))
        return responses, count_pairs(responses, methodology), methodology, strata

    return prepare


@pytest.fixture(scope="module")
def answers(prepare, spoilt):
    responses, _, methodology, _ = prepare(spoilt)
    keyed = spoilt[KEYS].assign(a3=6 - spoilt["a3"])
    return Answers(
        responses=responses,
        values=keyed_values(methodology),
        mean=keyed.mean().to_numpy(),
        cov=keyed.cov().to_numpy(),
    )


@pytest.fixture(scope="module")
def found(prepare, spoilt):
    responses, counts, methodology, strata = prepare(spoilt)
    return assess_quality(responses, counts, methodology, strata=strata, seed=SEED)


def in_rows(spoilt):
    """Answers of every respondent as given, without the missing ones."""
    return [[value for value in row if value == value] for row in spoilt[KEYS].to_numpy()]


def test_straight_lines_are_answers_with_one_option(answers, spoilt):
    found = check_straight_lining(answers, rule(10))
    given = in_rows(spoilt)
    assert list(found.able) == [len(row) >= 10 for row in given]
    assert list(found.flagged) == [len(row) >= 10 and len(set(row)) == 1 for row in given]
    assert found.flagged.sum() == 4


def test_longest_runs_are_those_of_itertools(answers, spoilt):
    runs = [max(len(list(run)) for _, run in groupby(row)) for row in in_rows(spoilt)]
    for share in (0.3, 0.5, 0.75):
        found = check_longest_run(answers, rule(share))
        given = [len(row) for row in in_rows(spoilt)]
        expected = [r >= share * n and n >= 7.5 for r, n in zip(runs, given, strict=True)]
        assert list(found.flagged) == expected


def test_distances_are_those_of_scipy(answers, spoilt):
    keyed = spoilt[KEYS].assign(a3=6 - spoilt["a3"]).to_numpy()
    found = compute_outlyingness(answers.responses.codes, answers.values, answers.mean, answers.cov)
    for row in range(0, 600, 7):
        here = np.flatnonzero(~np.isnan(keyed[row]))
        inverse = np.linalg.inv(answers.cov[np.ix_(here, here)])
        distance = mahalanobis(keyed[row, here], answers.mean[here], inverse)
        assert found[row] == pytest.approx(chi2.cdf(distance**2, len(here)), abs=1e-10)
    flagged = check_outlier(answers, rule(0.99)).flagged
    np.testing.assert_array_equal(flagged, found > 0.99)


PAIRED = [*(f"b{i}" for i in range(1, 5)), "c1", "c4"]


def measure_distances(answers, cov):
    """Return where distances over six questions lie in the chi-square distribution."""
    codes = np.nan_to_num(answers.to_numpy(float)).astype(np.uint8)
    values = np.tile(np.arange(6.0), (6, 1))
    return compute_outlyingness(codes, values, answers.mean().to_numpy(), cov.to_numpy())


def test_distances_of_complete_answers_are_those_of_psych(reliability_answers, reliability_folder):
    answers = reliability_answers[PAIRED]
    expected = pd.read_csv(reliability_folder / "distances.csv")["complete"]
    found = measure_distances(answers, answers.cov())
    np.testing.assert_allclose(found, chi2.cdf(expected, 6), atol=1e-10)


def test_psych_takes_a_missing_answer_for_the_mean_and_comes_nearer(
    reliability_answers, reliability_folder
):
    """psych::outlier puts 0 for what is missing after centring, with all degrees of freedom.

    Such a respondent seems nearer than the answers that there are. Ours is the distance over those
    answers, which is chi-square with as many degrees of freedom if answers are normal.
    """
    answers = reliability_answers[PAIRED].astype({"b1": float})
    answers.loc[::7, "b1"] = np.nan
    cov = answers.cov()
    found = measure_distances(answers, cov)
    theirs = pd.read_csv(reliability_folder / "distances.csv")["gaps"].to_numpy()
    complete = answers["b1"].notna().to_numpy()
    np.testing.assert_allclose(found[complete], chi2.cdf(theirs[complete], 6), atol=1e-10)
    rest = PAIRED[1:]
    inverse = np.linalg.inv(cov.loc[rest, rest].to_numpy())
    x = (answers[rest] - answers[rest].mean())[~complete].to_numpy()
    squares = (x @ inverse * x).sum(axis=1)
    np.testing.assert_allclose(found[~complete], chi2.cdf(squares, 5), atol=1e-10)
    zero = np.column_stack([np.zeros(len(x)), x])
    filled = (zero @ np.linalg.inv(cov.to_numpy()) * zero).sum(axis=1)
    np.testing.assert_allclose(theirs[~complete], filled, rtol=1e-9)
    assert (chi2.cdf(filled, 6) < found[~complete]).mean() > 0.5


def test_person_total_correlations_are_those_of_numpy(answers, spoilt):
    keyed = spoilt[KEYS].assign(a3=6 - spoilt["a3"]).to_numpy()
    for limit in (-0.3, 0.1):
        found = check_person_total(answers, rule(limit))
        for row in np.flatnonzero(found.able)[::11]:
            here = ~np.isnan(keyed[row])
            r = np.corrcoef(keyed[row, here], answers.mean[here])[0, 1]
            assert found.flagged[row] == (r < limit)
    lined = np.flatnonzero(spoilt["centre"] == "c07")[:4]
    assert found.able[lined].all()


def test_equal_answers_count_within_a_centre_and_day(answers, spoilt):
    stuffed = np.flatnonzero(spoilt["centre"] == "c03")[:6]
    together = check_duplicates(answers, rule(4))
    assert set(stuffed) <= set(np.flatnonzero(together.flagged))
    vectors = [
        (c, *row) for c, row in zip(spoilt["centre"], answers.responses.codes.tolist(), strict=True)
    ]
    copies = pd.Series(vectors).map(pd.Series(vectors).value_counts())
    np.testing.assert_array_equal(together.flagged, (copies >= 4) & answers.half)
    day = np.arange(600, dtype=np.int32) % 2
    apart = replace(answers, responses=replace(answers.responses, day=day))
    assert not check_duplicates(apart, rule(4)).flagged[stuffed].any()
    assert check_duplicates(apart, rule(3)).flagged[stuffed].all()
    unknown = replace(answers, responses=replace(answers.responses, day=np.full(600, -1, np.int32)))
    assert check_duplicates(unknown, rule(4)).flagged[stuffed].all()


def test_speeding_is_seconds_for_an_answer(answers, spoilt):
    assert check_speeding(answers, rule(2)) == "no_duration"
    duration = np.linspace(0, 60, 600)
    duration[10] = np.nan
    timed = replace(answers, responses=replace(answers.responses, duration=duration))
    found = check_speeding(timed, rule(2))
    n = [len(row) for row in in_rows(spoilt)]
    expected = [d < 2 * k for d, k in zip(duration, n, strict=True)]
    np.testing.assert_array_equal(found.flagged, expected)
    assert not found.able[10]


def take(frame, **values):
    chosen = frame
    for name, value in values.items():
        chosen = chosen[chosen[name] == value]
    return chosen


def test_shares_are_of_those_to_whom_a_rule_applies(found, answers, spoilt):
    flagged = check_person_total(answers, rule(-0.5))
    row = take(found.shares, kind="all", rule="person_total").iloc[0]
    assert row["n"] == flagged.able.sum()
    assert row["n_flagged"] == flagged.flagged.sum()
    assert row["estimate"] == pytest.approx(flagged.flagged.sum() / flagged.able.sum())
    assert row["ci_low"] <= row["estimate"] <= row["ci_high"]
    here = (spoilt["region"] == "r0").to_numpy()
    part = take(found.shares, kind="region", part="r0", rule="person_total").iloc[0]
    assert part["n"] == flagged.able[here].sum()


def test_centres_are_tested_by_fisher_at_a_false_discovery_rate(found):
    rows = take(found.centres, rule="duplicates").set_index("centre")
    n, k = rows["n"].sum(), rows["n_flagged"].sum()
    own = rows.loc["c03"]
    table = [
        [own["n_flagged"], own["n"] - own["n_flagged"]],
        [k - own["n_flagged"], n - own["n"] - (k - own["n_flagged"])],
    ]
    assert own["p_value"] == pytest.approx(fisher_exact(table, alternative="greater")[1])
    q = multipletests(rows["p_value"], method="fdr_bh")[1]
    np.testing.assert_allclose(rows["q_value"], q)
    assert set(rows.index[rows["flagged"]]) == set(rows.index[q <= 0.05])
    assert "c03" in set(rows.index[rows["flagged"]])
    low, high = proportion_confint(own["n_flagged"], own["n"], method="wilson")
    assert [own["ci_low"], own["ci_high"]] == pytest.approx([low, high])


def test_effects_are_alpha_and_index_without_the_flagged(found, answers, spoilt):
    kept = ~check_duplicates(answers, rule(3)).flagged
    keys = ["b1", "b2", "b3", "b4"]
    full = spoilt[keys].cov(), spoilt[kept][keys].cov()
    alpha = [4 / 3 * (1 - np.trace(c) / c.to_numpy().sum()) for c in full]
    row = take(found.effects, kind="all", rule="duplicates", statistic="alpha", group="b").iloc[0]
    assert [row["before"], row["after"]] == pytest.approx(alpha)
    assert row["estimate"] == pytest.approx(alpha[1] - alpha[0])
    assert row["n_removed"] == (~kept).sum()
    index = take(found.effects, kind="all", rule="duplicates", statistic="index").iloc[0]
    points = 25 * (spoilt[KEYS].assign(a3=6 - spoilt["a3"]) - 1)
    score = [
        sum(part[[k for k in KEYS if k[0] == g]].mean(axis=1) for g in "abc") / 3
        for part in (
            points.groupby(spoilt["centre"]).mean(),
            points[kept].groupby(spoilt["centre"][kept]).mean(),
        )
    ]
    assert index["n_centres"] == 40
    assert [index["before"], index["after"]] == pytest.approx([s.mean() for s in score])
    change = pingouin.ttest(score[1], score[0], paired=True)
    low, high = change["CI95"].iloc[0] if "CI95" in change else change["CI95%"].iloc[0]
    assert [index["ci_low"], index["ci_high"]] == pytest.approx([low, high], abs=0.006)


def test_effects_of_segments_are_those_of_the_answers_that_stay(prepare, reliability_answers):
    """Alpha by pandas on the filtered answers; half the weight for the index of each segment."""
    segment = np.where(np.arange(600) % 3 == 0, "employers", "citizens")
    frame = reliability_answers.assign(segment=segment)
    responses, counts, methodology, strata = prepare(
        frame, segments=("citizens", "employers"), quality=STRICT
    )
    found = assess_quality(responses, counts, methodology, strata=strata, seed=SEED)
    keyed = reliability_answers[KEYS].assign(a3=6 - reliability_answers["a3"])
    given = Answers(
        responses=responses,
        values=keyed_values(methodology),
        mean=keyed.mean().to_numpy(),
        cov=keyed.cov().to_numpy(),
    )
    kept = ~check_person_total(given, STRICT.person_total).flagged
    assert (~kept).sum() > 20
    keys = ["c1", "c2", "c3", "c4", "c5", "c6"]
    for part in ("citizens", "employers"):
        own = segment == part
        alphas = [
            6 / 5 * (1 - np.trace(c) / c.to_numpy().sum())
            for c in (
                reliability_answers[own][keys].cov(),
                reliability_answers[own & kept][keys].cov(),
            )
        ]
        chosen = {"kind": "segment", "part": part, "rule": "person_total", "group": "c"}
        row = take(found.effects, statistic="alpha", **chosen).iloc[0]
        assert [row["before"], row["after"]] == pytest.approx(alphas)
        assert row["n_removed"] == (own & ~kept).sum()
    points = 25 * (keyed - 1)
    cells = points[kept].groupby([reliability_answers["centre"][kept], segment[kept]]).mean()
    index = sum(cells[[k for k in KEYS if k[0] == g]].mean(axis=1) for g in "abc") / 3
    index = index.unstack().dropna()  # noqa: PD010 - one row a centre
    row = take(found.effects, kind="all", rule="person_total", statistic="index").iloc[0]
    assert len(index) == row["n_centres"]
    assert row["after"] == pytest.approx(index.mean(axis=1).mean())


def test_both_sides_of_an_effect_have_an_interval(found):
    rows = found.effects
    for side in ("before", "after"):
        assert (rows[f"{side}_low"] <= rows[side]).all()
        assert (rows[side] <= rows[f"{side}_high"]).all()
    index = take(rows, kind="all", rule="any", statistic="index").iloc[0]
    of_centres = found.changes["after"]
    low, high = pingouin.ttest(of_centres, 0)["CI95"].iloc[0]
    assert [index["after_low"], index["after_high"]] == pytest.approx([low, high], abs=0.006)


@pytest.fixture(scope="module")
def complete(prepare, reliability_answers):
    """Complete answers with the respondents whom a rule flags."""
    responses, counts, methodology, strata = prepare(reliability_answers, quality=STRICT)
    found = assess_quality(responses, counts, methodology, strata=strata, seed=SEED)
    active = methodology.reliability.quality.list_active()
    keyed = reliability_answers[KEYS].assign(a3=6 - reliability_answers["a3"])
    answers = Answers(
        responses=responses,
        values=keyed_values(methodology),
        mean=keyed.mean().to_numpy(),
        cov=keyed.cov().to_numpy(),
    )
    checked = [CHECKS[name](answers, active[name]).flagged for name in active if name != "speeding"]
    points = 25 * (keyed - 1)
    score = sum(points[[k for k in KEYS if k[0] == g]].mean(axis=1) for g in "abc") / 3
    return found, score.to_numpy(), np.any(checked, axis=0)


def test_interval_of_a_centres_change_counts_the_answers_that_both_means_share(
    complete, reliability_answers
):
    """Mean of those who stay less mean of all: V + V' - 2 cov, with cov = V' n' / n."""
    found, score, flagged = complete
    rows = found.changes.set_index("centre")
    told = 0
    for centre, at in reliability_answers.groupby("centre").indices.items():
        kept = at[~flagged[at]]
        row = rows.loc[centre]
        assert row["n_removed"] == len(at) - len(kept)
        assert row["estimate"] == pytest.approx(score[kept].mean() - score[at].mean(), abs=1e-9)
        v, w = (score[part].var(ddof=1) / len(part) for part in (at, kept))
        error = np.sqrt(max(v + w * (1 - 2 * len(kept) / len(at)), 0.0)) * (len(kept) < len(at))
        margin = 1.959963984540054 * error
        assert row["ci_high"] - row["estimate"] == pytest.approx(margin, abs=1e-7)
        assert row["estimate"] - row["ci_low"] == pytest.approx(margin, abs=1e-7)
        told += error > 0
    assert told > 5


def test_error_of_a_change_is_that_of_resampled_respondents(complete, reliability_answers):
    """Respondents of a centre drawn again with what the rules say of them."""
    found, score, flagged = complete
    rows = found.changes.set_index("centre")
    places = reliability_answers.groupby("centre").indices
    centre = max(places, key=lambda name: flagged[places[name]].sum())
    own, kept = score[places[centre]], ~flagged[places[centre]]
    assert (~kept).sum() >= 3
    drawn = np.random.default_rng(1).integers(0, len(own), (20_000, len(own)))
    stay = kept[drawn].sum(axis=1)
    change = (own[drawn] * kept[drawn]).sum(axis=1) / stay - own[drawn].mean(axis=1)
    error = (rows.loc[centre, "ci_high"] - rows.loc[centre, "estimate"]) / 1.959964
    assert error == pytest.approx(change.std(), rel=0.1)


def test_changes_tell_the_index_of_every_centre(found):
    rows = found.changes.set_index("centre")
    assert len(rows) == 40
    assert rows.loc["c03", "n_removed"] >= 6
    assert rows.loc["c03", "estimate"] < 0
    untouched = rows[rows["n_removed"] == 0]
    assert (untouched["estimate"] == 0).all()


def test_complete_alpha_without_anybody_flagged_is_pingouins(prepare, reliability_answers):
    responses, counts, methodology, strata = prepare(reliability_answers)
    found = assess_quality(responses, counts, methodology, strata=strata, seed=SEED)
    row = take(found.effects, kind="all", rule="any", statistic="alpha", group="c").iloc[0]
    keys = [f"c{i}" for i in range(1, 7)]
    assert row["before"] == pytest.approx(pingouin.cronbach_alpha(reliability_answers[keys])[0])


def test_rules_are_switched_off_and_what_cannot_be_applied_is_named(prepare, spoilt):
    quality = prepare(spoilt)[2].reliability.quality
    some = quality.model_copy(update={"straight_lining": None, "person_total": None})
    twice = spoilt.assign(c2=spoilt["c1"])
    responses, counts, methodology, strata = prepare(twice, quality=some)
    found = assess_quality(responses, counts, methodology, strata=strata, seed=SEED)
    whole = take(found.left_out, kind="all", statistic="")
    reasons = dict(zip(whole["rule"], whole["reason"], strict=True))
    assert reasons == {"speeding": "no_duration", "outlier": "singular"}
    assert list(found.rules["rule"]) == ["longest_run", "duplicates"]
    assert not found.by_day


def test_a_rule_that_applies_to_nobody_is_named(prepare, spoilt):
    few = spoilt.copy()
    few[KEYS[3:]] = np.nan
    responses, counts, methodology, strata = prepare(few)
    found = assess_quality(responses, counts, methodology, strata=strata, seed=SEED)
    reasons = dict(zip(found.left_out["rule"], found.left_out["reason"], strict=True))
    assert reasons["longest_run"] == "not_applicable"
    assert reasons["outlier"] == "singular"
    assert not len(found.shares)


def test_a_centre_that_only_has_suspicious_answers_has_no_index_left(prepare, spoilt):
    lined = spoilt.copy()
    lined.loc[lined["centre"] == "c09", KEYS] = 5
    responses, counts, methodology, strata = prepare(lined)
    found = assess_quality(responses, counts, methodology, strata=strata, seed=SEED)
    row = take(found.changes, centre="c09").iloc[0]
    assert row["n_removed"] == row["n"]
    assert np.isnan(row[["after", "estimate", "ci_low", "ci_high"]].astype(float)).all()
    reason = take(found.left_out, rule="any", statistic="index").iloc[0]
    assert (reason["reason"], reason["detail"]) == ("too_few_answers", "c09")
    index = take(found.effects, kind="all", rule="any", statistic="index").iloc[0]
    assert index["n_centres"] == 39


def test_alpha_that_nobody_is_left_for_says_why(prepare, spoilt):
    """Without those who repeat themselves an indicator has one answer."""
    answers = spoilt.astype(dict.fromkeys(KEYS, float))
    repeated = answers["centre"] == "c03"
    answers.loc[repeated, KEYS] = [5, 5, 2, 4, 5, 4, 5, 5, 4, 5, 5, 4, 5, 5, 4]
    answers.loc[~repeated, "b2"] = 3
    quality = prepare(spoilt)[2].reliability.quality
    only = dict.fromkeys(type(quality).model_fields) | {"duplicates": quality.duplicates}
    responses, counts, methodology, strata = prepare(
        answers, quality=quality.model_copy(update=only)
    )
    found = assess_quality(responses, counts, methodology, strata=strata, seed=SEED)
    rows = take(found.left_out, kind="all", rule="duplicates", statistic="alpha")
    reasons = dict(
        zip(rows["group"], zip(rows["reason"], rows["detail"], strict=True), strict=True)
    )
    assert reasons == {"b": ("zero_variance", "b2"), "index": ("zero_variance", "b2")}
    assert set(take(found.effects, kind="all", statistic="alpha")["group"]) == {"a", "c"}


def test_one_centre_has_shares_without_an_interval(prepare, spoilt):
    one = spoilt.assign(centre="c00", region="r0")
    responses, counts, methodology, strata = prepare(one)
    found = assess_quality(responses, counts, methodology, strata=strata, seed=SEED)
    row = take(found.shares, kind="all", rule="straight_lining").iloc[0]
    assert row["n_flagged"] == 4
    assert np.isnan(row["ci_low"])
    assert not len(found.effects)
    reasons = take(found.left_out, kind="all", rule="straight_lining", statistic="")["reason"]
    assert list(reasons) == ["one_centre"]


def test_a_result_that_was_saved_is_read_back_equal(found, tmp_path):
    save_result(found, tmp_path, name="answer_quality")
    again = load_result(tmp_path, name="answer_quality")
    pd.testing.assert_frame_equal(again.centres, found.centres)
    pd.testing.assert_frame_equal(again.effects, found.effects)
    assert set(again.tidy()["statistic"]) >= {"share_duplicates", "share_any"}
