"""The seed of an edition, split among the tasks that draw random numbers."""

from __future__ import annotations

import numpy as np

SEEDED_TASKS = ("sensitivity", "reliability", "factors", "agreement", "rating")
"""Tasks in the order in which the edition's seed is split among them. New tasks are added at the
end, or every published number would change."""


def split_seed(seed: int) -> dict[str, np.random.SeedSequence]:
    """Return a stream of random numbers for each task; the same seed gives the same streams."""
    children = np.random.SeedSequence(seed).spawn(len(SEEDED_TASKS))
    return dict(zip(SEEDED_TASKS, children, strict=True))
