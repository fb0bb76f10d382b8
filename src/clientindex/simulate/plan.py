"""What a pilot is simulated from, read from an edition and those it is earlier than."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clientindex.edition import load_edition
from clientindex.errors import EditionError
from clientindex.methodology import load_methodology

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientindex.edition import Edition, Simulation
    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotPlan:
    """What a pilot is simulated from.

    Attributes
    ----------
    methodology : Methodology
    settings : Simulation
    seed : int
    renamed : mapping of str to str
        Previous identifier -> one of this pilot, for pilots that are earlier than this one.
    later : PilotPlan or None
        The pilot that this one is earlier than.
    """

    methodology: Methodology
    settings: Simulation
    seed: int
    renamed: Mapping[str, str] = field(default_factory=dict)
    later: PilotPlan | None = None


def plan_pilot(edition: Edition) -> PilotPlan:
    """Read what an edition's pilot is simulated from.

    Parameters
    ----------
    edition : Edition

    Returns
    -------
    PilotPlan
        With the plans of later editions, for each its settings and methodology as they are now.

    Raises
    ------
    EditionError
        If an edition has no simulation, or the later one is not later, has the same seed (all that
        is drawn anew would be drawn the same), or is earlier than itself in the end.
    """
    return _plan(edition, seen=())


def _plan(edition: Edition, *, seen: tuple[Path, ...]) -> PilotPlan:
    settings = edition.simulation
    if settings is None:
        msg = f"the edition {edition.id!r} has no 'simulation'; its data come from outside"
        raise EditionError(msg)
    later = None
    if settings.earlier_than is not None:
        path = settings.earlier_than.edition
        after = load_edition(path)
        _check_order(edition, after, is_seen=path in seen)
        later = _plan(after, seen=(*seen, path))
    return PilotPlan(
        methodology=load_methodology(edition.methodology),
        settings=settings,
        seed=edition.seed,
        renamed=edition.renamed,
        later=later,
    )


def _check_order(edition: Edition, later: Edition, *, is_seen: bool) -> None:
    start = f"edition {edition.id!r}: 'simulation.earlier_than' names {later.id!r}, "
    if later.year <= edition.year or is_seen:
        msg = f"{start}which is not of a later year ({later.year} after {edition.year})"
        raise EditionError(msg)
    if later.simulation is None:
        msg = f"{start}which has no 'simulation'; only a simulated year can be taken back"
        raise EditionError(msg)
    if later.seed == edition.seed:
        msg = f"{start}which has the same seed {later.seed}; give each edition a seed of its own"
        raise EditionError(msg)
