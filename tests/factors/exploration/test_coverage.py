"""Recovery of known loadings: how often the intervals contain them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from clientindex.factors.exploration.solve import Plan, fit_plan, fit_replicates
from clientindex.factors.intervals import compute_percentile_interval

N_STUDIES, N_REPLICATES = 70, 150
N_CENTRES, PER_CENTRE = 60, 15
CENTRE_SHARE = 0.3
"""Share of every factor's variance that lies between centres."""

NOMINAL = 0.95
SLACK = 3 * np.sqrt(NOMINAL * (1 - NOMINAL) / N_STUDIES)
"""Three binomial standard errors of a share over the studies (0.078).

All loadings of a study are counted as one trial, as if they were hit or missed together.
"""

LOADINGS = np.kron(np.eye(3), np.ones((3, 1))) * np.linspace(0.8, 0.55, 9)[:, None]
PHI = np.array([[1, 0.4, 0.3], [0.4, 1, 0.5], [0.3, 0.5, 1]])
IMPLIED = LOADINGS @ PHI @ LOADINGS.T
PLAN = Plan(
    n_factors=3,
    method="minres",
    rotation="oblimin",
    membership=np.repeat(np.eye(3, dtype=bool), 3, axis=1),
)


def draw_correlations(rng: Any) -> Any:
    """Return correlations of clustered normal answers, then those of a bootstrap of centres."""
    root = np.linalg.cholesky(PHI)
    between = rng.normal(size=(N_CENTRES, 1, 3)) @ root.T
    within = rng.normal(size=(N_CENTRES, PER_CENTRE, 3)) @ root.T
    factors = np.sqrt(CENTRE_SHARE) * between + np.sqrt(1 - CENTRE_SHARE) * within
    unique = rng.normal(size=(N_CENTRES, PER_CENTRE, 9)) * np.sqrt(1 - np.diag(IMPLIED))
    x = factors @ LOADINGS.T + unique
    weights = rng.multinomial(N_CENTRES, np.full(N_CENTRES, 1 / N_CENTRES), size=N_REPLICATES)
    weights = np.vstack([np.ones(N_CENTRES), weights])
    means = weights @ x.mean(axis=1) / N_CENTRES
    crosses = np.einsum("cpk,cpl->ckl", x, x) / PER_CENTRE
    covariances = np.einsum("rc,ckl->rkl", weights, crosses) / N_CENTRES
    covariances -= means[:, :, None] * means[:, None, :]
    scale = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    return covariances / (scale[:, :, None] * scale[:, None, :])


@pytest.fixture(scope="module")
def hits() -> Any:
    """Whether each study's interval holds the true loading, shape (studies, 9, 3)."""
    rng = np.random.default_rng(2026)
    found = []
    with threadpool_limits(limits=1):
        for _ in range(N_STUDIES):
            r = draw_correlations(rng)
            replicates = fit_replicates(r[1:], fit_plan(r[0], PLAN), PLAN).loadings
            assert len(replicates) > 0.95 * N_REPLICATES
            low, high = compute_percentile_interval(replicates, NOMINAL)
            found.append((low <= LOADINGS) & (high >= LOADINGS))
    return np.array(found)


def test_intervals_cover_the_true_loadings_at_their_level(hits: Any) -> None:
    """Oblimin of a perfect simple structure is that structure, so the truth is known."""
    assert hits.mean() == pytest.approx(NOMINAL, abs=SLACK)
    own = np.kron(np.eye(3, dtype=bool), np.ones((3, 1), dtype=bool))
    assert hits[:, own].mean() == pytest.approx(NOMINAL, abs=SLACK)
    assert hits[:, ~own].mean() == pytest.approx(NOMINAL, abs=SLACK)


def test_no_single_loading_is_covered_far_too_rarely(hits: Any) -> None:
    """Four standard errors: 27 loadings, of which the worst is looked at."""
    assert hits.mean(axis=0).min() > NOMINAL - 4 / 3 * SLACK
