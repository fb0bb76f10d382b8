"""Run one contender in this fresh process: load, warm up, then look at clock and memory.

Called by `frame.measure` as ``python -m frame.child``; the one argument is JSON, what was found
goes to a file of JSON and an array beside it.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np

from frame.declared import Size
from frame.memory import bound_memory, forget_peak, read_held, read_peak


def find(asked):
    """Return the quantity and the contender that are asked for."""
    area = importlib.import_module(asked["module"]).AREA
    quantity = next(one for one in area.quantities if one.key == asked["quantity"])
    if "contender" not in asked:
        return quantity, None
    return quantity, next(one for one in quantity.contenders if one.name == asked["contender"])


def run(asked):
    quantity, contender = find(asked)
    size = Size(**asked["size"])
    if contender is None:
        quantity.prepare(size, Path(asked["folder"]))
        return {}, None
    contender.run(contender.load(Path(asked["warm_folder"]), quantity.warm))
    material = contender.load(Path(asked["folder"]), size)
    return measure(contender, material, asked)


def measure(contender, material, asked):
    """Run until there were enough runs or the budget is spent."""
    forget_peak()
    held, clock, processor = read_held(), [], []
    while len(clock) < asked["repeats"] and sum(clock) < asked["budget"]:
        found = None
        spent, started = time.process_time(), time.perf_counter()
        found = contender.run(material)
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - spent)
        if len(clock) == 1:
            peak = read_peak()
    told = {"clock": clock, "processor": processor, "held": held, "peak": peak}
    numbers = None if contender.numbers is None else np.asarray(contender.numbers(found), float)
    return told, numbers


def main():
    asked = json.loads(sys.argv[1])
    # What a package says of its own future is not for the reader of a benchmark.
    warnings.simplefilter("ignore")
    bound_memory()
    out = Path(asked["out"])
    try:
        told, numbers = run(asked)
    except Exception as error:
        lines = str(error).strip().splitlines()
        told = {"error": f"{type(error).__name__}: {lines[0] if lines else ''}".rstrip(": ")}
        numbers = None
        if asked.get("debug"):
            raise
    if numbers is not None:
        np.save(out.with_suffix(".npy"), numbers)
    out.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
