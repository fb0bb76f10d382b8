"""Intervals reach their level, also where nothing is there to be found."""

from __future__ import annotations

import numpy as np

from clientindex.counts import draw_centre_weights
from clientindex.sensitivity.importance.correlation import compute_covariances, correlate
from clientindex.sensitivity.importance.intervals import (
    summarise_bend,
    summarise_smooth,
    summarise_square,
)
from clientindex.sensitivity.importance.linear import split_linear
from clientindex.sensitivity.importance.smooth import fit_smooth, make_basis

SAMPLES, REPLICATES, LEVEL = 120, 150, 0.9
REGIONS = np.repeat([f"R{i}" for i in range(12)], 8)
C = len(REGIONS)
# 0.9 less three standard errors of a share of 120 samples.
LEAST = 0.82


def draw(rng: np.random.Generator) -> np.ndarray:
    return np.vstack([np.ones(C), draw_centre_weights(list(REGIONS), REPLICATES, rng)])


def holds(found: object, truth: object) -> np.ndarray:
    low, high = found.ci_low, found.ci_high  # type: ignore[attr-defined]
    return (np.asarray(low) <= truth) & (truth <= np.asarray(high))


def test_linear_ratios_and_their_own_parts() -> None:
    rng = np.random.default_rng(7)
    deviation, weights = np.array([8.0, 6.0, 10.0, 5.0]), np.array([0.4, 0.3, 0.2, 0.1])
    correlation = np.array(
        [[1, 0.5, 0.3, -0.2], [0.5, 1, 0.4, 0.1], [0.3, 0.4, 1, 0], [-0.2, 0.1, 0, 1]]
    )
    cov = correlation * np.outer(deviation, deviation)
    together = np.vstack([weights, np.eye(4)])
    truth = split_linear((together @ cov @ together.T)[None])
    lower, total, own = np.linalg.cholesky(cov), [], []
    for _ in range(SAMPLES):
        x, drawn = rng.normal(size=(C, 4)) @ lower.T, draw(rng)
        z = np.column_stack([x @ weights, x])
        parts = split_linear(compute_covariances(z, drawn))
        total.append(holds(summarise_square(parts.correlation, LEVEL), truth.total[0]))
        own.append(holds(summarise_square(parts.semipartial, LEVEL), truth.uncorrelated[0]))
    # The last component is nearly without a correlation: its ratio is 0.00005.
    assert (np.mean(total, axis=0) >= LEAST).all()
    assert (np.mean(own, axis=0) >= LEAST).all()


def test_curves_and_their_bends() -> None:
    rng = np.random.default_rng(9)
    line, curve, noise = 0.25 / 3, 4 / 45, 0.16
    total = line + curve + noise
    smooth, bend, nothing, straight = [], [], [], []
    for _ in range(SAMPLES):
        x, drawn = rng.uniform(-1, 1, C), draw(rng)
        basis = make_basis(x, n_knots=8)
        assert basis is not None
        bent = x**2 + 0.5 * x + rng.normal(0, np.sqrt(noise), C)
        for y, ratios, bends, at in (
            (bent, smooth, bend, ((line + curve) / total, curve / total)),
            (rng.normal(size=C), nothing, straight, (0.0, 0.0)),
        ):
            fit = fit_smooth(basis, y, drawn)
            beyond = np.maximum(fit.importance - correlate(y, x[:, None], drawn)[:, 0] ** 2, 0)
            ratios.append(holds(summarise_smooth(fit, n=C, level=LEVEL), at[0]))
            bends.append(holds(summarise_bend(beyond, fit, n=C, level=LEVEL), at[1]))
    for told in (smooth, bend, nothing, straight):
        assert np.mean(told) >= LEAST
