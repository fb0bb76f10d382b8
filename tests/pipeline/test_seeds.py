"""Streams of random numbers: the same whenever they are asked for."""

from __future__ import annotations

import numpy as np

from clientindex.counts import split_task
from clientindex.pipeline.seeds import SEEDED_TASKS, split_seed


def test_new_tasks_leave_the_streams_of_old_ones() -> None:
    assert SEEDED_TASKS[:4] == ("sensitivity", "reliability", "factors", "agreement")
    found = split_seed(0)
    old = np.random.SeedSequence(0).spawn(4)
    for name, stream in zip(SEEDED_TASKS[:4], old, strict=True):
        assert found[name].generate_state(4).tolist() == stream.generate_state(4).tolist()


def test_parts_of_a_task_are_those_of_a_first_spawn_and_stay() -> None:
    seed = split_seed(2026)["rating"]
    first = [part.generate_state(4).tolist() for part in split_task(seed, 3)]
    assert first == [part.generate_state(4).tolist() for part in split_task(seed, 3)]
    assert first == [part.generate_state(4).tolist() for part in seed.spawn(3)]
