"""Normalisers by hand, against scipy and with their inverses."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import percentileofscore, rankdata, zscore

from clientindex.errors import StatisticsError
from clientindex.rating.aggregation import (
    fit_distance_to_best,
    fit_min_max,
    fit_order,
    fit_share_of_best,
    fit_target,
    fit_z,
    make_goalposts,
)

UP_DOWN = np.array([1.0, -1.0])
X = np.array([[2.0, 10.0], [4.0, 30.0], [np.nan, 20.0], [10.0, 50.0], [4.0, np.nan]])


def test_min_max_by_hand() -> None:
    found = fit_min_max(X, direction=UP_DOWN)
    wanted = [[0, 100], [25, 50], [np.nan, 75], [100, 0], [25, np.nan]]
    np.testing.assert_allclose(found.apply(X), wanted)
    own = fit_min_max(X, direction=UP_DOWN, ends=[[0, 20], [0, 100]], to=(1, 5))
    np.testing.assert_allclose(own.apply(np.array([10.0, 75.0])), [3, 2])
    assert own.apply(np.array([30.0, 75.0]))[0] == 7  # beyond an end, nothing is clipped


def test_z_equals_scipy() -> None:
    found = fit_z(X, direction=UP_DOWN, to=(50, 10)).apply(X)
    wanted = 50 + 10 * UP_DOWN * zscore(X, ddof=1, nan_policy="omit")
    np.testing.assert_allclose(found, wanted, rtol=1e-13)


def test_goalposts_are_clipped() -> None:
    found = make_goalposts([20.0, 0.0], [85.0, 40.0], direction=UP_DOWN, to=(0, 1))
    y = found.apply(np.array([[52.5, 10.0], [10.0, 50.0], [90.0, -1.0]]))
    np.testing.assert_allclose(y, [[0.5, 0.75], [0, 0], [1, 1]])
    with pytest.raises(StatisticsError, match="outside 0 to 1"):
        found.invert(np.array([1.2, 0.5]))
    with pytest.raises(StatisticsError, match="a smaller and a larger end"):
        make_goalposts([1.0], [1.0], direction=[1.0])


def test_target_by_hand() -> None:
    fitted = fit_target(X, targets=[8.0, 10.0], direction=UP_DOWN)
    np.testing.assert_allclose(
        fitted.apply(np.array([[5.0, 30.0], [9.0, 10.0]])), [[0.5, 0.5], [1, 1]]
    )
    free = fit_target(X, targets=[8.0, 20.0], direction=UP_DOWN, clip=False)
    np.testing.assert_allclose(free.apply(np.array([9.5, 5.0])), [1.25, 1.5])
    with pytest.raises(StatisticsError, match=r"reaches the target in columns \[0\]"):
        fit_target(X, targets=[2.0, 10.0], direction=UP_DOWN)


def test_distance_to_best_and_share_of_best_by_hand() -> None:
    found = fit_distance_to_best(X, direction=UP_DOWN).apply(np.array([8.0, 20.0]))
    np.testing.assert_allclose(found, [0.75, 0.75])
    share = fit_share_of_best(X, direction=UP_DOWN)
    np.testing.assert_allclose(share.apply(np.array([5.0, 40.0])), [0.5, 0.25])
    np.testing.assert_allclose(share.invert(np.array([0.5, 0.25])), [5, 40])
    with pytest.raises(StatisticsError, match="needs values above 0"):
        share.apply(np.array([-1.0, 1.0]))
    with pytest.raises(StatisticsError, match="negative share"):
        share.invert(np.array([0.5, 0.0]))
    with pytest.raises(StatisticsError, match=r"best of columns \[1\] is not positive"):
        fit_share_of_best([[1.0, 0.0], [2.0, 3.0]], direction=UP_DOWN)


@pytest.mark.parametrize(
    "fitted",
    [
        fit_min_max(X, direction=UP_DOWN),
        fit_z(X, direction=UP_DOWN),
        make_goalposts([0.0, 0.0], [60.0, 60.0], direction=UP_DOWN),
        fit_target(X, targets=[10.0, 10.0], direction=UP_DOWN),
        fit_share_of_best(X, direction=UP_DOWN),
    ],
)
def test_inverses(fitted) -> None:
    np.testing.assert_allclose(fitted.invert(fitted.apply(X)), X)


class TestOrder:
    x = np.random.default_rng(8).integers(0, 12, (30, 2)).astype(float)

    def column(self, k: int) -> np.ndarray:
        return self.x[:, k] * UP_DOWN[k]

    @pytest.mark.parametrize("k", [0, 1])
    def test_equal_scipy(self, k: int) -> None:
        values = self.column(k)
        places = {
            kind: fit_order(self.x, direction=UP_DOWN, kind=kind).apply(self.x)[:, k]
            for kind in ("rank", "borda", "percentile", "percentile_mid")
        }
        low = rankdata(values, method="min")
        np.testing.assert_array_equal(places["rank"], low)
        np.testing.assert_array_equal(places["borda"], low - 1)
        np.testing.assert_allclose(places["percentile"], (low - 1) / 29)
        wanted = (rankdata(values) - 0.5) / 30
        np.testing.assert_allclose(places["percentile_mid"], wanted)
        strict = [percentileofscore(values, v, "strict") * 30 / 100 for v in values]
        np.testing.assert_allclose(places["borda"], strict)

    def test_new_values_get_the_place_they_would_have(self) -> None:
        fitted = fit_order([[1.0], [2.0], [4.0], [np.nan]], direction=[1.0], kind="percentile")
        found = fitted.apply(np.array([[0.0], [2.0], [3.0], [9.0], [np.nan]]))
        np.testing.assert_allclose(found, [[0], [0.5], [1], [1], [np.nan]])

    def test_has_no_inverse(self) -> None:
        fitted = fit_order(self.x, direction=UP_DOWN, kind="rank")
        with pytest.raises(StatisticsError, match="rank keeps the order only"):
            fitted.invert(np.ones((1, 2)))
        with pytest.raises(StatisticsError, match="not place"):
            fit_order(self.x, direction=UP_DOWN, kind="place")


@pytest.mark.parametrize(
    "fit",
    [
        fit_min_max,
        fit_z,
        fit_distance_to_best,
        fit_share_of_best,
        lambda x, *, direction: fit_order(x, direction=direction, kind="rank"),
        lambda x, *, direction: fit_target(x, direction=direction, targets=[9.0, 9.0]),
    ],
)
def test_columns_that_tell_nothing_are_refused(fit) -> None:
    with pytest.raises(StatisticsError, match=r"columns \[1\] have no two different values"):
        fit([[1.0, 3.0], [2.0, 3.0]], direction=UP_DOWN)
    with pytest.raises(StatisticsError, match=r"columns \[0, 1\]"):
        fit([[np.nan, np.nan], [1.0, 3.0]], direction=UP_DOWN)
    with pytest.raises(StatisticsError, match="one is infinite"):
        fit([[1.0, np.inf], [2.0, 3.0]], direction=UP_DOWN)
    with pytest.raises(StatisticsError, match="direction 1 or -1"):
        fit([[1.0, 2.0], [2.0, 3.0]], direction=[1.0, 0.0])


def test_scales_that_do_not_rise_are_refused() -> None:
    with pytest.raises(StatisticsError, match="must rise"):
        fit_min_max(X, direction=UP_DOWN, to=(100, 0))
    with pytest.raises(StatisticsError, match="positive standard deviation"):
        fit_z(X, direction=UP_DOWN, to=(0, 0))
