"""What was measured, as rows of a JSON file beside the page that is made from it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace

from frame.declared import Size

OK, FAILED, OVER, ABSENT, NOT_TRIED, DIFFERS = (
    "ok",
    "failed",
    "over the limit",
    "absent",
    "not tried",
    "differs",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One contender at one size.

    Seconds are for one unit of the quantity; memory is in MB: `held` before the clock started
    (interpreter, packages, data), `peak` while it ran.
    """

    contender: str
    size: Size
    status: str
    detail: str = ""
    runs: int = 0
    best: float | None = None
    median: float | None = None
    processor: float | None = None
    held: float | None = None
    peak: float | None = None
    difference: float | None = None
    tolerance: float | None = None
    threads: int = 1
    version: str = ""

    @property
    def added(self):
        """Return the memory that the run took beyond what the process held, MB."""
        if self.peak is None or self.held is None:
            return None
        return max(self.peak - self.held, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """The physical limit of one run of a quantity at a size, seconds."""

    size: Size
    what: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A quantity with its rows and limits."""

    key: str
    title: str
    what: str
    unit: str
    rows: tuple[Row, ...]
    bounds: tuple[Bounded, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaResults:
    """What one script of benchmarks found; `machine` describes where (see `frame.machine`)."""

    key: str
    title: str
    note: str
    quick: bool
    minutes: float
    time_limit: float
    machine: dict = field(hash=False)
    quantities: tuple[Measured, ...] = ()


def write_results(results, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_shorten(asdict(results)), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def read_results(path):
    given = json.loads(path.read_text(encoding="utf-8"))
    quantities = tuple(_read_quantity(one) for one in given.pop("quantities"))
    return AreaResults(**given, quantities=quantities)


def replace_quantity(stored, again):
    """Put quantities that were measured again by the same plan in the place of those stored.

    Raises
    ------
    ValueError
        If the plans differ: small sizes do not stand beside large ones.
    """
    if (stored.quick, stored.time_limit) != (again.quick, again.time_limit):
        message = f"{stored.key} was measured by another plan; measure the whole area again"
        raise ValueError(message)
    new = {quantity.key: quantity for quantity in again.quantities}
    quantities = tuple(new.get(quantity.key, quantity) for quantity in stored.quantities)
    return replace(stored, minutes=stored.minutes + again.minutes, quantities=quantities)


def _read_quantity(given):
    rows = tuple(Row(**one | {"size": Size(**one["size"])}) for one in given.pop("rows"))
    bounds = tuple(Bounded(**one | {"size": Size(**one["size"])}) for one in given.pop("bounds"))
    return Measured(**given, rows=rows, bounds=bounds)


def _shorten(value):
    """Leave out what is not known, and digits that no clock has."""
    if isinstance(value, dict):
        return {key: _shorten(one) for key, one in value.items() if one is not None}
    if isinstance(value, (list, tuple)):
        return [_shorten(one) for one in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
