"""Functions whose variance-based indices are known in closed form."""

from __future__ import annotations

import numpy as np

A, B = 7.0, 0.1
G = np.array([0.0, 1.0, 4.5, 9.0])
SLOPES = np.array([1.0, 2.0, 3.0])


def ishigami(u):
    x = np.pi * (2 * u - 1)
    return np.sin(x[..., 0]) + A * np.sin(x[..., 1]) ** 2 + B * x[..., 2] ** 4 * np.sin(x[..., 0])


def ishigami_truth():
    v1 = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    v2 = A**2 / 8
    v13 = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    return v, np.array([v1, v2, 0]) / v, np.array([v1 + v13, v2, v13]) / v


def sobol_g(u):
    return np.prod((np.abs(4 * u - 2) + G) / (1 + G), axis=-1)


def sobol_g_truth():
    part = 1 / (3 * (1 + G) ** 2)
    v = np.prod(1 + part) - 1
    total = part * np.prod(1 + part) / (1 + part)
    return v, part / v, total / v


def linear(u):
    return 70 + u @ SLOPES


def linear_truth():
    v = (SLOPES**2).sum() / 12
    share = SLOPES**2 / (SLOPES**2).sum()
    return v, share, share


FUNCTIONS = {
    "ishigami": (ishigami, ishigami_truth, 3),
    "sobol_g": (sobol_g, sobol_g_truth, 4),
    "linear": (linear, linear_truth, 3),
}


def run_design(design, function):
    """Return the runs of a design for a function of inputs, shape (N, M, 1)."""
    return np.stack([function(design.list_runs(row)) for row in range(design.n_rows)])[..., None]
