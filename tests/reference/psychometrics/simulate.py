"""Simulate the answers that the R reference is computed from.

Nine questions answered 1-5 in three groups of three (b2 is reverse-keyed), a general factor and
three group factors, 24 centres in four regions with effects of their own, 6 % missing answers.
Run from this folder: python simulate.py
"""

import numpy as np
import pandas as pd

ITEMS = ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"]
LOADINGS = np.array([0.75, 0.65, 0.55, 0.8, 0.6, 0.7, 0.5, 0.6, 0.7])
CUTS = np.array([-1.5, -0.8, -0.1, 0.8])

rng = np.random.default_rng(20260630)
n_centres, per_centre = 24, 25
centre = np.repeat(np.arange(n_centres), per_centre)
halo = rng.normal(size=(len(centre), 1)) + 0.4 * rng.normal(size=(n_centres, 1))[centre]
own = rng.normal(size=(len(centre), 3)) + 0.4 * rng.normal(size=(n_centres, 3))[centre]
factors = np.sqrt(0.3) * halo + np.sqrt(0.7) * own
group = np.repeat(np.arange(3), 3)
latent = LOADINGS * factors[:, group]
latent += np.sqrt(1 - LOADINGS**2) * rng.normal(size=latent.shape)
latent[:, 4] *= -1
answers = np.searchsorted(CUTS, latent) + 1
frame = pd.DataFrame(answers, columns=ITEMS).mask(rng.random(latent.shape) < 0.06)
frame.insert(0, "region", [f"r{number // 6}" for number in centre])
frame.insert(0, "centre", [f"c{number:02d}" for number in centre])
frame.astype(dict.fromkeys(ITEMS, "Int64")).to_csv("answers.csv", index=False)
