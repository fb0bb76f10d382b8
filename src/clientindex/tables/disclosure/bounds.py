"""What can be told of hidden counts from sums: between which bounds each of them lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Key = tuple[str, ...]
Bounds = tuple[float, float]
_ROUNDS: Final = 50


def find_bounds(
    values: Mapping[Key, int],
    sums: Sequence[tuple[Sequence[Key], Key | None]],
    known: Mapping[Key, Bounds],
) -> dict[Key, Bounds]:
    """Return the bounds of hidden counts.

    Parameters
    ----------
    values : mapping
        Cell -> count.
    sums : sequence of pairs
        Parts and the total that they add up to; None where the total follows from other numbers.
    known : mapping
        Hidden cell -> what is known of it beforehand.

    Notes
    -----
    Every equation bounds each of its unknowns by the bounds of the others, over and over until
    nothing changes. Where equations are joined crosswise, true bounds may be closer.
    """
    bounds = dict(known)
    equations = [_prepare(values, parts, total, known) for parts, total in sums]
    equations = [(terms, rest) for terms, rest in equations if terms]
    for _ in range(_ROUNDS):
        before = dict(bounds)
        for terms, rest in equations:
            _tighten(bounds, terms, rest)
        if bounds == before:
            break
    return bounds


def _prepare(
    values: Mapping[Key, int],
    parts: Sequence[Key],
    total: Key | None,
    known: Mapping[Key, Bounds],
) -> tuple[list[tuple[Key, int]], float]:
    """Return the unknowns with their signs, and what they add up to."""
    terms = [(key, 1) for key in parts if key in known]
    rest = float(sum(values[key] for key in parts if key in known))
    if total is not None and total in known:
        terms.append((total, -1))
        rest -= values[total]
    return terms, rest


def _tighten(bounds: dict[Key, Bounds], terms: list[tuple[Key, int]], rest: float) -> None:
    for key, sign in terms:
        others = [(bounds[k], s) for k, s in terms if k != key]
        low = sum(b[0] if s > 0 else -b[1] for b, s in others)
        high = sum(b[1] if s > 0 else -b[0] for b, s in others)
        own = (rest - high, rest - low) if sign > 0 else (low - rest, high - rest)
        bounds[key] = (max(bounds[key][0], own[0]), min(bounds[key][1], own[1]))
