"""Run all that an area declares, print rows as they come, and return them."""

from __future__ import annotations

import importlib
import tempfile
import time
from pathlib import Path

from frame.measure import make_command, measure, run_process
from frame.page_tables import tell_row
from frame.rows import DIFFERS, NOT_TRIED, OK, OVER, AreaResults, Bounded, Measured, Row

PREPARE_LIMIT = 900.0


def run_area(module, *, plan, machine, say=print, only=""):
    """Measure every quantity of the area that `module` declares as ``AREA``, or only one.

    Raises
    ------
    RuntimeError
        If the area has no quantity `only`, the material of a quantity cannot be prepared, or ours
        cannot be computed.
    """
    area = importlib.import_module(module).AREA
    started = time.perf_counter()
    asked = [quantity for quantity in area.quantities if only in ("", quantity.key)]
    if not asked:
        keys = ", ".join(quantity.key for quantity in area.quantities)
        message = f"{area.key} has no quantity {only!r}; it has {keys}"
        raise RuntimeError(message)
    quantities = tuple(
        run_quantity(module, quantity, plan=plan, machine=machine, say=say) for quantity in asked
    )
    return AreaResults(
        key=area.key,
        title=area.title,
        note=area.note,
        quick=plan.quick,
        minutes=(time.perf_counter() - started) / 60,
        time_limit=plan.time_limit,
        machine=machine,
        quantities=quantities,
    )


def run_quantity(module, quantity, *, plan, machine, say):
    say(quantity.title)
    sizes = quantity.quick if plan.quick else quantity.sizes
    rows, late = [], {}
    with tempfile.TemporaryDirectory() as name:
        warm = prepare(module, quantity, quantity.warm, Path(name) / "warm")
        for size in sizes:
            with tempfile.TemporaryDirectory(dir=name) as own:
                folder = prepare(module, quantity, size, Path(own) / "size")
                folders = (warm, folder)
                rows += _run_size(module, quantity, size, folders, plan=plan, late=late, say=say)
    return Measured(
        key=quantity.key,
        title=quantity.title,
        what=quantity.what,
        unit=quantity.unit,
        rows=tuple(rows),
        bounds=tuple(_find_bounds(quantity, sizes, machine)),
    )


def prepare(module, quantity, size, folder):
    """Write the material of a size, in a process of its own; return its folder."""
    folder.mkdir()
    command = make_command(
        module, quantity, size, folder / "prepared.json", folder=str(folder), debug=True
    )
    status, detail = run_process(command, PREPARE_LIMIT)
    if status != OK:
        message = f"{quantity.key}, {size}: the material could not be prepared: {detail}"
        raise RuntimeError(message)
    return folder


def _run_size(module, quantity, size, folders, *, plan, late, say):
    """Measure all contenders at a size; who was too late at a smaller one is not tried again."""
    first, rows = None, []
    for place, contender in enumerate(quantity.contenders):
        if contender.name in late and _contains(size, late[contender.name]):
            limit = quantity.patience * plan.time_limit
            detail = f"over the limit of {limit:g} s at a smaller size"
            row = Row(contender=contender.name, size=size, status=NOT_TRIED, detail=detail)
        else:
            row, numbers = measure(
                module, quantity, contender, size, folders=folders, plan=plan, first=first
            )
            first = numbers if place == 0 else first
        if row.status == OVER:
            late[contender.name] = size
        say("  " + tell_row(row), flush=True)
        rows.append(row)
    return rows


def _contains(size, smaller):
    return all(
        getattr(size, name) >= getattr(smaller, name) for name in ("respondents", "centres", "rows")
    )


def _find_bounds(quantity, sizes, machine):
    for size in sizes if quantity.bound is not None else ():
        bound = quantity.bound(size)
        speed = machine["speeds"][bound.resource]
        yield Bounded(size=size, what=bound.what, seconds=bound.amount / speed)


def list_faults(results):
    """Return what must not go unseen: peers that find other numbers, ours that fail."""
    faults = []
    for quantity in results.quantities:
        for row in quantity.rows:
            ours = row.contender.startswith("clientindex")
            if row.status == DIFFERS or (ours and row.status != OK and row.status != NOT_TRIED):
                faults.append(f"{quantity.title}: {tell_row(row)}")
    return faults
