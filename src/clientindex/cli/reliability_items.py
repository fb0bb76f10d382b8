"""Item analysis as tables that fit the terminal, and warnings against wrong keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from clientindex.cli.footnotes import Footnotes
from clientindex.cli.plain_tables import list_rows, print_table, print_words, write_interval
from clientindex.cli.reliability_names import STATISTICS, key_rows
from clientindex.results import INDEX

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.reliability_parts import Part
    from clientindex.methodology import Methodology
    from clientindex.results import ItemAnalysis

DISTRIBUTION = {
    "missing": ("no answer", ".1%"),
    "mean": ("mean", "z.2f"),
    "sd": ("SD", ".2f"),
    "floor": ("worst answer", ".1%"),
    "ceiling": ("best answer", ".1%"),
}
"""Statistics of a distribution: title and form."""


def tell_items(result: ItemAnalysis, part: Part, methodology: Methodology) -> bool:
    """Print every indicator's answers and its relation to its group; return whether any are."""
    items, relations = part.of(result.items), part.of(result.relations)
    notes = Footnotes(part.of(result.left_out), methodology, names=STATISTICS)
    click.echo(f"Indicators ({result.level:.0%} intervals over centres; keyed: higher is better)")
    if len(items):
        _tell_distribution(items, methodology, notes)
        click.echo("Of everybody: no answer. Of those who answered, n: the worst and best answer")
        click.echo("\nIndicators and the sum of the others of their group")
        _tell_relations(relations, methodology, notes)
    for row in list_rows(part.of(result.against_key)):
        print_words(_warn(row))
    if part.kind == "all" and result.raising:
        click.echo(f"Alpha of their group is higher without: {', '.join(result.raising)}")
    notes.tell()
    return bool(len(items))


def _tell_distribution(items: pd.DataFrame, methodology: Methodology, notes: Footnotes) -> None:
    found = key_rows(items, "indicator", "statistic")
    rows = []
    for indicator in methodology.indicator_keys:
        group = methodology.group_of(indicator)
        missing = found.get((indicator, "missing"))
        cells = [
            notes.write(found.get((indicator, name)), group, name, about=indicator, form=form)
            for name, (_, form) in DISTRIBUTION.items()
        ]
        rows.append([indicator, "0" if missing is None else f"{missing.n:.0f}", *cells])
    print_table(["indicator", "n", *(title for title, _ in DISTRIBUTION.values())], rows, keys=1)


def _tell_relations(relations: pd.DataFrame, methodology: Methodology, notes: Footnotes) -> None:
    own = relations[relations["group"] != INDEX]
    found = key_rows(own, "indicator", "statistic")
    shown = {"item_rest": "item-rest correlation", "alpha_if_dropped": "alpha without it"}
    rows = []
    for indicator in methodology.indicator_keys:
        group = methodology.group_of(indicator)
        cells = [
            notes.write(found.get((indicator, name)), group, name, about=indicator)
            for name in shown
        ]
        rows.append([group, indicator, *cells])
    print_table(["group", "indicator", *shown.values()], rows, keys=2)


def _warn(row: Any) -> str:
    """Return the warning of an indicator that runs against its key."""
    others = "all others" if row.group == INDEX else f"the others of {row.group}"
    ends = write_interval(row.ci_low, row.ci_high, form=".2f") or "(no interval)"
    return (
        f"WARNING: {row.indicator} runs against its key: correlation with {others} "
        f"{row.estimate:.2f} {ends}; check its 'direction' in the methodology and the codes of "
        "its answers"
    )
