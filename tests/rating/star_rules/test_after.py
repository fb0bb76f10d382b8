"""What comes after a rule: caps, rounding, half stars, guardrails."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientindex.errors import StatisticsError
from clientindex.rating.star_rules import (
    Cap,
    FixedCuts,
    GuardedRule,
    Guardrail,
    QuantileCuts,
    apply_caps,
    apply_rule,
    guard_cuts,
    label_half_stars,
    round_half_up,
    round_to_half_stars,
)


class TestCaps:
    stars = np.array([5, 5, 3, 2, 4])

    def test_all_caps_that_bit_are_recorded(self) -> None:
        gap = Cap(reason="discrepancy", limit=3, holds=np.array([True, True, True, True, False]))
        bad = Cap(reason="bad_group", limit=2, holds=np.array([True, False, True, True, False]))
        found = apply_caps(self.stars, [gap, bad])
        assert found.stars.tolist() == [2, 3, 2, 2, 4]
        assert found.list_reasons() == [
            ("discrepancy", "bad_group"),
            ("discrepancy",),
            ("bad_group",),
            (),
            (),
        ]
        assert found.uncapped.tolist() == self.stars.tolist()

    def test_without_caps_nothing_changes(self) -> None:
        found = apply_caps(self.stars, [])
        assert found.stars.tolist() == self.stars.tolist()
        assert found.bit.shape == (5, 0)

    def test_bad_caps_are_refused(self) -> None:
        holds = np.ones(5, dtype=bool)
        with pytest.raises(StatisticsError, match="cap a: the limit is 0"):
            Cap(reason="a", limit=0, holds=holds)
        with pytest.raises(StatisticsError, match="must hold or not"):
            Cap(reason="a", limit=1, holds=np.array([1.0, np.nan]))
        cap = Cap(reason="a", limit=1, holds=holds)
        with pytest.raises(StatisticsError, match="different reasons"):
            apply_caps(self.stars, [cap, cap])
        with pytest.raises(StatisticsError, match="cap a is for"):
            apply_caps(self.stars[:3], [cap])


class TestRounding:
    def test_198_exact_halves_all_go_up(self) -> None:
        halves = np.arange(198) + 0.5
        assert round_half_up(halves).tolist() == [float(i + 1) for i in range(198)]
        assert sum(round(x) != up for x, up in zip(halves, range(1, 199), strict=True)) == 99

    def test_means_of_stars_with_noise_of_their_weights(self) -> None:
        """All means of four stars 1 to 5: 156 of 625 end in one half."""
        stars = np.array(list(product(range(1, 6), repeat=4)))
        noisy = (stars * (0.1 + 0.2 - 0.05)).sum(axis=1)
        exact = [int((Decimal(int(s)) / 4).quantize(1, ROUND_HALF_UP)) for s in stars.sum(axis=1)]
        assert round_half_up(noisy).tolist() == exact
        assert (stars.sum(axis=1) % 4 == 2).sum() == 156

    @given(
        st.decimals(-1000, 1000, places=5, allow_nan=False),
        st.sampled_from(["1", "0.5", "0.1", "0.01", "0.25", "5"]),
    )
    def test_equals_decimal_arithmetic(self, value: Decimal, step: str) -> None:
        unit = Decimal(step)
        wanted = (value / unit).quantize(1, ROUND_HALF_UP) * unit
        assert round_half_up(float(value), step=step) == float(wanted)

    def test_decimals_that_binary_numbers_miss(self) -> None:
        values = [1.005, 2.675, 0.285, 1.115, 8.345]
        wanted = [1.01, 2.68, 0.29, 1.12, 8.35]
        assert round_half_up(values, step="0.01").tolist() == wanted
        assert [round(x, 2) for x in values] != wanted

    def test_missing_stays_missing_and_shapes_stay(self) -> None:
        found = round_half_up([[np.nan, 1.5], [2.5, -0.5]])
        np.testing.assert_array_equal(found, [[np.nan, 2.0], [3.0, -1.0]])

    def test_half_stars(self) -> None:
        assert round_to_half_stars([1.24, 1.25, 1.74, 1.75, 4.75]).tolist() == [1, 1.5, 1.5, 2, 5]
        rule = FixedCuts(cuts=tuple(np.arange(15.0, 95.0, 10.0).tolist()))
        levels = apply_rule(rule, [0.0, 15.0, 50.0, 100.0]).stars
        assert label_half_stars(levels).tolist() == [1.0, 1.5, 3.0, 5.0]

    @pytest.mark.parametrize("step", ["0", "-1", "half", "inf"])
    def test_a_step_must_be_a_positive_decimal(self, step: str) -> None:
        with pytest.raises(StatisticsError, match="positive decimal"):
            round_half_up([1.0], step=step)


class TestGuardrails:
    """The absolute cap of 5 points and the cap of 5 % of the restricted range of 42 CFR 422.166."""

    def test_absolute_and_relative_limits_by_hand(self) -> None:
        old, new = [40.0, 60.0, 70.0, 80.0], [46.0, 62.0, 64.0, 80.0]
        held = guard_cuts(new, old, guardrail=Guardrail(absolute=5.0))
        assert held.cuts.tolist() == [45, 62, 65, 80]
        assert held.bit == ("absolute", "", "absolute", "")
        held = guard_cuts(new, old, guardrail=Guardrail(absolute=5.0, relative=0.1))
        assert held.cuts.tolist() == [44, 62, 65, 80]
        assert held.bit == ("relative", "", "absolute", "")
        held = guard_cuts(new, old, guardrail=Guardrail(relative=0.05, span=20.0))
        assert held.cuts.tolist() == [41, 61, 69, 80]
        assert held.bit == ("relative", "relative", "relative", "")

    def test_a_movement_of_exactly_the_limit_is_free(self) -> None:
        held = guard_cuts([0.3], [0.1], guardrail=Guardrail(absolute=0.2))
        assert held.bit == ("",)

    @given(
        st.lists(st.integers(1, 400), min_size=4, max_size=4, unique=True),
        st.lists(st.integers(1, 400), min_size=4, max_size=4, unique=True),
        st.floats(0, 0.99),
        st.floats(0, 50),
    )
    def test_guarded_cut_points_still_rise(self, new, old, relative, absolute) -> None:
        rail = Guardrail(absolute=absolute, relative=relative)
        held = guard_cuts(np.sort(new) / 4, np.sort(old) / 4, guardrail=rail)
        assert (np.diff(held.cuts) > 0).all()

    def test_a_guarded_rule(self) -> None:
        rule = GuardedRule(
            rule=QuantileCuts.of_equal_shares(2),
            previous=np.array([40.0]),
            guardrail=Guardrail(absolute=5.0),
        )
        found = apply_rule(rule, [10.0, 44.0, 45.0, 60.0, 70.0])
        assert found.cuts.tolist() == [45.0]
        assert found.stars.tolist() == [1, 1, 2, 2, 2]
        assert rule.guard(np.array([10.0, 44.0, 45.0, 60.0, 70.0])).bit == ("",)
        assert rule.guard(np.array([10.0, 44.0, 55.0, 60.0, 70.0])).bit == ("absolute",)

    def test_bad_guardrails_are_refused(self) -> None:
        with pytest.raises(StatisticsError, match="needs an absolute limit"):
            Guardrail()
        for bad in ({"absolute": -1.0}, {"relative": 1.0}, {"relative": 0.1, "span": 0.0}):
            with pytest.raises(StatisticsError, match="a guardrail has"):
                Guardrail(**bad)
        with pytest.raises(StatisticsError, match="1 cut points cannot be held near 2"):
            guard_cuts([1.0], [1.0, 2.0], guardrail=Guardrail(absolute=1.0))
        with pytest.raises(StatisticsError, match="must rise"):
            guard_cuts([2.0, 1.0], [1.0, 2.0], guardrail=Guardrail(absolute=1.0))
