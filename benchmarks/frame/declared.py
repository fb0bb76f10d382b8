"""What an area of benchmarks declares: quantities, their sizes, and who computes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Size:
    """How much there is of everything; 0 = it has no say in the quantity."""

    respondents: int = 0
    centres: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A physical limit: what the computation cannot do without, by the speeds of the machine.

    `amount` is in bytes for the resources ``memory`` and ``disk``, in floating point operations for
    ``flops32`` and ``flops64``; `what` says in words what they are.
    """

    what: str
    amount: float
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One who computes a quantity in Python.

    Attributes
    ----------
    name : str
        As readers see it; ours begin with ``clientindex``.
    load : callable
        Folder and size to what `run` takes; not timed.
    run : callable
        What is timed.
    numbers : callable
        Found to an array that is compared with that of the first contender. None: nothing can be.
    compare : callable or None
        Takes the array of the first contender, returns what `numbers` is compared with where that
        is a part of it.
    tolerance : float
        Largest difference that is not a fault.
    units : int
        How many of the quantity's units one run computes; seconds are told for one.
    threads : int
        Threads that it may use.
    package : str
        Distribution that it needs, "" for none.
    largest : Size or None
        Beyond any of these numbers it is not tried, for the reason `why_not`.
    """

    name: str
    load: Callable[[Path, Size], Any]
    run: Callable[[Any], Any]
    numbers: Callable[[Any], Any] | None = None
    compare: Callable[[Any], Any] | None = None
    tolerance: float = 0.0
    units: int = 1
    threads: int = 1
    package: str = ""
    largest: Size | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RPeer:
    """One who computes a quantity in R: `task` of the area's script; other fields as above."""

    name: str
    script: Path
    task: str
    package: str
    compare: Callable[[Any], Any] | None = None
    tolerance: float = 0.0
    units: int = 1
    threads: int = 1
    largest: Size | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Something that several compute.

    Attributes
    ----------
    key, title, what : str
        Name in files, heading and a paragraph for readers: what is computed, and in what the
        contenders differ.
    prepare : callable
        Size and folder; writes what contenders load, in a process of its own.
    contenders : tuple
        Ours first.
    sizes, quick : tuple of Size
        For the full run and the quick one.
    warm : Size
        A small size that is run before the clock starts, so that nothing is compiled while it runs.
    unit : str
        What seconds are for, where it is not one run: ``"replicate"``.
    bound : callable or None
        Size to `Bound` of one run.
    patience : float
        How many times the limit of time is allowed: for what is long by nature.
    """

    key: str
    title: str
    what: str
    prepare: Callable[[Size, Path], None]
    contenders: tuple[Contender | RPeer, ...]
    sizes: tuple[Size, ...]
    quick: tuple[Size, ...]
    warm: Size = field(default_factory=lambda: Size(respondents=2_000, centres=40))
    unit: str = ""
    bound: Callable[[Size], Bound] | None = None
    patience: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A script of benchmarks; `note` is for its readers."""

    key: str
    title: str
    quantities: tuple[Quantity, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much a run takes.

    Attributes
    ----------
    quick : bool
        The small sizes.
    repeats, budget : int, float
        A contender runs until it has run `repeats` times or for `budget` seconds, at least once.
    time_limit : float
        Seconds after which the process of a contender is ended, its start and reading included.
    """

    quick: bool
    repeats: int
    budget: float
    time_limit: float


FULL = Plan(quick=False, repeats=3, budget=6.0, time_limit=60.0)
QUICK = Plan(quick=True, repeats=2, budget=1.0, time_limit=60.0)
