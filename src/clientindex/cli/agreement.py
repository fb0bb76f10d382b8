"""The command ``clientindex agreement``: survey against checklist in a few screens."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clientindex.cli.common import edition_argument, find_edition, tell_errors

HELP = """Compare survey and checklists, centre by centre.

    Prints who is compared, how reliable each source is, whether the two order centres alike and
    where their variance comes from, how far they are apart, what they do to stars, which gaps
    stand out from those of honest centres, and whom the rule of the methodology would audit.
    Totals by centre are enough. Writes nothing but the files that are asked for. Numbers are
    those of the documents.

    Shows the index and all groups, or one group with its indicators with --group. With --region
    shows every centre of one region instead: its gap, z and decision.

    \b
      clientindex agreement demo --group comfort
      clientindex agreement demo --region "Псковская область"
      clientindex agreement demo --csv tables --audit audit
    """

AUDIT_HELP = (
    "Write the centres to audit, with reasons in words, to this folder: audit_list.ru.csv (for "
    "Excel: semicolon, decimal comma), audit_list.en.csv (for programs: comma, full precision), "
    "and audit_list.ru.xlsx and audit_list.en.xlsx."
)


@click.command("agreement", help=HELP)
@edition_argument
@click.option("--group", metavar="KEY", help="Show this group and its indicators only.")
@click.option("--region", metavar="NAME", help="Show the centres of this region instead.")
@click.option(
    "--csv",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write every number of every result to this folder, as CSV in UTF-8.",
)
@click.option("--audit", type=click.Path(path_type=Path), metavar="FOLDER", help=AUDIT_HELP)
@tell_errors
def agreement(
    edition: str,
    *,
    group: str | None,
    region: str | None,
    csv: Path | None,
    audit: Path | None,
) -> None:
    """Compare survey and checklists, centre by centre."""
    from threadpoolctl import threadpool_limits

    path = find_edition(edition)
    with threadpool_limits(limits=1):
        from clientindex.cli.agreement_sections import Asked, run_agreement

        code = run_agreement(path, Asked(group=group, region=region, csv=csv, audit=audit))
    if code:
        sys.exit(code)
