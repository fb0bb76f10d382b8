"""Lines between survey and checklist as tables that fit the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from clientindex.cli.agreement_names import LINES, name_subject
from clientindex.cli.plain_tables import list_rows, print_table, print_words

if TYPE_CHECKING:
    from clientindex.cli.agreement_names import Shown
    from clientindex.cli.footnotes import Footnotes
    from clientindex.methodology import Methodology
    from clientindex.results import StructuralRelation

OF_SUBJECTS = ("least_squares", "errors_in_variables", "traits")

LEGEND = (
    "Checklist = intercept + slope of the survey. Errors in variables: sampling error of the "
    "survey removed. Traits: its halo and specific parts removed as well; the decomposition takes "
    "a point of the trait for a point of both, so that being near 1 proves nothing. If the errors "
    "of the sources are not related, the slope lies between the two bounds. Deming with ratio 1 "
    "and Passing-Bablok take differences of the methods for random error: do not trust them here."
)
LIMITS = (
    "Shows how checklists change where the survey is a point higher, over all centres. Cannot show "
    "whether the checklist of a single centre is inflated."
)


def tell_lines(result: StructuralRelation, shown: Shown, methodology: Methodology) -> bool:
    """Print the lines of the leading subject, then slopes of the others; return whether any is."""
    notes = shown.make_notes(result.left_out, methodology)
    print_words(f"Lines between the sources ({result.level:.0%} intervals)")
    found = choose_intervals(result)
    key = shown.leading
    rows = [
        [
            text,
            notes.write(found.get((key, line, "slope")), key, line, form="z.2f"),
            notes.write(found.get((key, line, "intercept")), key, line, form="z.1f"),
        ]
        for line, text in LINES.items()
    ]
    print_table([f"line, {name_subject(key)}", "slope", "intercept"], rows, keys=1)
    _tell_methods(found, key)
    _tell_constants(result, key)
    _tell_others(found, shown, notes)
    print_words(LEGEND)
    notes.tell()
    print_words(LIMITS)
    return len(result.lines) > 0


def choose_intervals(result: StructuralRelation) -> dict[tuple[str, str, str], Any]:
    """Return the row that is shown, by subject, line and statistic."""
    return {(row.subject, row.line, row.statistic): row for row in list_rows(result.choose_shown())}


def _tell_methods(found: dict[tuple[str, str, str], Any], key: str) -> None:
    """Print where the intervals of slopes come from."""
    lines: dict[str, list[str]] = {}
    for line, text in LINES.items():
        if (key, line, "slope") in found:
            method = found[key, line, "slope"].method
            lines.setdefault(method, []).append(text.split(" (")[0])
    if len(lines) == 1:
        print_words(f"Intervals: {next(iter(lines))}.")
    elif lines:
        told = [f"{method} ({', '.join(dict.fromkeys(of))})" for method, of in lines.items()]
        print_words(f"Intervals: {'; '.join(told)}.")


def _tell_constants(result: StructuralRelation, key: str) -> None:
    own = result.constants[result.constants["subject"] == key]
    names = {
        "reliability_survey": "share of the survey's variance that is no sampling error",
        "trait_share": "share of traits in the survey",
        "error_ratio": "ratio of error variances, survey over checklist",
    }
    told = [
        f"{names.get(row.statistic, row.statistic)} {row.estimate:.2f}"
        for row in list_rows(own)
        if math.isfinite(row.estimate)
    ]
    if told:
        print_words(f"Taken for known: {'; '.join(told)}.")


def _tell_others(found: dict[tuple[str, str, str], Any], shown: Shown, notes: Footnotes) -> None:
    if len(shown.subjects) < 2:
        return
    rows = [
        [
            name_subject(key),
            *(
                notes.write(found.get((key, line, "slope")), key, line, form="z.2f")
                for line in OF_SUBJECTS
            ),
        ]
        for key in shown.subjects[1:]
    ]
    print_table(["slope", *(LINES[line] for line in OF_SUBJECTS)], rows, keys=1)
