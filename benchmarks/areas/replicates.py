"""Resampled centres the long way, with rows repeated, as peers take them."""

from __future__ import annotations

import numpy as np


def count_draws(weights):
    """Return how often every centre was drawn, from weights of shape (..., C).

    One centre less is drawn than there are, and the weights make up for it.
    """
    n = np.shape(weights)[-1]
    return np.rint(weights * (n - 1) / n).astype(int)


def repeat_rows(centre, drawn):
    """Return the rows of the drawn centres, as often as each was drawn."""
    return np.repeat(np.arange(len(centre)), drawn[centre])


def write_rows_for_r(centre, drawn, folder):
    rows = repeat_rows(centre, drawn)
    (folder / "drawn_rows.bin").write_bytes(rows.astype(np.int32).tobytes())
