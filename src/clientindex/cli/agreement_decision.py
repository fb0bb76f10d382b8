"""The rule of the methodology, what it does to stars, and whom to audit, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clientindex.cli.agreement_subjects import cross_stars
from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.tables.agreement import build_audit_list
from clientindex.wording import load_wording

if TYPE_CHECKING:
    from clientindex.cli.agreement_names import Shown
    from clientindex.methodology import Methodology
    from clientindex.results import AuditDecisions

FIRST = 10
"""Centres of the audit list that are printed; --audit writes all of them."""

COUNTS = {
    "blended": "survey and checklist combined",
    "capped": "star not above that of the survey",
    "checklist_dropped": "checklist not counted",
    "survey_only": "survey alone (no checklist, or none that can be judged)",
    "withheld": "no star",
    "provisional": "star is provisional",
    "star_up": "star above that of the survey",
    "star_down": "star below that of the survey",
    "held_back": "rise of the star held back",
    "audit_gap": "on the audit list for the gap",
    "audit_random": "on the audit list by lot",
}
APPLIED = {
    True: "The published stars follow this rule.",
    False: "The published stars do not follow this rule (the checklist only verifies); this is "
    "what it would do.",
}
LIMITS = (
    "Shows what a rule fixed beforehand does to every centre alike. Cannot show that a checklist "
    "is false: being on the audit list is a reason to look, not a finding."
)


def tell_decisions(result: AuditDecisions, shown: Shown, methodology: Methodology) -> bool:
    """Print the rule, its effect on stars and the first centres to audit."""
    del shown
    click.echo("The rule and its effect on stars")
    print_words(
        f"The index of a centre is combined from both by precision. z above {result.cap_from:g}: "
        f"its star is not above that of the survey; above {result.drop_from:g} or below "
        f"{-result.drop_from:g}: the checklist is not counted, and an audit is asked. Survey "
        f"reliability below {result.provisional_below:g}: the star is provisional. By lot "
        f"{result.random_share:.0%} of centres with checklists are audited. "
        f"{APPLIED[result.applied]}"
    )
    counted = {row.statistic: row for row in list_rows(result.summary)}
    names = [name for name in COUNTS if name in counted]
    rows = [[COUNTS[name], f"{counted[name].n}", f"{counted[name].of}"] for name in names]
    print_table(["decision or effect", "centres", "of"], rows, keys=1)
    print_words("Stars by the survey alone (down) and decided (across):")
    cross_stars(result.effect, "star_survey", "star")
    click.echo("")
    tell_audit_list(result, methodology)
    print_words(LIMITS)
    return True


def tell_audit_list(result: AuditDecisions, methodology: Methodology) -> None:
    """Print the first centres of the audit list with reasons in words."""
    spec = build_audit_list(result, methodology, load_wording("en"))
    if not spec.rows:
        click.echo("Nobody is on the audit list")
        return
    at = {column.key: place for place, column in enumerate(spec.columns)}
    click.echo(f"Audit list, {len(spec.rows)} centres: for the gap, largest z first; then by lot")
    for row in spec.rows[:FIRST]:
        centre, region, reasons = (row[at[key]] for key in ("centre_id", "region", "audit_reasons"))
        print_words(f"  {centre}, {region}: {reasons}")
    if len(spec.rows) > FIRST:
        click.echo(f"  ... and {len(spec.rows) - FIRST} more in the files of --audit")
