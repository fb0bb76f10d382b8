"""Gaps between checklist and survey as tables that fit the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.cli.agreement_names import is_known, shorten, write_number
from clientindex.cli.footnotes import ABSENT
from clientindex.cli.plain_tables import (
    list_rows,
    print_table,
    print_words,
    write_interval,
    write_p,
)
from clientindex.cli.reliability_names import key_rows

if TYPE_CHECKING:
    from clientindex.cli.agreement_names import Shown
    from clientindex.cli.footnotes import Footnotes
    from clientindex.methodology import Methodology
    from clientindex.results import ChecklistInflation

MOST_REGIONS = 14
"""Regions printed, half of them from each end; the full list is in the files of --csv."""

SUMMARY = {
    "mean": ("mean gap, over regions (points)", "+z.1f"),
    "between_regions": ("variance between regions", "z.1f"),
    "spread": ("tau, spread of honest centres (points)", "z.1f"),
    "share": ("share of inflating centres", ".0%"),
    "shift": ("their mean z", "z.2f"),
    "separation": ("their separation from the others", "z.2f"),
}
COUNTS = {
    "flagged": "stands out at false discovery rate {fdr:.0%}",
    "flagged_naively": "gap differs from 0 (do not use)",
    "beyond_95": "beyond the upper funnel limit, 95%",
    "beyond_998": "beyond the upper funnel limit, 99.8%",
    "at_ceiling": "sign: all indicators at the highest score",
    "no_spread": "sign: all indicators with one score",
    "unverifiable_flagged": "sign: gap in what cannot be verified",
}
LEGEND_OF_REGIONS = (
    "Gap: checklist index less survey index, in points. Effect: median gap of the region drawn to "
    "the mean of all as far as chance explains it; every centre is compared with its own region."
)
LEGEND_OF_COUNTS = (
    "The test of a gap of 0 takes the common gap and the ordinary spread for inflation. The share "
    "of inflating centres does not tell which they are."
)
LIMITS = (
    "Shows which centres to look at first. Cannot prove inflation by any gap or sign: visitors may "
    "ask more, and what a whole region shares is not seen at all."
)


def tell_inflation(result: ChecklistInflation, shown: Shown, methodology: Methodology) -> bool:
    """Print effects of regions, what stands out, power and signs; return whether any is known."""
    notes = shown.make_notes(result.left_out, methodology)
    error = "" if result.has_checklist_error else " (the random error of checklists is unknown)"
    print_words(f"Gaps that stand out, of the index{error}")
    tell_regions(result.regions)
    print_words(LEGEND_OF_REGIONS)
    found = key_rows(result.summary, "statistic")
    _tell_estimates(result, found, notes)
    _tell_counts(result, found, notes)
    print_words(LEGEND_OF_COUNTS)
    _tell_power(result)
    _tell_bunching(result, notes)
    notes.tell()
    print_words(LIMITS)
    return len(result.summary) > 0


def tell_regions(regions: pd.DataFrame) -> None:
    """Print the regions with the largest and the smallest effects."""
    ordered = regions.sort_values(["estimate", "region"], ascending=[False, True], kind="stable")
    half = MOST_REGIONS // 2
    few = len(ordered) <= MOST_REGIONS
    shown = ordered if few else pd.concat([ordered.head(half), ordered.tail(half)])
    rows = [
        [
            shorten(row.region),
            f"{row.n:.0f}",
            write_number(row.median),
            f"{row.estimate:z.1f} {write_interval(row.ci_low, row.ci_high, form='z.1f')}".rstrip(),
        ]
        for row in list_rows(shown)
    ]
    if not few:
        rows.insert(half, [f"... {len(ordered) - MOST_REGIONS} more", "", "", ""])
    print_table(["region", "centres", "median gap", "effect"], rows, keys=1)


def _tell_estimates(
    result: ChecklistInflation, found: dict[tuple[Any, ...], Any], notes: Footnotes
) -> None:
    rows = []
    for name, (text, form) in SUMMARY.items():
        row: Any = found.get((name,))
        if is_known(row):
            ends = write_interval(row.ci_low, row.ci_high, form=form) or ABSENT
            p = write_p(row.p_value) if math.isfinite(row.p_value) else ABSENT
            rows.append([text, f"{row.estimate:{form}}", ends, p])
        else:
            rows.append([text, notes.dash("", name), ABSENT, ABSENT])
    print_table(["estimate", "value", f"{result.level:.0%} interval", "p"], rows, keys=1)


def _tell_counts(
    result: ChecklistInflation, found: dict[tuple[Any, ...], Any], notes: Footnotes
) -> None:
    rows = []
    for name, text in COUNTS.items():
        row: Any = found.get((name,))
        known = is_known(row)
        counted = [f"{row.estimate:.0f}", f"{row.n:.0f}"] if known else [notes.dash("", name), ""]
        rows.append([text.format(fdr=result.fdr), *counted])
    print_table(["what stands out", "centres", "of"], rows, keys=1)


def _tell_power(result: ChecklistInflation) -> None:
    """Print the smallest inflation found, over centres: the median, and from least to most."""
    known = result.power.dropna(subset="estimate").sort_values("share")
    if known.empty:
        return
    limits = known["estimate"].tolist()
    middle = limits[int((known["share"] - 0.5).abs().to_numpy().argmin())]
    print_words(
        f"Inflation of a single centre is found with power {result.power_level:.0%} from "
        f"{middle:.1f} points on (median over centres; from {limits[0]:.1f} where the error of "
        f"the gap is smallest to {limits[-1]:.1f} where it is largest)."
    )


def _tell_bunching(result: ChecklistInflation, notes: Footnotes) -> None:
    """Print checklists just below and just above the cuts of stars."""
    rows = []
    for row in list_rows(result.bunching):
        known = math.isfinite(row.share)
        cut = f"{row.cut:g}" if math.isfinite(row.cut) else "all"
        told = [
            f"{row.share:.2f} {write_interval(row.ci_low, row.ci_high, form='.2f')}"
            if known
            else notes.dash("", "bunching", about=cut),
            write_p(row.p_value) if known else ABSENT,
        ]
        rows.append([cut, f"{row.below:.0f}", f"{row.above:.0f}", *told])
    if rows:
        titles = ["cut of stars", f"{result.width:g} points below", "above", "share above", "p"]
        print_table(titles, rows, keys=1)
