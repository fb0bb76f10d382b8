"""Simulate ordinal answers of clustered respondents and write their Pearson correlations.

Run from this folder: python simulate.py
"""

import numpy as np
import pandas as pd

N_CENTRES, PER_CENTRE, N_GROUPS, PER_GROUP, N_CATEGORIES = 60, 25, 5, 4, 5
GENERAL, CENTRE = 0.6, 0.3

rng = np.random.default_rng(20260301)
keys = [f"{group}{number}" for group in "abcde" for number in range(1, PER_GROUP + 1)]
own = rng.uniform(0.55, 0.8, len(keys))
loadings = np.zeros((len(keys), N_GROUPS))
loadings[np.arange(len(keys)), np.repeat(np.arange(N_GROUPS), PER_GROUP)] = own
loadings[3, 1] = 0.35  # one indicator that belongs to two groups

size = (N_CENTRES, PER_CENTRE)
general = np.sqrt(CENTRE) * rng.normal(size=(N_CENTRES, 1)) + np.sqrt(1 - CENTRE) * rng.normal(
    size=size
)
special = rng.normal(size=(*size, N_GROUPS))
factors = np.sqrt(GENERAL) * general[..., None] + np.sqrt(1 - GENERAL) * special
phi = np.where(np.eye(N_GROUPS, dtype=bool), 1.0, GENERAL)
unique = np.sqrt(1 - np.einsum("kf,fg,kg->k", loadings, phi, loadings))
latent = factors @ loadings.T + unique * rng.normal(size=(*size, len(keys)))
cuts = np.sort(rng.normal(-0.5, 0.9, (len(keys), N_CATEGORIES - 1)), axis=1)
answers = 1 + (latent[..., None] > cuts).sum(axis=-1)

frame = pd.DataFrame(answers.reshape(-1, len(keys)), columns=keys)
frame.corr().to_csv("ordinal_correlations.csv", index=False)
print(len(frame))
