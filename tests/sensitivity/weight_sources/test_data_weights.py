"""Equal, entropy, CRITIC, component and reliability weights against published or R values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.sensitivity.weight_sources.components import weigh_components, weigh_loadings
from clientindex.sensitivity.weight_sources.critic import compute_critic_weights
from clientindex.sensitivity.weight_sources.entropy import compute_entropy_weights
from clientindex.sensitivity.weight_sources.equal import (
    weigh_groups_equally,
    weigh_indicators_equally,
)
from clientindex.sensitivity.weight_sources.reliability import weigh_reliabilities
from clientindex.sensitivity.weight_sources.values import weigh_levels
from clientindex.sensitivity.weight_sources.weighting import Weighting, share

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "tests" / "reference" / "sensitivity" / "weight_sources"
ASEM = ROOT.parent / "shared" / "data" / "asem_coinr"

# Xu X. A note on the subjective and objective integrated approach to determine attribute weights.
# European Journal of Operational Research, 2004, 156(2), 530-532: entropy weights as published.
XU = [[30, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, 28.9], [68, 70, 60, 29]]
XU_WEIGHTS = [0.4630, 0.3992, 0.1378, 0.0000]

# Tus A., Aytac Adali E. The new combination with CRITIC and WASPAS methods for the time and
# attendance software selection problem. Opsearch, 2019, 56(2), 528-538: as published.
SOFTWARE = [
    *([5000, 3, 3, 4, 3, 2], [680, 5, 3, 2, 2, 1], [2000, 3, 2, 3, 4, 3]),
    *([600, 4, 3, 1, 2, 2], [800, 2, 4, 3, 3, 4]),
]
SOFTWARE_WEIGHTS = [0.157, 0.249, 0.168, 0.121, 0.154, 0.151]

ROTATED = 1e-6
"""Varimax stops when the criterion stands still; R was told to go on to 1e-13."""


def test_entropy_weights_of_a_published_example() -> None:
    found = compute_entropy_weights(XU)
    np.testing.assert_allclose(found, XU_WEIGHTS, rtol=0, atol=0.00005)
    assert found.sum() == pytest.approx(1)


def test_entropy_by_hand() -> None:
    """Two centres, shares 1/4 and 3/4 against 1/2 each: the second column tells nothing."""
    np.testing.assert_allclose(compute_entropy_weights([[1, 5], [3, 5]]), [1, 0], atol=1e-15)
    np.testing.assert_allclose(compute_entropy_weights([[0, 1], [4, 3]]).sum(), 1)


def test_critic_weights_of_a_published_example() -> None:
    found = compute_critic_weights(SOFTWARE)
    np.testing.assert_allclose(found, SOFTWARE_WEIGHTS, rtol=0, atol=0.0005)


def test_critic_of_two_columns_goes_by_spread_alone() -> None:
    x = np.array([[0, 0], [1, 5], [2, 10], [4, 3.0]])
    spread = (x / np.ptp(x, axis=0)).std(axis=0)
    np.testing.assert_allclose(compute_critic_weights(x), spread / spread.sum(), rtol=1e-12)


def test_rows_with_gaps_are_left_out() -> None:
    gappy = [*SOFTWARE, [np.nan, 1, 1, 1, 1, 1]]
    np.testing.assert_array_equal(compute_critic_weights(gappy), compute_critic_weights(SOFTWARE))


@pytest.mark.parametrize(
    ("weigh", "values", "words"),
    [
        (compute_entropy_weights, [[-1, 2], [3, 4]], "values from 0"),
        (compute_entropy_weights, [[0, 2], [0, 4]], "only zeros"),
        (compute_entropy_weights, [[2, 2], [2, 2]], "equal values"),
        (compute_entropy_weights, [[2, np.nan], [2, 2]], "1 of 2 centres"),
        (compute_critic_weights, [[2, 1], [2, 2]], r"columns \[0\]"),
        (compute_critic_weights, [[1, 10], [2, 20], [3, 30]], "perfectly correlated"),
        (compute_critic_weights, [[1, np.inf], [2, 3]], "finite"),
    ],
)
def test_values_that_tell_nothing_are_refused(weigh, values, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StatisticsError, match=words):
        weigh(values)


def test_levels_are_weighed_one_after_another() -> None:
    rng = np.random.default_rng(4)
    x = rng.uniform(20, 90, (30, 5))
    found = weigh_levels(compute_critic_weights, x, group_of=[0, 0, 0, 1, 2])
    inner = compute_critic_weights(x[:, :3])
    np.testing.assert_allclose(found.inner, [*inner, 1, 1], rtol=1e-12)
    groups = np.column_stack([x[:, :3] @ inner, x[:, 3], x[:, 4]])
    np.testing.assert_allclose(found.outer, compute_critic_weights(groups), rtol=1e-12)


def test_a_refusal_names_the_group() -> None:
    x = np.array([[1, 2, 3, 3], [2, 1, 3, 3], [4, 0, 3, 3.0]])
    with pytest.raises(StatisticsError, match="group 1"):
        weigh_levels(compute_critic_weights, x, group_of=[0, 0, 1, 1])


def test_components_equal_r() -> None:
    r = np.loadtxt(REFERENCE / "varimax_correlation.csv", delimiter=",")
    expected = pd.read_csv(REFERENCE / "varimax.csv")
    found = weigh_components((r + r.T) / 2)
    assert found.loadings.shape[1] == expected["kept"].iloc[0]
    np.testing.assert_allclose(found.weights, expected["weight"], rtol=0, atol=ROTATED)


def test_one_component_weighs_by_its_squared_eigenvector() -> None:
    r = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    found = weigh_components(r)
    np.testing.assert_allclose(found.weights, 0.25, rtol=1e-12)
    assert found.explained[0] == pytest.approx(2.5)


def test_weights_of_loadings_by_hand() -> None:
    found = weigh_loadings([[0.8, 0.1], [0.6, -0.2], [0.0, -0.9]])
    np.testing.assert_allclose(found.weights, np.array([0.64, 0.36, 0.81]) / 1.81, rtol=1e-12)
    assert found.factor_of.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("r", "words"),
    [
        (np.eye(3), "nothing in common"),
        ([[1, np.nan], [np.nan, 1]], "missing"),
        ([[1, 0.2], [0.3, 1]], "symmetric"),
        ([[1, 0.2]], "square"),
    ],
)
def test_bad_correlations_are_refused(r: object, words: str) -> None:
    with pytest.raises(StatisticsError, match=words):
        weigh_components(r)  # type: ignore[arg-type]


def test_bad_loadings_are_refused() -> None:
    with pytest.raises(StatisticsError, match="without gaps"):
        weigh_loadings([[np.nan]])
    with pytest.raises(StatisticsError, match="all loadings are 0"):
        weigh_loadings([[0.0], [0.0]])


def test_reliability_weights() -> None:
    np.testing.assert_allclose(weigh_reliabilities([0.9, 0.6]), [0.6, 0.4])
    np.testing.assert_allclose(weigh_reliabilities([0.9, 0.6], form="precision"), [0.8, 0.2])
    found = weigh_reliabilities([0.9, 0.6], form="precision", variance=[4, 1])
    np.testing.assert_allclose(found, [0.5, 0.5])


def test_precision_weights_give_the_least_error_variance() -> None:
    rho, variance = np.array([0.9, 0.7, 0.5]), np.array([4.0, 9.0, 2.0])
    error = variance * (1 - rho)
    best = weigh_reliabilities(rho, form="precision", variance=variance)
    rng = np.random.default_rng(0)
    others = rng.dirichlet(np.ones(3), 2000)
    assert (best**2 @ error) <= (others**2 @ error).min()


@pytest.mark.parametrize(
    ("rho", "form", "words"),
    [
        ([0.5, -0.1], "proportional", r"groups \[1\]"),
        ([0.5, np.nan], "proportional", r"groups \[1\]"),
        ([1.0, 0.5], "precision", "below 1"),
    ],
)
def test_bad_reliabilities_are_refused(rho: list[float], form: str, words: str) -> None:
    with pytest.raises(StatisticsError, match=words):
        weigh_reliabilities(rho, form=form)  # type: ignore[arg-type]
    with pytest.raises(StatisticsError, match="positive variance"):
        weigh_reliabilities([0.5, 0.6], form="precision", variance=[1, 0])


def test_weights_are_split_and_joined() -> None:
    places = [0, 0, 1, 2]
    found = Weighting.of_effective([0.1, 0.3, 0.6, 0.0], group_of=places)
    np.testing.assert_allclose(found.outer, [0.4, 0.6, 0.0])
    np.testing.assert_allclose(found.inner, [0.25, 0.75, 1, 1])
    np.testing.assert_allclose(found.effective, [0.1, 0.3, 0.6, 0.0])


@pytest.mark.parametrize(
    ("raw", "words"),
    [([1, -1], "from 0"), ([0, 0], "nothing can be shared"), ([np.nan], "from 0"), ([], "list")],
)
def test_bad_weights_are_refused(raw: list[float], words: str) -> None:
    with pytest.raises(StatisticsError, match=words):
        share(raw)


@pytest.mark.skipif(not ASEM.exists(), reason=f"no data at {ASEM}")
def test_equal_weights_level_by_level_are_the_effective_weights_of_coinr() -> None:
    meta = pd.read_csv(ASEM / "iMeta.csv").query("Type in ('Indicator', 'Aggregate')")
    expected = pd.read_csv(ASEM / "eff_weights.csv").set_index("iCode")["EffWeight"]
    meta = meta.set_index("iCode")
    weight = pd.Series({"Index": 1.0})
    for level in (3, 2, 1):
        own = meta[meta["Level"] == level].sort_values("Parent", kind="stable")
        places, parents = pd.factorize(own["Parent"])
        inner = weigh_groups_equally(places).inner
        above = weight.reindex(parents).to_numpy()[places]
        weight = pd.concat([weight, pd.Series(inner * above, index=own.index)])
    both = expected.index.intersection(weight.index)
    assert len(both) >= 59
    np.testing.assert_allclose(weight[both], expected[both], rtol=0, atol=1e-12)


def test_equal_indicators_weigh_the_same_everywhere() -> None:
    found = weigh_indicators_equally([0, 0, 0, 1, 2, 2])
    np.testing.assert_allclose(found.effective, 1 / 6)
    np.testing.assert_allclose(found.outer, [3 / 6, 1 / 6, 2 / 6])
