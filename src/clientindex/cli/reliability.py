"""The command ``clientindex reliability``: groups, indicators and centres in a few screens."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clientindex.cli.common import edition_argument, find_edition, tell_errors

if TYPE_CHECKING:
    from clientindex.reliability.scopes import Kind

HELP = """Analyse the reliability of groups, indicators and centres.

    Prints alpha and omegas of every group and of all indicators, what each indicator is like and
    whether it runs against its key, how reliably centres are told apart and how many answers that
    takes, which answers are suspicious, and what a group becomes without an indicator. Reads the
    answers; writes nothing but the files of --csv. Numbers are those of the documents.

    Shows everybody, or one part of the data with --segment, --region or --period.

    With --drop and --move compares the groups with those of another set of indicators instead:

    \b
      clientindex reliability demo --drop waiting --drop paperwork
      clientindex reliability demo --move channels=comfort
    """


@click.command("reliability", help=HELP)
@edition_argument
@click.option("--segment", metavar="KEY", help="Show this segment instead of everybody.")
@click.option("--region", metavar="NAME", help="Show this region instead of everybody.")
@click.option("--period", metavar="KEY", help="Show this period instead of everybody.")
@click.option(
    "--drop",
    multiple=True,
    metavar="INDICATOR",
    help="See the groups without this indicator; may be given several times.",
)
@click.option(
    "--move",
    multiple=True,
    metavar="INDICATOR=GROUP",
    help="See the groups with this indicator in another group; may be given several times.",
)
@click.option(
    "--csv",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write every number of every part of the data to this folder, as CSV in UTF-8.",
)
@tell_errors
def reliability(
    edition: str,
    *,
    segment: str | None,
    region: str | None,
    period: str | None,
    drop: tuple[str, ...],
    move: tuple[str, ...],
    csv: Path | None,
) -> None:
    """Analyse the reliability of groups, indicators and centres."""
    from threadpoolctl import threadpool_limits

    path = find_edition(edition)
    asked: dict[Kind, str | None] = {"segment": segment, "region": region, "period": period}
    with threadpool_limits(limits=1):
        if drop or move:
            from clientindex.cli.reliability_change import run_change

            code = run_change(path, asked, drop=drop, move=move, csv=csv)
        else:
            from clientindex.cli.reliability_battery import run_battery

            code = run_battery(path, asked, csv=csv)
    if code:
        sys.exit(code)
