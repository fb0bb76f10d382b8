"""The page on benchmarks, made of stored results only."""

from __future__ import annotations

from frame.page_tables import (
    build_bounds,
    build_summary,
    build_table,
    list_absent,
)
from frame.plots import draw_growth

QUICK = (
    "**This is a quick run on small sizes, beside other work on the machine: it shows that the "
    "benchmarks work, and is no measurement to quote.**"
)
INTRODUCTION = """\
Made by `python benchmarks/report.py` from the files of `benchmarks/results/`, which `make bench`
writes; no number here is typed. `make bench AREA=counts` measures one area again, `QUICK=1` takes
small sizes.

How to read it:

- Every contender runs in a fresh process, after one small run that compiles what is compiled. Time
  begins when its input is in memory, and ends with its result.
- **best**, **median**: seconds on the clock of so many **runs**; **processors**: the least time of
  processors in a run. Everyone may use one thread of the libraries for linear algebra unless the
  row says two; programs that start threads of their own show in the time of processors.
- **memory added**: the peak while it ran, less what the process held before (interpreter, packages,
  input); **peak**: the peak itself. Of programs that start processes, the largest process counts.
- **numbers**: the largest difference from the numbers of the first row of the same size, and the
  tolerance: who finds something else is marked, so that nobody compares the speed of different
  things.
- **physical limit**: what the task cannot do without (bytes to be read, multiplications), by the
  speeds of this machine below.
- A contender that fails, or takes longer than the time limit, is listed so; one that is not
  installed is named below the table."""


def build_page(areas, *, figures):
    """Return the page.

    Parameters
    ----------
    areas : sequence of AreaResults
    figures : mapping
        Path from the page by area and quantity, where there is a figure.

    Returns
    -------
    str
    """
    lines = ["# Benchmarks", ""]
    if any(area.quick for area in areas):
        lines += [QUICK, ""]
    lines += [INTRODUCTION, "", "## The machine", "", *describe(areas), ""]
    lines += ["## Beside the peers, at the largest size that both computed", ""]
    lines += [*build_summary(areas), ""]
    for area in areas:
        lines += build_area(area, figures=figures)
    return "\n".join(lines).rstrip() + "\n"


def describe(areas):
    """Return what the machine is; areas that ran elsewhere are told apart."""
    lines = []
    for machine in _distinct([area.machine for area in areas]):
        own = [area.title for area in areas if _name(area.machine) == _name(machine)]
        if len(own) < len(areas):
            lines += [f"For {', '.join(own)}:", ""]
        lines += list(_describe_one(machine))
    minutes = sum(area.minutes for area in areas)
    lines += ["", f"All of it took {minutes:.0f} minutes:"]
    lines[-1] += " " + ", ".join(f"{area.title} {area.minutes:.1f}" for area in areas) + "."
    return lines


def _name(machine):
    return {key: value for key, value in machine.items() if key != "speeds"}


def _distinct(machines):
    kept = []
    for machine in machines:
        if _name(machine) not in [_name(one) for one in kept]:
            kept.append(machine)
    return kept


def _describe_one(machine):
    speeds, packages = machine["speeds"], machine["packages"]
    processors = machine.get("processors") or "unknown number of"
    yield f"- {machine['processor']}, {processors} processors,"
    yield f"  {machine['memory_gb']:.0f} GB of memory; {machine['system']}"
    yield f"- Python {machine['python']}; BLAS of numpy and scipy: {machine['blas']}"
    yield "- " + ", ".join(f"{name} {version}" for name, version in packages.items())
    if machine["absent"]:
        yield "- not installed: " + ", ".join(machine["absent"])
    yield from _describe_r(machine.get("r"))
    yield (
        f"- one thread: memory {speeds['memory'] / 1e9:.1f} GB/s (bytes read and written by a "
        "copy), "
        f"file that is in the memory of the system {speeds['disk'] / 1e9:.1f} GB/s, matrix product "
        f"{speeds['flops32'] / 1e9:.0f} (float32) and {speeds['flops64'] / 1e9:.0f} (float64) "
        "GFLOP/s"
    )


def _describe_r(r):
    if r is None:
        yield "- R is not installed: its packages are not compared"
        return
    there = [f"{name} {number}" for name, number in r["packages"].items() if number]
    gone = [name for name, number in r["packages"].items() if not number]
    yield f"- R {r['version']} with {r['blas']}: " + ", ".join(there or ["no package"])
    if gone:
        yield "- R packages that are not installed: " + ", ".join(gone)


def build_area(area, *, figures):
    lines = [f"## {area.title}", ""]
    lines += [area.note, ""] if area.note else []
    for quantity in area.quantities:
        lines += [f"### {quantity.title}", "", quantity.what, ""]
        lines += [*build_table(quantity), ""]
        absent = list_absent(quantity)
        lines += [f"Not installed here: {', '.join(absent)}.", ""] if absent else []
        bounds = build_bounds(quantity)
        lines += [*bounds, ""] if bounds else []
        path = figures.get((area.key, quantity.key))
        if path is not None:
            lines += [f"![Growth of time and memory: {quantity.title}]({path})", ""]
    return lines


def draw_figures(areas):
    """Return the figures by area and quantity, as SVG."""
    found = {}
    for area in areas:
        for quantity in area.quantities:
            svg = draw_growth(quantity)
            if svg is not None:
                found[area.key, quantity.key] = svg
    return found
