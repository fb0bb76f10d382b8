"""Internal consistency and omegas of several factors as tables that fit the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clientindex.cli.footnotes import Footnotes, name_row
from clientindex.cli.plain_tables import print_table, print_words, write_interval
from clientindex.cli.reliability_names import SOLUTIONS, STATISTICS, key_rows, list_groups

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.reliability_parts import Part
    from clientindex.methodology import Methodology
    from clientindex.results import Consistency, OmegaTable

OTHER_COEFFICIENTS = {
    "standardised_alpha": "standardised alpha",
    "omega_total": "omega total, one factor",
    "green_yang": "Green-Yang omega (observed sum)",
    "greatest_lower_bound": "GLB",
    "ordinal_alpha": "ordinal alpha (latent responses)",
}
OMEGAS = (
    ("schmid_leiman", "omega_total", "total"),
    ("schmid_leiman", "omega_hierarchical", "hierarchical"),
    ("correlated", "omega_total", "total"),
    ("bifactor", "omega_total", "total"),
    ("bifactor", "omega_hierarchical", "hierarchical"),
)
LEGEND_OF_COEFFICIENTS = (
    "Green-Yang omega, categorical, is the reliability of the observed sum of ordinal answers. "
    "Ordinal alpha is that of latent responses, which nobody observes: it is not the reliability "
    "of the scores. The GLB (greatest lower bound) overstates reliability in small samples."
)
LEGEND_OF_OMEGAS = (
    "Omega hierarchical: of all indicators, the share of the general factor in the variance of "
    "their sum; of a group, the share of its own factor beside the general one (also called omega "
    "hierarchical subscale). Schmid-Leiman is exploratory, on Pearson correlations, with bootstrap "
    "intervals; correlated and bifactor are confirmatory models of the groups by maximum "
    "likelihood, with errors robust to centres. All are of sums of answers, not of latent "
    "responses."
)


def tell_consistency(result: Consistency, part: Part, methodology: Methodology) -> bool:
    """Print alpha and the other coefficients of one factor; return whether there are any."""
    frame = part.of(result.frame)
    notes = Footnotes(part.of(result.left_out), methodology, names=STATISTICS)
    print_words(
        f"Internal consistency ({result.level:.0%} intervals; {result.missing} covariances; "
        f"{_count_replicates(result, part)} bootstrap replicates over centres)"
    )
    if len(frame):
        _tell_alpha(frame, methodology, notes)
        if result.missing == "pairwise":
            click.echo("n: respondents, at least so many where answers are missing")
        click.echo("\nOther coefficients of one factor")
        _tell_others(frame, part.of(result.heywood), methodology, notes)
        print_words(LEGEND_OF_COEFFICIENTS)
    notes.tell()
    return bool(len(frame))


def _count_replicates(result: Consistency | OmegaTable, part: Part) -> int:
    return result.replicates if part.kind == "all" else result.part_replicates


def _tell_alpha(frame: pd.DataFrame, methodology: Methodology, notes: Footnotes) -> None:
    """Print alpha with the interval over centres beside the one for independent respondents."""
    found = key_rows(frame, "group", "statistic", "method")
    rows = []
    for group in list_groups(methodology):
        alpha = found.get((group, "alpha", "bootstrap"))
        feldt = found.get((group, "alpha", "feldt"))
        sizes = ["", ""] if alpha is None else [f"{alpha.n_items}", f"{alpha.n:.0f}"]
        ends = "" if feldt is None else write_interval(feldt.ci_low, feldt.ci_high)
        over_centres = notes.write(alpha, group, "alpha")
        rows.append([name_row(group), *sizes, over_centres, ends or notes.dash(group, "alpha")])
    print_table(["group", "items", "n", "alpha, over centres", "Feldt's interval"], rows, keys=1)
    print_words(
        "Feldt's interval takes respondents as independent, which those of a centre are not"
    )


def _tell_others(
    frame: pd.DataFrame, heywood: pd.DataFrame, methodology: Methodology, notes: Footnotes
) -> None:
    found = key_rows(frame[frame["method"] == "bootstrap"], "group", "statistic")
    bounded = heywood.groupby("group")["indicator"].agg(", ".join).to_dict()
    rows = []
    for group in list_groups(methodology):
        cells = {
            name: notes.write(found.get((group, name)), group, name) for name in OTHER_COEFFICIENTS
        }
        if group in bounded:
            limit = f"an upper limit: the uniqueness of {bounded[group]} is on its lower bound"
            cells["omega_total"] += " " + notes.mark(f"{name_row(group)}, omega total: {limit}")
        rows.append([name_row(group), *cells.values()])
    print_table(["group", *OTHER_COEFFICIENTS.values()], rows, keys=1)


def tell_omegas(result: OmegaTable, part: Part, methodology: Methodology) -> bool:
    """Print omegas total and hierarchical by solution; return whether there are any."""
    frame = part.of(result.frame)
    left_out = part.of(result.left_out).rename(columns={"solution": "statistic"})
    notes = Footnotes(left_out, methodology, names=SOLUTIONS)
    print_words(
        f"Omegas of several factors ({result.n_factors} exploratory factors, "
        f"{len(methodology.groups)} groups; {result.level:.0%} intervals; "
        f"{_count_replicates(result, part)} replicates)"
    )
    if len(frame):
        found = key_rows(frame, "group", "solution", "statistic")
        rows = []
        for group in list_groups(methodology):
            cells = [
                notes.write(found.get((group, solution, statistic)), group, solution)
                for solution, statistic, _ in OMEGAS
            ]
            rows.append([name_row(group), *cells])
        titles = [f"{SOLUTIONS[solution]}: {which}" for solution, _, which in OMEGAS]
        print_table(["group", *titles], rows, keys=1)
        print_words(LEGEND_OF_OMEGAS)
    notes.tell()
    return bool(len(frame))
