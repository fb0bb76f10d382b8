"""Simulate answers.csv: items in two and five categories with missing answers, and a covariate.

500 respondents of 25 centres; f1-f4 have five categories (f4 is worded the other way), y1-y3 are
yes or no, `age` is continuous. Run from this folder: python simulate.py.
"""

import numpy as np
import pandas as pd

N, CENTRES = 500, 25
LOADINGS = np.array([0.8, 0.7, 0.75, -0.6, 0.7, 0.6, 0.8])
CUTS = {"f": np.array([-1.3, -0.6, 0.1, 0.9]), "y": np.array([-0.4])}
ITEMS = ["f1", "f2", "f3", "f4", "y1", "y2", "y3"]

rng = np.random.default_rng(20261003)
centre = np.repeat(np.arange(CENTRES), N // CENTRES)
general = np.sqrt(0.3) * rng.standard_normal(CENTRES)[centre] + np.sqrt(0.7) * rng.standard_normal(N)
latent = LOADINGS * general[:, None] + np.sqrt(1 - LOADINGS**2) * rng.standard_normal((N, 7))
answers = pd.DataFrame({"centre": [f"c{number:02d}" for number in centre]})
for position, item in enumerate(ITEMS):
    shift = 0.1 * position - 0.3
    answers[item] = np.searchsorted(CUTS[item[0]] + shift, latent[:, position]) + 1
answers["age"] = np.round(44 + 12 * (0.5 * general + np.sqrt(0.75) * rng.standard_normal(N)), 1)
missing = rng.random((N, 8)) < np.array([0.08] * 7 + [0.05])
answers[[*ITEMS, "age"]] = answers[[*ITEMS, "age"]].mask(missing)
for item in ITEMS:
    answers[item] = answers[item].astype("Int64")
answers.to_csv("answers.csv", index=False)
