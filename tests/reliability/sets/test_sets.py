"""Changed sets of indicators against the same statistics of the reduced answers."""

from itertools import combinations

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy.optimize import minimize

from clientindex.errors import StatisticsError
from clientindex.reliability import compare_sets, list_scopes
from clientindex.reliability.sets import assess_sets
from clientindex.reliability.sets.plan import change_set
from clientindex.results import INDEX, load_result, save_result

CLOSED_FORM = 1e-9
ITERATIVE = 1e-6
GROUPS = {"a": ["a1", "a2", "a4", "a5"], "b": ["b1", "b2", "b3", "b4"]}


@pytest.fixture(scope="module")
def two_groups(make_letters):
    return make_letters(GROUPS, reversed_keys=(), replicates=100)


@pytest.fixture(scope="module")
def scopes_of(count_letters):
    """Return a function that makes the parts of the data of answers."""

    def scopes_of(answers, methodology):
        counts, strata = count_letters(answers, methodology)
        return list_scopes(counts, methodology, strata)

    return scopes_of


@pytest.fixture(scope="module")
def found(scopes_of, two_groups, reliability_answers):
    return assess_sets(scopes_of(reliability_answers, two_groups), two_groups)


def take(frame, **values):
    for name, value in ({"kind": "all"} | values).items():
        frame = frame[frame[name] == value]
    return frame


def one(frame, **values):
    chosen = take(frame, **values)
    assert len(chosen) == 1
    return chosen.iloc[0]


def fit_omega(answers):
    """Omega total of one minres factor, by scipy on the residual correlations."""
    r = answers.corr().to_numpy()
    apart = ~np.eye(len(r), dtype=bool)

    def squares(loadings):
        return ((r - np.outer(loadings, loadings))[apart] ** 2).sum()

    best = minimize(squares, np.full(len(r), 0.7), tol=1e-14).x
    sd = answers.std().to_numpy()
    common = (best * sd).sum() ** 2
    return common / (common + (sd**2 * (1 - best**2)).sum())


def analyse_variance(answers, weights, centres):
    """ICC(2) of a weighted mean, 1 - MSW / MSB, by sums of squares."""
    y = 25 * (answers - 1) @ np.asarray(weights)
    means, n = y.groupby(centres).mean(), y.groupby(centres).size()
    between = (n * (means - y.mean()) ** 2).sum() / (len(n) - 1)
    within = ((y - y.groupby(centres).transform("mean")) ** 2).sum() / (len(y) - len(n))
    return 1 - within / between


@pytest.mark.parametrize("key", GROUPS["b"])
def test_without_an_indicator_a_group_is_what_the_others_make_it(found, reliability_answers, key):
    answers, rest = reliability_answers[GROUPS["b"]], [k for k in GROUPS["b"] if k != key]
    centres = reliability_answers["centre"]
    expected = {
        "alpha": [pingouin.cronbach_alpha(answers)[0], pingouin.cronbach_alpha(answers[rest])[0]],
        "omega_total": [fit_omega(answers), fit_omega(answers[rest])],
        "centre_reliability": [
            analyse_variance(answers, [1 / 4] * 4, centres),
            analyse_variance(answers[rest], [1 / 3] * 3, centres),
        ],
    }
    for statistic, (before, after) in expected.items():
        row = one(found.changes, change="drop", indicator=key, group="b", statistic=statistic)
        limit = ITERATIVE if statistic == "omega_total" else CLOSED_FORM
        assert row["before"] == pytest.approx(before, abs=limit)
        assert row["after"] == pytest.approx(after, abs=limit)
        assert row["estimate"] == pytest.approx(after - before, abs=2 * limit)


def test_the_index_without_an_indicator_keeps_the_weights_of_groups(found, reliability_answers):
    """Half a group each: three indicators of b share what four had."""
    rest = [*GROUPS["a"], *GROUPS["b"][1:]]
    weights = [1 / 8] * 4 + [1 / 6] * 3
    centres = reliability_answers["centre"]
    row = one(
        found.changes,
        change="drop",
        indicator="b1",
        group=INDEX,
        statistic="centre_reliability",
    )
    expected = analyse_variance(reliability_answers[rest], weights, centres)
    assert row["after"] == pytest.approx(expected, abs=CLOSED_FORM)
    alpha = one(found.changes, change="drop", indicator="b1", group=INDEX, statistic="alpha")
    expected, _ = pingouin.cronbach_alpha(reliability_answers[rest])
    assert alpha["after"] == pytest.approx(expected, abs=CLOSED_FORM)


