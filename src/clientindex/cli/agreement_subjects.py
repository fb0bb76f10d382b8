"""Agreement by subject, and agreement of stars, as tables that fit the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from clientindex.cli.agreement_names import (
    COEFFICIENTS,
    STATISTICS,
    is_known,
    name_subject,
)
from clientindex.cli.plain_tables import (
    list_rows,
    print_table,
    print_words,
    write_interval,
    write_p,
)
from clientindex.cli.reliability_names import key_rows, write_span
from clientindex.results import BOOTSTRAP

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.agreement_names import Shown
    from clientindex.cli.footnotes import Footnotes
    from clientindex.methodology import Methodology
    from clientindex.results import Agreement, CategoryAgreement

STARS = "stars"
OF_INDICATORS = {"bias": "+z.1f", "pearson_r": "z.2f", "ccc": "z.2f"}
DIFFERENCES = {
    "bias": ("bias", "+z.1f"),
    "sd_difference": ("SD", "z.1f"),
    "loa_low": ("lower limit", "z.1f"),
    "loa_high": ("upper limit", "z.1f"),
}
"""Statistic -> its heading and form."""
LEGEND_OF_AGREEMENT = (
    "Checklist less survey, in points. SD: of the differences. Limits: of the differences of "
    "{coverage:.0%} of centres; net: had the survey no sampling error. Linked: checklists put on "
    "the survey's scale first."
)
LEGEND_OF_LINKED = (
    "The methodology declares the scales linked: bias and what holds it are not defined, because "
    "linking makes means equal."
)
LIMITS_OF_AGREEMENT = (
    "Shows how far the sources are apart, and whether they order centres alike on one scale. "
    "Cannot show which of them is right; coefficients grow with the differences between centres."
)
LIMITS_OF_STARS = (
    "Shows whether checklists would give the same stars. Cannot show who is right; kappa falls "
    "when most centres have one star, AC2 hardly does, so read them together."
)


def tell_subjects(result: Agreement, shown: Shown, methodology: Methodology) -> bool:
    """Print differences and coefficients of every subject; return whether any is known."""
    notes = shown.make_notes(result.left_out, methodology)
    frame = result.frame[result.frame["method"] != BOOTSTRAP]
    own = frame[frame["subject"].isin(shown.subjects)]
    click.echo(
        f"Agreement by subject ({write_span(own['n'])} centres; {result.level:.0%} intervals)"
        if len(own)
        else "Agreement by subject"
    )
    found = key_rows(frame, "subject", "scale", "statistic")
    linked_only = methodology.agreement.scales == "linked"
    columns = {} if linked_only else DIFFERENCES
    rows = [
        [
            name_subject(key),
            *(
                notes.write(found.get((key, "common", name)), key, name, form=form)
                for name, (_, form) in columns.items()
            ),
            *(_write_linked(found, key, name, notes) for name in ("icc_c1", "ccc")),
        ]
        for key in shown.subjects
    ]
    heads = [head for head, _ in columns.values()]
    print_table(["subject", *heads, "ICC(C,1) linked", "CCC linked"], rows, keys=1)
    if not linked_only:
        _tell_leading(result, found, shown.leading, notes)
    print_words(
        LEGEND_OF_LINKED if linked_only else LEGEND_OF_AGREEMENT.format(coverage=result.coverage)
    )
    _tell_indicators(found, shown, notes)
    notes.tell()
    print_words(LIMITS_OF_AGREEMENT)
    return len(frame) > 0


def _tell_leading(
    result: Agreement, found: dict[tuple[Any, ...], Any], key: str, notes: Footnotes
) -> None:
    """Print limits without sampling error, and how often the sources differ acceptably."""
    ends = [
        notes.write(found.get((key, "common", name)), key, "net", form="z.1f")
        for name in ("loa_net_low", "loa_net_high")
    ]
    told = [f"limits net of sampling error {' to '.join(ends)}"]
    row: Any = found.get((key, "common", "coverage_probability"))
    if is_known(row):
        interval = write_interval(row.ci_low, row.ci_high, form=".0%")
        told.append(
            f"at most {result.acceptable:g} points apart in {row.estimate:.0%} {interval} of "
            "centres"
        )
    print_words(f"Of {name_subject(key)}: {'; '.join(told)}.")


def _write_linked(found: dict[tuple[Any, ...], Any], key: str, name: str, notes: Footnotes) -> str:
    return notes.write(found.get((key, "linked", name)), key, name, "linked", form="z.2f")


def _tell_indicators(found: dict[tuple[Any, ...], Any], shown: Shown, notes: Footnotes) -> None:
    if not shown.indicators:
        return
    rows = [
        [
            key,
            *(
                notes.write(found.get((key, "common", name)), key, name, form=form)
                for name, form in OF_INDICATORS.items()
            ),
        ]
        for key in shown.indicators
    ]
    titles = [STATISTICS.get(name, name) for name in OF_INDICATORS]
    print_table(["indicator", *titles], rows, keys=1)


def tell_stars(result: CategoryAgreement, shown: Shown, methodology: Methodology) -> bool:
    """Print stars of both sources and coefficients; return whether any is known."""
    notes = shown.make_notes(result.left_out, methodology)
    found = key_rows(result.frame, "subject", "statistic")
    n = [row.n for (subject, _), row in found.items() if subject == STARS]
    counted = f"{n[0]} centres; " if n else ""
    click.echo(f"Stars by survey and by checklist ({counted}{result.level:.0%} intervals)")
    cross_stars(result.table[result.table["kind"] == STARS], "survey", "checklist")
    rows = [
        [text, notes.write(found.get((STARS, name)), STARS, name, form="z.2f")]
        for name, text in COEFFICIENTS.items()
    ]
    print_table(["coefficient", "estimate"], rows, keys=1)
    _tell_margins(result.margins)
    _tell_bands(result, found, shown, notes)
    notes.tell()
    print_words(LIMITS_OF_STARS)
    return len(result.frame) > 0


def cross_stars(frame: pd.DataFrame, down: str, across: str) -> None:
    """Print how many centres have every pair of stars."""
    table = frame.pivot_table(index=down, columns=across, values="n", aggfunc="sum", fill_value=0)
    if table.empty:
        return
    names = {"survey": "survey", "star_survey": "survey", "star": "decided"}
    titles = [names.get(down, down), *(f"{names.get(across, across)} {star}" for star in table)]
    rows = [
        [f"{star}", *(f"{n}" for n in row)]
        for star, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    print_table(titles, rows, keys=1)


def _tell_margins(margins: pd.DataFrame) -> None:
    for row in list_rows(margins[margins["kind"] == STARS]):
        if math.isfinite(row.p_value):
            print_words(
                f"Equal distributions of stars, Stuart and Maxwell: chi-square "
                f"{row.statistic:.1f}, {row.df} degrees of freedom, p "
                f"{write_relation(row.p_value)}."
            )


def write_relation(p: float) -> str:
    """Write a p value after its letter."""
    text = write_p(p)
    return text if text.startswith("<") else f"= {text}"


def _tell_bands(
    result: CategoryAgreement,
    found: dict[tuple[Any, ...], Any],
    shown: Shown,
    notes: Footnotes,
) -> None:
    """Print agreement of indicators sorted into the bands of stars."""
    if not shown.indicators:
        return
    margins = key_rows(result.margins, "subject")
    rows = []
    for key in shown.indicators:
        equal: Any = found.get((key, "percent"))
        cells = [
            f"{equal.estimate:.0%}" if is_known(equal) else notes.dash(key, "percent"),
            *(
                notes.write(found.get((key, name)), key, name, form="z.2f")
                for name in ("kappa_quadratic", "ac2")
            ),
        ]
        q = getattr(margins.get((key,)), "q_value", math.nan)
        rows.append([key, *cells, write_p(q) if math.isfinite(q) else notes.dash(key, "margins")])
    titles = ["indicator", "equal", "kappa, quadratic", "AC2", "q"]
    print_words("Scores of indicators in the bands of stars; q: of equal distributions")
    print_table(titles, rows, keys=1)
