"""An area of benchmarks that takes no time: sums of numbers, right, wrong and impossible ones."""

from __future__ import annotations

import numpy as np
from frame import Area, Bound, Contender, Quantity, Size

MIB = 2**20
TAKEN_MIB = 64


def prepare(size, folder):
    np.save(folder / "numbers.npy", np.arange(size.rows, dtype=float))


def load(folder, size):
    numbers = np.load(folder / "numbers.npy")
    assert len(numbers) == size.rows
    return numbers


def add_and_hold(numbers):
    """Sum with a block of memory that is touched and let go."""
    block = np.ones(TAKEN_MIB * MIB, np.uint8)
    return float(numbers.sum()) + 0.0 * float(block[0])


def fail(numbers):
    message = f"no sum of {len(numbers)} numbers\nand more words"
    raise ValueError(message)


def make(name, run, **options):
    return Contender(name=name, load=load, run=run, **{"numbers": np.atleast_1d} | options)


SUMS = Quantity(
    key="sums",
    title="Sums",
    what="Of whole numbers.",
    prepare=prepare,
    warm=Size(rows=3),
    sizes=(Size(rows=1_000),),
    quick=(Size(rows=10), Size(rows=100)),
    bound=lambda size: Bound(what="reading", amount=8 * size.rows, resource="memory"),
    contenders=(
        make("clientindex", np.sum),
        make("holds memory", add_and_hold),
        make("nearly", lambda numbers: numbers.sum() + 0.25, tolerance=0.5),
        make("wrong", lambda numbers: numbers.sum() + 1.0, tolerance=0.5),
        make("fails", fail),
        make("absent", np.sum, package="no-such-distribution"),
        make("small only", np.sum, largest=Size(rows=50), why_not="needs too much memory"),
    ),
)

AREA = Area(key="tiny", title="Tiny", quantities=(SUMS,))
