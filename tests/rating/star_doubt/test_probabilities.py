"""P(star = k) by the normal route and by draws, against closed forms and against each other."""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientindex.errors import StatisticsError
from clientindex.rating.star_doubt import (
    cap_probabilities,
    compute_cut_distances,
    compute_star_probabilities,
    draw_star_probabilities,
    share_stars,
)
from clientindex.rating.star_rules import (
    Cap,
    FixedCuts,
    KMeans,
    OptimalKMeans,
    PeerGroups,
    QuantileCuts,
    apply_caps,
    apply_rule,
)

CUTS = np.array([50.0, 60.0, 70.0, 80.0])
FIXED = FixedCuts(cuts=(50.0, 60.0, 70.0, 80.0))
# erfc and scipy's ndtr differ in the last bits.
TOLERANCE = 1e-14
# Four Monte Carlo standard errors of a share at 1/2.
N_DRAWS = 4_000
MONTE_CARLO = 4 * sqrt(0.25 / N_DRAWS)


def phi(z: float) -> float:
    return 0.5 * erfc(-z / sqrt(2))


class TestNormalRoute:
    def test_closed_form(self) -> None:
        found = compute_star_probabilities(np.array([66.0]), np.array([4.0]), cuts=CUTS)
        z = [-4.0, -1.5, 1.0, 3.5]
        wanted = [
            phi(z[0]),
            phi(z[1]) - phi(z[0]),
            phi(1) - phi(-1.5),
            phi(3.5) - phi(1),
            phi(-3.5),
        ]
        np.testing.assert_allclose(found[0], wanted, rtol=0, atol=TOLERANCE)

    def test_small_probabilities_keep_their_digits_on_both_sides(self) -> None:
        found = compute_star_probabilities(
            np.array([0.0]), np.array([1.0]), cuts=np.array([9, 10.0])
        )
        mirrored = compute_star_probabilities(
            np.array([0.0]), np.array([1.0]), cuts=np.array([-10.0, -9.0])
        )
        assert found[0, 1] == pytest.approx(phi(-9) - phi(-10), rel=1e-12)
        np.testing.assert_array_equal(found[0], mirrored[0, ::-1])

    @given(st.floats(0, 100), st.floats(1e-6, 50))
    def test_rows_sum_to_one(self, score: float, se: float) -> None:
        found = compute_star_probabilities(np.array([score]), np.array([se]), cuts=CUTS)
        assert found.sum() == pytest.approx(1, abs=1e-12)
        assert (found >= 0).all()

    def test_each_centre_may_have_its_own_cut_points(self) -> None:
        rows = np.array([[50.0, 60.0], [55.0, 75.0]])
        scores, se = np.array([58.0, 58.0]), np.array([2.0, 3.0])
        found = compute_star_probabilities(scores, se, cuts=rows)
        for i in range(2):
            alone = compute_star_probabilities(scores[[i]], se[[i]], cuts=rows[i])
            np.testing.assert_array_equal(found[i], alone[0])

    def test_without_error_the_star_is_certain_even_on_a_cut(self) -> None:
        noisy = 80 * sum([0.1] * 10)
        found = compute_star_probabilities(np.array([80.0, noisy, 65.0]), np.zeros(3), cuts=CUTS)
        assert found.argmax(axis=1).tolist() == [4, 4, 2]
        assert found.sum(axis=1).tolist() == [1, 1, 1]

    def test_unknown_stays_unknown_and_negative_is_refused(self) -> None:
        se = np.array([np.nan, 1.0, 0.0])
        found = compute_star_probabilities(np.array([65.0, np.nan, np.nan]), se, cuts=CUTS)
        assert np.isnan(found).all()
        with pytest.raises(StatisticsError, match="cannot be negative, got -1"):
            compute_star_probabilities(np.array([65.0]), np.array([-1.0]), cuts=CUTS)

    def test_a_cap_moves_what_lies_above_it(self) -> None:
        p = np.array([[0.1, 0.2, 0.3, 0.4], [0.1, 0.2, 0.3, 0.4]])
        found = cap_probabilities(p, np.array([2, 4]))
        np.testing.assert_allclose(found, [[0.1, 0.9, 0, 0], [0.1, 0.2, 0.3, 0.4]])
        with pytest.raises(StatisticsError, match="below one star"):
            cap_probabilities(p, np.array([0, 1]))


