"""Simulate answers.csv and balanced.csv. Run from this folder: python simulate.py.

answers.csv: 600 respondents of 40 centres to three groups of questions. a1-a5 measure one thing
unequally well (a3 is worded the other way), b1-b4 equally well, c1-c6 two things; answers 1-5.

balanced.csv: ten respondents of each of 60 centres that differ much, to four questions which
measure one thing inside centres and one between them; answers 1-5.
"""

import numpy as np
import pandas as pd

LOADINGS = {
    "a": [0.8, 0.7, -0.6, 0.5, 0.75],
    "b": [0.7, 0.7, 0.7, 0.7],
    "c": [0.8, 0.7, 0.75, 0.7, 0.8, 0.65],
}
CUTS = np.array([-1.5, -0.8, 0.0, 0.7])

rng = np.random.default_rng(20261124)
sizes = rng.integers(5, 26, size=40)
sizes[-1] += 600 - sizes.sum()
centre = np.repeat(np.arange(40), sizes)
region = (np.arange(40) % 5)[centre]
place = np.sqrt(0.1) * rng.standard_normal(5)[region] + np.sqrt(0.2) * rng.standard_normal(40)[centre]
general = place + np.sqrt(0.7) * rng.standard_normal(600)
answers = pd.DataFrame(
    {"centre": [f"c{k:02d}" for k in centre], "region": [f"r{k}" for k in region]}
)
for group, loadings in LOADINGS.items():
    trait = np.sqrt(0.6) * general[:, None] + np.sqrt(0.4) * rng.standard_normal((600, 2))
    for number, loading in enumerate(loadings, start=1):
        own = trait[:, int(group == "c" and number > 3)]
        latent = loading * own + np.sqrt(1 - loading**2) * rng.standard_normal(600)
        answers[f"{group}{number}"] = np.searchsorted(CUTS + 0.1 * number - 0.3, latent) + 1
answers.to_csv("answers.csv", index=False)

rng = np.random.default_rng(20261127)
centre = np.repeat(np.arange(60), 10)
latent = (
    0.7 * rng.standard_normal(60)[centre, None] * np.array([1.0, 0.9, 0.8, 0.9])
    + 0.25 * rng.standard_normal((60, 4))[centre]
    + 0.7 * rng.standard_normal(600)[:, None] * np.array([0.9, 1.0, 1.1, 0.8])
    + 0.6 * rng.standard_normal((600, 4))
)
balanced = pd.DataFrame(
    np.searchsorted([-1.5, -0.6, 0.3, 1.2], latent + np.array([0.3, 0.1, 0.0, -0.4])) + 1,
    columns=["d1", "d2", "d3", "d4"],
)
balanced.insert(0, "centre", [f"k{code:02d}" for code in centre])
balanced.insert(1, "region", [f"r{code % 6}" for code in centre])
balanced.to_csv("balanced.csv", index=False)