def test_an_indicator_that_moves_leaves_one_group_and_joins_another(found, reliability_answers):
    centres = reliability_answers["centre"]
    moved = take(found.changes, change="move", indicator="b2", target="a")
    left, joined = ["b1", "b3", "b4"], [*GROUPS["a"], "b2"]
    for group, keys in (("b", left), ("a", joined)):
        answers = reliability_answers[keys]
        rows = moved[moved["group"] == group].set_index("statistic")
        expected, _ = pingouin.cronbach_alpha(answers)
        assert rows.loc["alpha", "after"] == pytest.approx(expected, abs=CLOSED_FORM)
        assert rows.loc["omega_total", "after"] == pytest.approx(fit_omega(answers), abs=ITERATIVE)
        share = [1 / len(keys)] * len(keys)  # it joins with the mean weight of the group
        assert rows.loc["centre_reliability", "after"] == pytest.approx(
            analyse_variance(answers, share, centres), abs=CLOSED_FORM
        )
    assert set(moved["group"]) == {"a", "b", INDEX}


def test_intervals_are_those_of_leaving_each_centre_out(found, reliability_answers):
    """The difference of alphas without each of the forty centres, eight of each of five regions."""
    centres = sorted(reliability_answers["centre"].unique())
    region = reliability_answers.groupby("centre")["region"].first()
    differences = []
    for centre in centres:
        rest = reliability_answers[reliability_answers["centre"] != centre]
        after, before = (
            pingouin.cronbach_alpha(rest[keys])[0] for keys in (GROUPS["b"][1:], GROUPS["b"])
        )
        differences.append(after - before)
    values = pd.Series(differences).groupby(region[centres].to_numpy())
    error = 39 / 40 * np.sqrt(8 / 7 * sum(((v - v.mean()) ** 2).sum() for _, v in values))
    row = one(found.changes, change="drop", indicator="b1", group="b", statistic="alpha")
    t = 2.0301079282503425  # qt(0.975, 35) of R
    assert row["ci_low"] == pytest.approx(row["estimate"] - t * error, abs=1e-8)
    assert row["ci_high"] == pytest.approx(row["estimate"] + t * error, abs=1e-8)


def test_both_sides_of_a_difference_have_the_interval_of_their_subset(found):
    whole = one(found.subsets, group="b", size=4, best_by="alpha", statistic="alpha")
    rows = take(found.changes, change="drop", group="b", statistic="alpha")
    for _, row in rows.iterrows():
        assert row["before_low"] == whole["ci_low"]
        assert row["before_high"] == whole["ci_high"]
        assert row["after_low"] < row["after"] < row["after_high"] < 1


def test_the_best_subset_is_that_of_all_subsets(found, reliability_answers):
    centres = reliability_answers["centre"]
    judges = {
        "alpha": lambda keys: pingouin.cronbach_alpha(reliability_answers[keys])[0],
        "omega_total": lambda keys: fit_omega(reliability_answers[keys]),
        "centre_reliability": lambda keys: analyse_variance(
            reliability_answers[keys], [1 / len(keys)] * len(keys), centres
        ),
    }
    for group, size in (("a", 2), ("a", 3), ("b", 2), ("b", 3)):
        subsets = [list(keys) for keys in combinations(GROUPS[group], size)]
        for statistic, judge in judges.items():
            if size == 2 and statistic == "omega_total":
                continue
            values = [judge(keys) for keys in subsets]
            best = int(np.argmax(values))
            row = one(found.subsets, group=group, size=size, best_by=statistic, statistic=statistic)
            assert row["indicators"] == ", ".join(subsets[best])
            assert row["estimate"] == pytest.approx(values[best], abs=ITERATIVE)
    assert found.exhaustive
    whole = one(found.subsets, group="a", size=4, best_by="alpha", statistic="alpha")
    assert whole["indicators"] == "a1, a2, a4, a5"


def test_a_subset_that_is_best_by_one_statistic_has_the_others_too(found):
    rows = take(found.subsets, group="b", size=3, best_by="centre_reliability")
    assert set(rows["statistic"]) == {"alpha", "omega_total", "centre_reliability"}
    assert len(set(rows["indicators"])) == 1


def test_a_long_group_loses_its_worst_indicator_in_turn(
    make_letters, scopes_of, reliability_answers
):
    """Thirteen indicators have 8,178 subsets; the path of alpha is that of pingouin by hand."""
    keys = [k for k in reliability_answers if len(k) == 2 and k not in {"a3", "c6"}]
    assert len(keys) == 13
    methodology = make_letters({"long": keys}, reversed_keys=(), replicates=100)
    scopes = scopes_of(reliability_answers, methodology)[:1]
    found = assess_sets(scopes, methodology)
    assert not found.exhaustive
    left = keys
    while len(left) > 9:
        shorter = [[k for k in left if k != out] for out in left]
        alphas = [pingouin.cronbach_alpha(reliability_answers[part])[0] for part in shorter]
        left = shorter[int(np.argmax(alphas))]
        row = one(found.subsets, group="long", size=len(left), best_by="alpha", statistic="alpha")
        assert row["indicators"] == ", ".join(left)
        assert row["estimate"] == pytest.approx(max(alphas), abs=CLOSED_FORM)


