"""Changes of the set of indicators as tables that fit the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from clientindex.cli.footnotes import ABSENT, Footnotes, name_row
from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.reliability_names import STATISTICS, key_rows, take_side
from clientindex.reliability.sets.evaluate import FEWEST_FOR_ALPHA, FEWEST_FOR_OMEGA
from clientindex.reliability.sets.evaluate import STATISTICS as COEFFICIENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.cli.reliability_parts import Part
    from clientindex.methodology import Methodology
    from clientindex.results import IndicatorSets

FEWEST = {"alpha": FEWEST_FOR_ALPHA, "omega_total": FEWEST_FOR_OMEGA, "centre_reliability": 1}
"""Indicators without which a statistic is not defined."""

SIGNED = "+z.3f"
LEGEND = (
    "After less before; intervals by leaving out each centre in turn. Reliability of centres: "
    "ICC(2) of the weighted score at the mean number of answers, by moments, respondents of all "
    "segments together."
)
LEGEND_OF_NOTES = (
    "Notes speak of moves and of best subsets too; they name the indicators that are dropped, "
    "moved or chosen."
)


def tell_drops(result: IndicatorSets, part: Part, methodology: Methodology) -> bool:
    """Print what its group becomes without each indicator; return whether that is known."""
    changes = part.of(result.changes)
    drops = changes[changes["change"] == "drop"]
    left_out = part.of(result.left_out)
    notes = Footnotes(left_out, methodology, names=STATISTICS)
    click.echo(f"What a group becomes without an indicator ({result.level:.0%} intervals)")
    if len(drops):
        titles = [f"change of {STATISTICS[name]}" for name in COEFFICIENTS]
        print_table(["without", *titles], _list_drops(drops, methodology, notes), keys=1)
        print_words(LEGEND)
    if len(left_out):
        print_words(LEGEND_OF_NOTES)
    notes.tell()
    return bool(len(drops))


def _list_drops(drops: pd.DataFrame, methodology: Methodology, notes: Footnotes) -> list[list[str]]:
    """Return a row for every indicator: what its group becomes without it."""
    found = key_rows(drops, "indicator", "group", "statistic")
    rows = []
    for indicator in methodology.indicator_keys:
        group = methodology.group_of(indicator)
        n_left = len(methodology.group(group).indicators) - 1
        cells = [
            _write(
                found.get((indicator, group, name)),
                (group, name, indicator),
                n_left,
                notes,
                form=SIGNED,
            )
            for name in COEFFICIENTS
        ]
        rows.append([indicator, *cells])
    return rows


def _write(
    row: Any, of: tuple[str, str, str], size: int, notes: Footnotes, *, form: str = "z.3f"
) -> str:
    """Write a number of a group and statistic, of an indicator if there is one.

    A group that is too small for the statistic gets a note of its own.
    """
    group, statistic, indicator = of
    if (row is None or math.isnan(row.estimate)) and size < FEWEST[statistic]:
        return f"{ABSENT} {notes.mark(_explain_size(group, statistic, size))}"
    return notes.write(row, group, statistic, about=indicator, form=form)


def _explain_size(group: str, statistic: str, size: int) -> str:
    if size == 0:
        return f"{name_row(group)}: no indicators are left"
    count = f"{size} indicator{'' if size == 1 else 's'}"
    return f"{name_row(group)}, {STATISTICS[statistic]}: {count}, it needs {FEWEST[statistic]}"


def tell_comparison(
    changed: pd.DataFrame, sizes: Mapping[str, tuple[int, int]], methodology: Methodology
) -> bool:
    """Print the groups that a change touches, before and after it.

    Parameters
    ----------
    changed : DataFrame
        As :func:`~clientindex.reliability.sets.compare_sets` returns it.
    sizes : mapping
        Number of indicators of every group, and of all, before and after.
    methodology : Methodology

    Returns
    -------
    bool
        Whether any change is known.
    """
    notes = Footnotes(_list_undefined(changed, sizes), methodology, names=STATISTICS)
    rows = []
    for row in list_rows(changed):
        of, (before, after) = (row.group, row.statistic, ""), sizes[row.group]
        cells = [
            _write(take_side(row, "before"), of, before, notes),
            _write(take_side(row, "after"), of, after, notes),
            _write(row, of, min(before, after), notes, form=SIGNED),
        ]
        rows.append([name_row(row.group), STATISTICS[row.statistic], *cells])
    print_table(["group", "coefficient", "before", "after", "change"], rows, keys=2)
    print_words(LEGEND)
    notes.tell()
    return bool(changed["estimate"].notna().any())


def _list_undefined(changed: pd.DataFrame, sizes: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """Return what is not defined though there are indicators enough, and lacking intervals."""
    rows = []
    for row in list_rows(changed):
        label = {"group": row.group, "statistic": row.statistic, "detail": ""}
        sides = zip((row.before, row.after), sizes[row.group], strict=True)
        if any(math.isnan(value) and size >= FEWEST[row.statistic] for value, size in sides):
            rows.append({**label, "reason": "not_defined"})
        elif any(
            math.isfinite(one.estimate) and math.isnan(one.ci_low)
            for one in (row, take_side(row, "before"), take_side(row, "after"))
        ):
            rows.append({**label, "reason": "unstable_resampling"})
    return pd.DataFrame(rows, columns=["group", "statistic", "reason", "detail"])
