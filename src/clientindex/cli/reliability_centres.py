"""Reliability of centres as tables that fit the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from clientindex.cli.footnotes import Footnotes, name_row
from clientindex.cli.plain_tables import list_rows, print_table, print_words, write_interval
from clientindex.cli.reliability_names import STATISTICS, key_rows, list_groups, write_span

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.reliability_parts import Part
    from clientindex.methodology import Methodology
    from clientindex.results import CentreReliability

ICCS = (("icc1", "anova"), ("icc1", "reml"), ("icc2", "anova"), ("icc2", "reml"))
METHODS = {"anova": "ANOVA", "reml": "REML"}
LEVELS = ("within", "between")

BELOW_ZERO = "a negative estimate by moments stands for 0: centres differ by no more than chance"
BENT = (
    "covariances between centres were not those of any data and were changed to the nearest that "
    "are"
)
NO_LIMIT = "inf: the data allow that centres do not differ, and then no number of answers is enough"
LEGEND = (
    "ICC(1): share of the variance of a respondent's score that lies between centres. ICC(2): "
    "reliability of the mean score of a centre of mean size. ANOVA with Wald's interval, REML with "
    "the profile likelihood's. Mean size: effective answers of a centre, fewer than its "
    "respondents where answers are missing or a small segment weighs more than its share. Mean "
    "reliability: of the centres as they are, each with its own number of answers and its own "
    "spread."
)

LEAD_OF_LEVELS = (
    "Alpha and omega of answers within centres, and of centre means without their sampling error "
    "(jackknife intervals)"
)
LEGEND_OF_ANSWERS = (
    "Centres: share of those at this reliability or above. Answers needed: by a centre whose "
    "visitors differ as much as elsewhere, shared among segments by their weights, rounded up."
)


def tell_centres(result: CentreReliability, part: Part, methodology: Methodology) -> bool:
    """Print how reliably centres are told apart; return whether it is known."""
    coefficients = part.of(result.coefficients)
    one_way = coefficients[coefficients["method"] != "jackknife"]
    notes = Footnotes(part.of(result.left_out), methodology, names=STATISTICS)
    click.echo(_head(one_way, result))
    if len(coefficients):
        _tell_icc(one_way, methodology, notes)
        _tell_reliability(one_way, result.minimum_sample, methodology, notes)
        print_words(LEGEND)
        click.echo("\nWhat a level of reliability takes")
        _tell_answers(part.of(result.answers), methodology, notes)
        print_words(LEGEND_OF_ANSWERS)
        click.echo("")
        print_words(LEAD_OF_LEVELS)
        _tell_levels(coefficients, methodology, notes)
    notes.tell()
    return bool(len(coefficients))


def _head(one_way: pd.DataFrame, result: CentreReliability) -> str:
    sizes = ""
    if len(one_way):
        n, centres = write_span(one_way["n"]), write_span(one_way["n_centres"])
        sizes = f"{centres} centres, {n} respondents; "
    return f"Reliability of centres' scores ({sizes}{result.confidence:.0%} intervals)"


def _tell_icc(one_way: pd.DataFrame, methodology: Methodology, notes: Footnotes) -> None:
    found = key_rows(one_way, "group", "statistic", "method")
    rows = [
        [
            name_row(group),
            *(_write_icc(found.get((group, *icc)), group, icc, notes) for icc in ICCS),
        ]
        for group in list_groups(methodology)
    ]
    titles = [f"{STATISTICS[name]} {METHODS[method]}" for name, method in ICCS]
    print_table(["group", *titles], rows, keys=1)


def _write_icc(row: Any, group: str, icc: tuple[str, str], notes: Footnotes) -> str:
    text = notes.write(row, group, icc[0])
    if row is not None and row.estimate < 0:
        text += f" {notes.mark(BELOW_ZERO)}"
    return text


def _tell_reliability(
    one_way: pd.DataFrame, minimum: int, methodology: Methodology, notes: Footnotes
) -> None:
    found = key_rows(one_way[one_way["method"] == "reml"], "group", "statistic")
    titles = {
        "design_effect": ("design effect", ".2f"),
        "mean_reliability": ("mean reliability", "z.3f"),
        "reliability_at_minimum": (f"reliability at {minimum} answers", "z.3f"),
    }
    rows = []
    for group in list_groups(methodology):
        size = found.get((group, "design_effect"))
        cells = [
            notes.write(found.get((group, name)), group, name, form=form)
            for name, (_, form) in titles.items()
        ]
        rows.append([name_row(group), "" if size is None else f"{size.mean_size:.1f}", *cells])
    print_table(["group", "mean size", *(title for title, _ in titles.values())], rows, keys=1)


def _tell_answers(answers: pd.DataFrame, methodology: Methodology, notes: Footnotes) -> None:
    found = {group: answers[answers["group"] == group] for group in list_groups(methodology)}
    rows = []
    for group, own in found.items():
        rows += [
            [
                name_row(group),
                f"{row.level:g}",
                f"{row.share:.0%} {write_interval(row.share_low, row.share_high, form='.0%')}",
                _write_answers(row, group, notes),
            ]
            for row in list_rows(own)
        ]
        if own.empty:
            rows.append([name_row(group), *[notes.dash(group, "answers")] * 3])
    print_table(["group", "reliability", "centres", "answers needed"], rows, keys=2)


def _write_answers(row: Any, group: str, notes: Footnotes) -> str:
    """Write a whole number of answers that is enough, with the ends of its interval."""
    if math.isinf(row.estimate):
        return notes.dash(group, "answers")
    needed, low, high = (_round_up(x) for x in (row.estimate, row.ci_low, row.ci_high))
    mark = f" {notes.mark(NO_LIMIT)}" if math.isinf(row.ci_high) else ""
    return f"{needed} [{low}, {high}]{mark}"


def _round_up(value: float) -> str:
    return f"{math.ceil(value)}" if math.isfinite(value) else "inf"


def _tell_levels(coefficients: pd.DataFrame, methodology: Methodology, notes: Footnotes) -> None:
    found = key_rows(coefficients, "group", "statistic")
    rows = []
    for group in list_groups(methodology):
        for level in LEVELS:
            keys = [f"{name}_{level}" for name in ("alpha", "omega")]
            own = {key: found.get((group, key)) for key in keys}
            bent = any(row is not None and row.bent for row in own.values())
            cells = [notes.write(row, group, key, "levels") for key, row in own.items()]
            rows.append([name_row(group), f"{level} {notes.mark(BENT)}" if bent else level, *cells])
    print_table(["group", "level", "alpha", "omega"], rows, keys=2)