def test_missing_answers_are_left_pairwise(two_groups, scopes_of, reliability_answers):
    rng = np.random.default_rng(6)
    keys = [k for members in GROUPS.values() for k in members]
    gaps = reliability_answers.astype(dict.fromkeys(keys, float))
    gaps[keys] = gaps[keys].mask(rng.random((600, len(keys))) < 0.05)
    found = assess_sets(scopes_of(gaps, two_groups)[:1], two_groups)
    row = one(found.changes, change="drop", indicator="b1", group="b", statistic="alpha")
    cov = gaps[["b2", "b3", "b4"]].cov().to_numpy()
    assert row["after"] == pytest.approx(1.5 * (1 - np.trace(cov) / cov.sum()), abs=CLOSED_FORM)


def test_a_change_of_ones_own_equals_the_one_that_is_listed(
    found, scopes_of, two_groups, reliability_answers
):
    scope = scopes_of(reliability_answers, two_groups)[0]
    rows = compare_sets(scope, two_groups, move={"b2": "a"})
    listed = take(found.changes, change="move", indicator="b2", target="a")
    pd.testing.assert_frame_equal(rows, listed[list(rows)].reset_index(drop=True), check_exact=True)
    both = compare_sets(scope, two_groups, drop=["b1", "b2"])
    r = reliability_answers["b3"].corr(reliability_answers["b4"])
    cov = reliability_answers[["b3", "b4"]].cov().to_numpy()
    row = both[(both["group"] == "b") & (both["statistic"] == "alpha")].iloc[0]
    assert row["after"] == pytest.approx(2 * (1 - np.trace(cov) / cov.sum()), abs=CLOSED_FORM)
    assert r > 0
    omega = both[(both["group"] == "b") & (both["statistic"] == "omega_total")].iloc[0]
    assert np.isnan(omega[["after", "estimate", "ci_low", "ci_high"]].astype(float)).all()


def test_a_group_that_loses_everything_drops_out_of_the_index(two_groups):
    changed = change_set(two_groups, drop=GROUPS["b"])
    assert set(changed) == {"a", INDEX}
    assert changed[INDEX].weights == pytest.approx([1 / 4] * 4)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"drop": ["nobody"]}, "nobody: not an indicator of the methodology"),
        ({"move": {"b1": "z"}}, r"z: not a group of the methodology \(a, b\)"),
        ({"drop": ["b1"], "move": {"b1": "a"}}, "b1: dropped and moved at once; decide on one"),
        ({"drop": [*GROUPS["a"], *GROUPS["b"]]}, "no indicator with a weight is left"),
    ],
)
def test_changes_that_make_no_sense_are_refused(two_groups, change, words):
    with pytest.raises(StatisticsError, match=words):
        change_set(two_groups, **change)


def test_moves_are_told_of_everybody_and_of_segments_only(found):
    assert set(found.changes["kind"]) == {"all", "region"}
    assert set(take(found.changes, kind="region")["change"]) == {"drop"}
    assert INDEX not in set(take(found.changes, kind="region")["group"])


def test_a_centre_that_alone_varies_an_indicator_leaves_its_interval_untold(
    two_groups, scopes_of, reliability_answers
):
    """Without that centre there is no alpha: the estimate stands, the interval does not."""
    away = reliability_answers["centre"] != "c05"
    answers = reliability_answers.assign(b1=reliability_answers["b1"].mask(away, 4).astype(int))
    found = assess_sets(scopes_of(answers, two_groups)[:1], two_groups)
    expected, _ = pingouin.cronbach_alpha(answers[GROUPS["b"]])
    row = one(found.subsets, group="b", size=4, best_by="alpha", statistic="alpha")
    assert row["estimate"] == pytest.approx(expected, abs=CLOSED_FORM)
    assert np.isnan(row["ci_low"])
    reason = one(found.left_out, group="b", statistic="alpha", reason="unstable_resampling")
    assert "b1" in reason["detail"]


def test_a_result_that_was_saved_is_read_back_equal(found, tmp_path):
    save_result(found, tmp_path, name="indicator_sets")
    again = load_result(tmp_path, name="indicator_sets")
    pd.testing.assert_frame_equal(again.changes, found.changes)
    pd.testing.assert_frame_equal(again.subsets, found.subsets)
    tidy = again.tidy()
    assert {"change_of_alpha_by_drop", "alpha_of_best_by_omega_total"} <= set(tidy["statistic"])
    assert (tidy["ci_low"] <= tidy["estimate"]).all()
    assert (tidy["estimate"] <= tidy["ci_high"]).all()
