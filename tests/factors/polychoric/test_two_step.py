"""The root of a table's score is found where curvature and information differ, too."""

import numpy as np
import pytest

from clientindex.factors.polychoric import compute_cuts, solve_two_step
from clientindex.factors.polychoric.normal import bivariate_cdf

STEP = 1e-5

OSCILLATING = (505, 707, 1333, 2900)
"""Tables whose curvature is over twice their information, so that Fisher scoring steps too far."""


def draw_table(seed):
    rng = np.random.default_rng(seed)
    rho = rng.uniform(-0.9, 0.9)
    x = rng.standard_normal(20)
    y = rho * x + np.sqrt(1 - rho**2) * rng.standard_normal(20)
    rows, columns = np.sort(rng.normal(0, 1.2, (2, 4)), axis=1)
    table = np.zeros((5, 5))
    np.add.at(table, (np.searchsorted(rows, x), np.searchsorted(columns, y)), 1)
    return table


def compute_log_likelihood(table, cuts, rho):
    joint = np.array([[bivariate_cdf(h, k, rho) for k in cuts[1]] for h in cuts[0]])
    share = np.diff(np.diff(joint, axis=0), axis=1)
    used = table > 0
    return np.sum(table[used] * np.log(share[used]))


@pytest.mark.parametrize("seed", [*range(10), *OSCILLATING])
def test_the_score_of_a_sparse_table_is_zero_at_its_correlation(seed):
    table = draw_table(seed)
    cuts = compute_cuts(np.stack([table.sum(axis=1), table.sum(axis=0)]))
    rho = float(solve_two_step(table[None, None], cuts[None])[0, 0])
    if abs(rho) > 0.999:
        pytest.skip("the likelihood has no inner root")
    up, down = (compute_log_likelihood(table, cuts, rho + way * STEP) for way in (1, -1))
    assert (up - down) / (2 * STEP) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("seed", range(10))
def test_the_correlation_does_not_depend_on_the_start(seed):
    table = draw_table(seed)
    cuts = compute_cuts(np.stack([table.sum(axis=1), table.sum(axis=0)]))[None]
    pairs = table[None, None]
    found = [solve_two_step(pairs, cuts, start=np.array([at]))[0, 0] for at in (-0.6, 0, 0.6)]
    assert np.ptp(found) < 1e-10
