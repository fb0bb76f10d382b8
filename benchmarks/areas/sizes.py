"""Sizes that several areas measure, and the limits that grow with them."""

from __future__ import annotations

from frame import Bound, Size

from areas.material import N_ITEMS

GROWTH = tuple(
    Size(respondents=n, centres=2_000) for n in (3_000, 30_000, 300_000, 1_000_000, 10_000_000)
)
CENTRES = tuple(Size(respondents=1_000_000, centres=n) for n in (200, 20_000))
QUICK = (Size(respondents=3_000, centres=200), Size(respondents=30_000, centres=200))


def read_answers(size):
    """Return the limit of what begins with answers."""
    return Bound(
        what="reading answers and centres from memory once",
        amount=(N_ITEMS + 4) * size.respondents,
        resource="memory",
    )


def read_counts(size):
    """Return the limit of what begins with counts: reading tables of all pairs once."""
    cells = N_ITEMS * (N_ITEMS - 1) // 2 * 36
    return Bound(
        what="reading the tables of all centres from memory once",
        amount=4 * cells * size.centres,
        resource="memory",
    )
