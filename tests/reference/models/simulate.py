"""Simulate the ordinal answers of ordinal.csv: eight items on four categories, two factors.

Factors correlate 0.6; b4 also measures the first factor a little and a1, a2 share a residual, so
that modification indices have something to find. Run from this folder: python simulate.py.
"""

import numpy as np
import pandas as pd

ITEMS = ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4"]
LOADINGS = np.array([[0.8, 0.7, 0.6, 0.7, 0, 0, 0, 0.25], [0, 0, 0, 0, 0.75, 0.65, 0.7, 0.5]])
PHI = np.array([[1, 0.6], [0.6, 1]])
CUTS = np.array([-1.1, -0.2, 0.9])

rng = np.random.default_rng(20260712)
theta = np.diag(1 - np.diag(LOADINGS.T @ PHI @ LOADINGS))
theta[0, 1] = theta[1, 0] = 0.15
latent = rng.multivariate_normal(np.zeros(8), LOADINGS.T @ PHI @ LOADINGS + theta, size=600)
shifts = np.linspace(-0.3, 0.3, 8)
answers = np.searchsorted(CUTS, latent + shifts) + 1
pd.DataFrame(answers, columns=ITEMS).to_csv("ordinal.csv", index=False)