class TestDraws:
    rng = np.random.default_rng(5)
    scores = rng.normal(66, 9, 40)
    errors = rng.uniform(0.5, 5, 40)

    def draw(self, rule, **kwargs):
        rng = np.random.default_rng(7)
        return draw_star_probabilities(
            rule,
            self.scores,
            self.errors,
            n_draws=kwargs.pop("n_draws", N_DRAWS),
            rng=rng,
            **kwargs,
        )

    def test_fixed_cuts_equal_the_normal_route(self) -> None:
        wanted = compute_star_probabilities(self.scores, self.errors, cuts=CUTS)
        found = self.draw(FIXED)
        np.testing.assert_allclose(found.probabilities, wanted, atol=MONTE_CARLO)
        assert found.n_draws == N_DRAWS

    def test_blocks_and_rows_give_the_same_shares(self) -> None:
        draws = self.scores + self.errors * np.random.default_rng(7).standard_normal((300, 40))
        wanted = share_stars(KMeans(n_stars=4), draws)
        blocks = share_stars(KMeans(n_stars=4), (draws[i : i + 7] for i in range(0, 300, 7)))
        own = self.draw(KMeans(n_stars=4), n_draws=300)
        for found in (blocks, own):
            np.testing.assert_array_equal(found.probabilities, wanted.probabilities)
            np.testing.assert_array_equal(found.cuts, wanted.cuts)

    def test_two_centres_and_one_cut_in_closed_form(self) -> None:
        """Two stars for two centres: the higher draw has two, P = Phi(gap / sqrt(se1² + se2²))."""
        found = draw_star_probabilities(
            OptimalKMeans(n_stars=2),
            np.array([60.0, 63.0]),
            np.array([3.0, 4.0]),
            n_draws=N_DRAWS,
            rng=np.random.default_rng(3),
        )
        assert found.probabilities[1, 1] == pytest.approx(phi(3 / 5), abs=MONTE_CARLO)
        assert found.probabilities[0, 0] == found.probabilities[1, 1]

    def test_quantile_stars_keep_their_shares_in_every_draw(self) -> None:
        found = self.draw(QuantileCuts.of_equal_shares(4), n_draws=200)
        np.testing.assert_allclose(found.probabilities.sum(axis=0), 10)
        assert found.cuts.shape == (200, 3)

    def test_peer_groups_are_independent(self) -> None:
        """A group's shares do not change when the scores of the other do."""
        groups = np.repeat([0, 1], 20)
        rule = PeerGroups(rule=QuantileCuts.of_equal_shares(2), groups=groups, names=("a", "b"))
        found = self.draw(rule, n_draws=100)
        moved = draw_star_probabilities(
            rule,
            np.where(groups == 1, self.scores + 30, self.scores),
            self.errors,
            n_draws=100,
            rng=np.random.default_rng(7),
        )
        np.testing.assert_array_equal(found.probabilities, moved.probabilities)
        assert found.cuts is None

    def test_caps_are_applied_to_each_draw(self) -> None:
        cap = Cap(reason="gap", limit=3, holds=self.scores > 60)
        found = self.draw(FIXED, change=lambda stars: apply_caps(stars, [cap]).stars, n_draws=500)
        plain = self.draw(FIXED, n_draws=500)
        wanted = cap_probabilities(plain.probabilities, np.where(cap.holds, 3, 5))
        np.testing.assert_allclose(found.probabilities, wanted, atol=1e-12)

    def test_without_error_all_draws_are_the_star(self) -> None:
        rule = OptimalKMeans(n_stars=3)
        found = draw_star_probabilities(
            rule, self.scores, np.zeros(40), n_draws=5, rng=np.random.default_rng(0)
        )
        stars = apply_rule(rule, self.scores).stars
        np.testing.assert_array_equal(found.probabilities.argmax(axis=1) + 1, stars)
        assert found.probabilities.max() == 1

    def test_refused_draws_are_counted_and_left_out(self) -> None:
        draws = np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0], [3.0, 2.0, 1.0]])
        found = share_stars(OptimalKMeans(n_stars=3), draws)
        assert (found.n_draws, found.n_refused) == (2, 1)
        assert "1 distinct" in found.refusal
        assert found.probabilities.tolist() == [[0.5, 0, 0.5], [0, 1, 0], [0.5, 0, 0.5]]

    def test_no_draws_are_refused_in_words(self) -> None:
        with pytest.raises(StatisticsError, match="there is none"):
            share_stars(FIXED, np.empty((0, 3)))
        with pytest.raises(StatisticsError, match="refuses all of them: 3 stars cannot be found"):
            share_stars(OptimalKMeans(n_stars=3), np.ones((4, 3)))
        with pytest.raises(StatisticsError, match="a standard error for every score"):
            draw_star_probabilities(
                FIXED,
                np.array([1.0, 2.0]),
                np.array([1.0, np.nan]),
                n_draws=2,
                rng=np.random.default_rng(0),
            )


class TestDistance:
    def test_by_hand(self) -> None:
        found = compute_cut_distances(
            np.array([64.0, 45.0, 95.0, 70.0]), np.array([2.0, 5.0, 3.0, 1.0]), cuts=CUTS
        )
        assert found.up.tolist() == [6, 5, np.inf, 10]
        assert found.down.tolist() == [4, np.inf, 15, 0]
        assert found.up_errors.tolist() == [3, 1, np.inf, 10]
        assert found.down_errors.tolist() == [2, np.inf, 5, 0]

    def test_distance_in_errors_is_the_normal_deviate_of_leaving_the_band(self) -> None:
        scores, se = np.array([64.0]), np.array([2.5])
        found = compute_cut_distances(scores, se, cuts=CUTS)
        p = compute_star_probabilities(scores, se, cuts=CUTS)[0]
        assert p[3:].sum() == pytest.approx(phi(-found.up_errors[0]), abs=TOLERANCE)
        assert p[:2].sum() == pytest.approx(phi(-found.down_errors[0]), abs=TOLERANCE)

    def test_no_or_unknown_error(self) -> None:
        found = compute_cut_distances(np.array([64.0, 64.0]), np.array([0.0, np.nan]), cuts=CUTS)
        assert found.up_errors[0] == found.down_errors[0] == np.inf
        assert np.isnan([found.up_errors[1], found.down_errors[1]]).all()

    def test_noise_does_not_make_a_distance_negative(self) -> None:
        found = compute_cut_distances(np.array([80 * sum([0.1] * 10)]), np.ones(1), cuts=CUTS)
        assert found.down.tolist() == [0]
