"""Names of input files, of which two may be called alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


def number_repeats(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Return names with their values; a second file of one name is "name (file 2)".

    Examples
    --------
    >>> number_repeats([("a.csv", 1), ("b.csv", 2), ("a.csv", 3)])
    {'a.csv': 1, 'b.csv': 2, 'a.csv (file 2)': 3}
    """
    told: dict[str, T] = {}
    times: dict[str, int] = {}
    for name, value in pairs:
        times[name] = times.get(name, 0) + 1
        told[name if times[name] == 1 else f"{name} (file {times[name]})"] = value
    return told
