"""Two scores of every centre, by survey and by checklist, as the contenders take them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pingouin
from frame import Quantity, Size

N_INDICATORS = 20
LEVEL = 0.95
ROUNDING = 1e-9
"""Sums in another order."""


def draw_scores(n_centres):
    """Draw indicators of both sources: a trait, methods, a bias."""
    rng = np.random.default_rng(1)
    shape = (n_centres, N_INDICATORS)
    trait = 60 + 8 * rng.standard_normal((n_centres, 1)) + 4 * rng.standard_normal(shape)
    survey = trait + 4 * rng.standard_normal(shape)
    method = 3 * rng.standard_normal((n_centres, 1))
    return survey, trait + 7 + method + 6 * rng.standard_normal(shape)


def prepare(size, folder):
    """Write indicators of both sources; for R the first indicator."""
    survey, checklist = draw_scores(size.centres)
    np.save(folder / "scores.npy", np.stack([survey, checklist]))
    (folder / "answers.bin").write_bytes(survey[:, 0].tobytes() + checklist[:, 0].tobytes())
    (folder / "columns.txt").write_text("2\n")


def load_both(folder, size):
    del size
    return np.load(folder / "scores.npy")


def load_pair(folder, size):
    survey, checklist = load_both(folder, size)
    return np.column_stack([survey[:, 0], checklist[:, 0]])


def load_long(folder, size):
    return make_long(*load_pair(folder, size).T)


def make_long(survey, checklist):
    """Return a table with a row for each score, as pingouin wants it."""
    n = len(survey)
    return pd.DataFrame(
        {
            "centre": np.tile(np.arange(n), 2),
            "source": np.repeat(["survey", "checklist"], n),
            "score": np.concatenate([survey, checklist]),
        }
    )


def ask_pingouin(frame):
    return pingouin.intraclass_corr(frame, targets="centre", raters="source", ratings="score")


of_scores = partial(
    Quantity,
    prepare=prepare,
    warm=Size(centres=30),
    sizes=tuple(Size(centres=n) for n in (200, 600, 2_000, 6_000, 20_000)),
    quick=tuple(Size(centres=n) for n in (50, 200)),
)
