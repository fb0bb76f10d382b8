"""Roots multiply to their covariance, widths have the moments of an inverse chi-square."""

from __future__ import annotations

import numpy as np
import pytest

from clientindex.rating.mean_errors import draw_widths, find_roots


def test_roots_multiply_to_the_covariance_and_unknown_variances_are_none() -> None:
    half = np.random.default_rng(2).normal(size=(3, 4, 4))
    covariance = half @ half.transpose(0, 2, 1)
    covariance[2] = np.nan
    found = find_roots(covariance)
    np.testing.assert_allclose(found, found.transpose(0, 2, 1), atol=1e-12)
    np.testing.assert_allclose((found @ found)[:2], covariance[:2], rtol=1e-10)
    assert (found[2] == 0).all()


def test_widths_have_the_moments_of_an_inverse_chi_square() -> None:
    found = draw_widths([np.random.default_rng(1)] * 100_000, np.array([12.0, np.inf, 0.0]))
    # E[df / chi2] = df / (df - 2).
    assert (found[:, 0] ** 2).mean() == pytest.approx(12 / 10, rel=0.01)
    assert (found[:, 1:] == 1).all()
