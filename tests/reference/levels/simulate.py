"""Simulate balanced.csv (50 centres of 12) and gaps.csv (90 centres of 3-25, answers missing).

Six questions on a scale of seven, two groups, which correlate more between centres than within.
Run from this folder: python simulate.py.
"""

import numpy as np
import pandas as pd

ITEMS = ["a1", "a2", "a3", "b1", "b2", "b3"]
CUTS = np.array([-1.6, -1.0, -0.4, 0.2, 0.8, 1.4])
rng = np.random.default_rng(20261124)


def answer(sizes):
    centre = np.repeat(np.arange(len(sizes)), sizes)
    halo = rng.standard_normal((len(sizes), 1))
    shared = np.sqrt(0.6) * halo + np.sqrt(0.4) * rng.standard_normal((len(sizes), 2))
    place = np.sqrt(0.8) * shared.repeat(3, axis=1) + np.sqrt(0.2) * rng.standard_normal(
        (len(sizes), 6)
    )
    general = rng.standard_normal((len(centre), 1))
    groups = np.sqrt(0.4) * general + np.sqrt(0.6) * rng.standard_normal((len(centre), 2))
    own = rng.standard_normal((len(centre), 6))
    within = 0.8 * groups.repeat(3, axis=1) + 0.6 * own
    latent = np.sqrt(0.25) * place[centre] + np.sqrt(0.75) * within
    answers = pd.DataFrame(np.searchsorted(CUTS, latent) + 1, columns=ITEMS)
    answers.insert(0, "centre", [f"c{number:02d}" for number in centre])
    return answers


balanced = answer(np.full(50, 12))
balanced.to_csv("balanced.csv", index=False)
gaps = answer(rng.integers(3, 26, size=90))
gaps[ITEMS] = gaps[ITEMS].mask(rng.random((len(gaps), 6)) < 0.1).astype("Int64")
gaps.to_csv("gaps.csv", index=False)
