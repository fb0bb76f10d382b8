"""Growth of time and memory on logarithmic axes, in the house style of the program's figures."""

from __future__ import annotations

import math

from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from clientindex.figures import colours, figure_to_svg, house_style
from clientindex.figures.legends import add_common_legend
from clientindex.figures.style import new_figure
from frame.page_tables import MEASURED, list_axes

LABELS = {"respondents": "respondents", "centres": "centres", "rows": "rows"}
MEASURES = (("best", "seconds"), ("added", "memory added, MB"))
PANEL_IN, LEGEND_IN = 2.4, 0.7
FEW_TICKS = 4
"""At most so many numbers on an axis of less than a power of ten."""

LEAST_MB = 0.1
"""Less memory than this is drawn as this much: a logarithmic axis has no zero."""

OURS, PEERS = (colours.ESTIMATE, colours.INTERVAL, colours.REFERENCE), colours.REGIONS
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")


def list_series(quantity):
    """Return the axes along which a quantity grows, each with the sizes that lie on it.

    Along an axis all else is as in most sizes, so that a line joins what can be compared.
    """
    found = {}
    sizes = sorted({row.size for row in quantity.rows})
    for name in list_axes(quantity):
        groups = {}
        for size in sizes:
            rest = tuple(getattr(size, other) for other in LABELS if other != name)
            groups.setdefault(rest, []).append(size)
        longest = max(groups.values(), key=len)
        if len(longest) > 1:
            found[name] = longest
    return found or _join_all(quantity, sizes)


def _join_all(quantity, sizes):
    """Return one axis for sizes that differ in everything at once."""
    return {list_axes(quantity)[0]: sizes} if len(sizes) > 1 else {}


def draw_growth(quantity):
    """Return the figure of a quantity as SVG, or None where it was measured at one size only."""
    series = list_series(quantity)
    if not series:
        return None
    with house_style():
        figure = new_figure(LEGEND_IN + PANEL_IN * len(series))
        axes = figure.subplots(len(series), len(MEASURES), squeeze=False)
        for row, (name, sizes) in zip(axes, series.items(), strict=True):
            for ax, (measure, label) in zip(row, MEASURES, strict=True):
                draw_panel(quantity, measure, sizes, name, ax=ax)
                per = f" a {quantity.unit}" if measure == "best" and quantity.unit else ""
                ax.set_ylabel(label + per)
                ax.set_xlabel(_label_axis(name, sizes))
        add_common_legend(figure, axes.ravel())
        return figure_to_svg(figure)


def draw_panel(quantity, measure, sizes, name, *, ax):
    """Draw one line a contender; computes nothing."""
    own = others = 0
    for place, contender in enumerate(dict.fromkeys(row.contender for row in quantity.rows)):
        points = [
            (getattr(row.size, name), getattr(row, measure))
            for row in sorted(quantity.rows, key=lambda one: one.size)
            if row.contender == contender and row.status in MEASURED and row.size in sizes
        ]
        ours = contender.startswith("clientindex")
        colour = OURS[own % len(OURS)] if ours else PEERS[others % len(PEERS)]
        own, others = own + ours, others + (not ours)
        points = [point for point in points if point[1] is not None]
        if not points:
            continue
        x, y = zip(*points, strict=True)
        ax.plot(
            x,
            [max(value, LEAST_MB) for value in y] if measure == "added" else y,
            color=colour,
            marker=MARKERS[place % len(MARKERS)],
            markersize=4,
            linewidth=1.4 if ours else 0.9,
            linestyle="solid" if ours else "dashed",
            label=contender,
        )
    ax.set_xscale("log")
    ax.set_yscale("log")
    for axis in (ax.xaxis, ax.yaxis):
        _name_ticks(axis)
    ax.grid(visible=True, which="major")


def _name_ticks(axis):
    """Name powers of ten, or numbers between them where fewer than two of those are in view."""
    low, high = (math.log10(end) for end in axis.get_view_interval())
    if math.floor(high) - math.ceil(low) >= 1:
        axis.set_minor_formatter(NullFormatter())
        return
    if high - low < 1:
        axis.set_major_locator(MaxNLocator(FEW_TICKS))
        axis.set_minor_locator(NullLocator())
    else:
        axis.set_minor_locator(LogLocator(subs=(2, 5)))
    for put in (axis.set_major_formatter, axis.set_minor_formatter):
        put(FuncFormatter(lambda value, _: f"{value:,g}"))


def _label_axis(name, sizes):
    fixed = {
        other: getattr(sizes[0], other)
        for other in LABELS
        if other != name and getattr(sizes[0], other)
    }
    if len({tuple(getattr(size, other) for other in fixed) for size in sizes}) > 1:
        return LABELS[name] + ", " + " and ".join(fixed) + " growing with them"
    told = ", ".join(f"{value:,} {other}" for other, value in fixed.items())
    return LABELS[name] + (f" ({told})" if told else "")
