"""Measure one area or all, store what was found, and write docs/benchmarks.md anew.

A quick run goes to build/benchmarks, page and all, unless `--to` says otherwise. The exit code is
not 0 where a peer finds other numbers than we do, or ours cannot be computed.

Run: ``python benchmarks/run.py [area | area.quantity ...] [--quick] [--to folder]``
"""

from __future__ import annotations

import argparse
from pathlib import Path

from frame.declared import FULL, QUICK
from frame.machine import describe_machine
from frame.rows import read_results, replace_quantity, write_results
from frame.run_area import list_faults, run_area
from report import ORDER, PAGE, RESULTS, ROOT, load_areas, write_report

QUICK_RESULTS = ROOT / "build" / "benchmarks"


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "areas",
        nargs="*",
        metavar="area",
        help=f"of {', '.join(ORDER)}; area.quantity measures one quantity of it again",
    )
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--to", type=Path, help="folder for results; the page goes there too")
    asked = parser.parse_args()
    unknown = [name for name in asked.areas if name.partition(".")[0] not in ORDER]
    if unknown:
        parser.error(f"no area {', '.join(unknown)}: there are {', '.join(ORDER)}")
    return asked


def measure_area(name, folder, *, plan, machine):
    """Measure an area, or one quantity of it that takes the place of the stored one."""
    area, _, quantity = name.partition(".")
    path = folder / f"{area}.json"
    results = run_area(f"areas.{area}", plan=plan, machine=machine, only=quantity)
    write_results(replace_quantity(read_results(path), results) if quantity else results, path)
    return results


def main():
    asked = read_arguments()
    folder = (asked.to or (QUICK_RESULTS if asked.quick else RESULTS)).resolve()
    machine = describe_machine()
    faults = []
    for area in asked.areas or ORDER:
        print(f"== {area}", flush=True)
        plan = QUICK if asked.quick else FULL
        results = measure_area(area, folder, plan=plan, machine=machine)
        faults += list_faults(results)
        print(f"  {results.minutes:.1f} minutes", flush=True)
    for path in write_report(load_areas(folder), PAGE.parent if folder == RESULTS else folder):
        print(path)
    if faults:
        raise SystemExit("\n".join(["What must be looked at:", *faults]))


if __name__ == "__main__":
    main()
