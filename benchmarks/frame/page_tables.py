"""Tables of the page: rows of a quantity, and what stands beside the peers at the largest size."""

from __future__ import annotations

from frame.rows import ABSENT, DIFFERS, FAILED, NOT_TRIED, OK, OVER

MEASURED = (OK, DIFFERS)
AXES = (("respondents", "respondents"), ("centres", "centres"), ("rows", "rows"))


def list_axes(quantity):
    """Return the names of what the sizes of a quantity say, in order."""
    return [name for name, _ in AXES if any(getattr(row.size, name) for row in quantity.rows)]


def list_sizes(quantity):
    return sorted({row.size for row in quantity.rows})


def find_first(quantity, size):
    """Return the row of the first contender, ours, at a size; None where it was not measured."""
    rows = [row for row in quantity.rows if row.size == size]
    return rows[0] if rows and rows[0].status in MEASURED else None


def tell_seconds(value):
    """Return seconds with three significant digits, in the unit that suits them."""
    if value is None:
        return ""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= scale:
            return f"{_round(value / scale)} {unit}"
    return f"{_round(value / 1e-9)} ns"


def tell_memory(value):
    if value is None:
        return ""
    return f"{value / 1024:.2f} GB" if value >= 1024 else f"{value:.0f} MB"


def tell_ratio(value):
    return "" if value is None else f"{_round(value)}"


def _round(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def tell_difference(row):
    """Return how the numbers differ from those of the first contender."""
    if row.difference is None:
        return ""
    if row.difference == 0:
        return "equal"
    word = "**differs**" if row.status == DIFFERS else "within"
    return f"{row.difference:.1g} ({word} {row.tolerance:g})"


def tell_row(row):
    """Return a row as one line of text, as it is printed while the benchmarks run."""
    size = ", ".join(
        f"{getattr(row.size, name):,} {word}" for name, word in AXES if getattr(row.size, name)
    )
    if row.status not in MEASURED:
        return f"{row.contender:<44} {size}: {row.status}{row.detail and ', ' + row.detail}"
    told = f"{row.contender:<44} {size}: {tell_seconds(row.best)}, {tell_memory(row.added)} more"
    return told + (f", {tell_difference(row)}" if row.difference is not None else "")


def build_table(quantity):
    """Return the lines of the table of a quantity."""
    axes = list_axes(quantity)
    per = f", a {quantity.unit}" if quantity.unit else ""
    head = [
        *axes,
        "who",
        f"best{per}",
        "median",
        "processors",
        "runs",
        "memory added",
        "peak",
        "times the first",
        "numbers",
    ]
    lines = [_line(head), _line(["---:"] * len(axes) + ["---"] + ["---:"] * 7 + ["---"])]
    for size in list_sizes(quantity):
        first = find_first(quantity, size)
        rows = [row for row in quantity.rows if row.size == size and row.status != ABSENT]
        lines += [_line(_cells(row, axes, first)) for row in rows]
    return lines


def _cells(row, axes, first):
    cells = [f"{getattr(row.size, name):,}" for name in axes]
    name = row.contender + (f" {row.version}" if row.version else "")
    name += ", two threads" if row.threads == 2 else ""
    if row.status not in MEASURED:
        told = row.status if not row.detail else f"{row.status}: {_escape(row.detail)}"
        return [*cells, name, told, *[""] * 7]
    ratio = row.best / first.best if first is not None and row is not first else None
    return [
        *cells,
        name,
        tell_seconds(row.best),
        tell_seconds(row.median),
        tell_seconds(row.processor),
        str(row.runs),
        tell_memory(row.added),
        tell_memory(row.peak),
        tell_ratio(ratio),
        tell_difference(row),
    ]


def build_bounds(quantity):
    """Return lines on the physical limit, and how many times slower ours is."""
    lines = []
    for bound in quantity.bounds:
        first = find_first(quantity, bound.size)
        if first is None:
            continue
        if not lines:
            lines += [
                _line([*list_axes(quantity), "physical limit", "seconds", "ours is slower"]),
                _line(["---:"] * len(list_axes(quantity)) + ["---", "---:", "---:"]),
            ]
        size = [f"{getattr(bound.size, name):,}" for name in list_axes(quantity)]
        times = f"{tell_ratio(first.best / bound.seconds)} times"
        lines.append(_line([*size, bound.what, tell_seconds(bound.seconds), times]))
    return lines


def list_absent(quantity):
    """Return the contenders that are not installed, in order."""
    return list(dict.fromkeys(row.contender for row in quantity.rows if row.status == ABSENT))


def build_summary(areas):
    """Return the lines of one table: each peer at the largest size that it and ours have."""
    lines = [
        _line(["area", "quantity", "at", "ours", "beside", "theirs", "times ours", "numbers"]),
        _line(["---"] * 3 + ["---:", "---", "---:", "---:", "---"]),
    ]
    for area in areas:
        for quantity in area.quantities:
            lines += [_line([area.title, *cells]) for cells in _summarise(quantity)]
    return lines


def _summarise(quantity):
    ours = quantity.rows[0].contender if quantity.rows else ""
    names = dict.fromkeys(row.contender for row in quantity.rows if row.contender != ours)
    for name in names:
        if name.startswith("clientindex"):
            continue
        rows = [row for row in quantity.rows if row.contender == name]
        both = [r for r in rows if r.status in MEASURED and find_first(quantity, r.size)]
        if not both:
            if any(row.status in (FAILED, OVER, NOT_TRIED) for row in rows):
                yield [quantity.title, "", "", name, f"{rows[0].status}", "", ""]
            continue
        row = max(both, key=lambda one: one.size)
        first = find_first(quantity, row.size)
        at = ", ".join(f"{getattr(row.size, axis):,} {axis}" for axis in list_axes(quantity))
        yield [
            quantity.title,
            at,
            tell_seconds(first.best),
            name,
            tell_seconds(row.best),
            tell_ratio(row.best / first.best),
            tell_difference(row),
        ]


def _line(cells):
    return "| " + " | ".join(cells) + " |"


def _escape(text):
    return text.replace("|", "\\|").replace("<", "&lt;")
