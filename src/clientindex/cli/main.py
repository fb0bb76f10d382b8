"""The commands of ``clientindex`` in plain words.

Exit codes: 0 - done; 1 - the data have faults; 2 - wrong use (settings, paths, options). An error
that the user can mend is told in words without a traceback.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

import clientindex
from clientindex.cli.agreement import agreement
from clientindex.cli.backtest import backtest
from clientindex.cli.common import edition_argument, find_edition, show_path, tell_errors
from clientindex.cli.compare import compare
from clientindex.cli.edition import edition
from clientindex.cli.engine import choose_engine, engine_options
from clientindex.cli.explain import explain
from clientindex.cli.factors import factors
from clientindex.cli.golden import golden
from clientindex.cli.options import threads_option
from clientindex.cli.passports import passports
from clientindex.cli.rap import rap
from clientindex.cli.rating import rating
from clientindex.cli.regions import regions
from clientindex.cli.reliability import reliability
from clientindex.cli.repro_pack import repro_pack
from clientindex.cli.unpack import unpack
from clientindex.cli.verify import verify
from clientindex.cli.weights import weights

if TYPE_CHECKING:
    from clientindex.edition import Edition
    from clientindex.pipeline.publish import Publication

_force = click.option("--force", is_flag=True, help="Do the work again even when nothing changed.")
_renderer = click.option(
    "--renderer",
    type=click.Choice(["auto", "quarto", "embedded"]),
    default="auto",
    show_default=True,
    help="What renders the documents; auto takes Quarto when it is installed.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(clientindex.__version__, prog_name="clientindex")
def main() -> None:
    """Client-centricity index of employment centres: check, compute, publish.

    EDITION is a path to an edition file, or its name in the folder editions/ (for example: demo).

    The usual order is validate, run, report; report does all three.
    """


@main.command()
@edition_argument
@click.option("--force", is_flag=True, help="Overwrite data that are already there.")
@tell_errors
def simulate(edition: str, *, force: bool) -> None:
    """Make the synthetic data of an edition.

    Writes the survey, the checklists and the register that the edition names, and the truth behind
    them. Refuses to overwrite existing files.
    """
    from clientindex.edition import load_edition
    from clientindex.simulate import simulate_edition, write_pilot

    loaded = load_edition(find_edition(edition))
    pilot = simulate_edition(loaded)
    for path in write_pilot(pilot, loaded, force=force):
        click.echo(f"wrote {show_path(path)}")


@main.command()
@edition_argument
@engine_options
@threads_option
@tell_errors
def validate(edition: str, *, engine: str | None, master: str, conf: tuple[str, ...]) -> None:
    """Check settings and data, list every fault.

    Exit code 1 when the data have errors; warnings alone do not count.
    """
    from clientindex.cli.fault_list import print_faults
    from clientindex.cli.reporter import make_reporter
    from clientindex.pipeline.run import validate_edition

    choice = choose_engine(engine, master, conf)
    with make_reporter() as reporter:
        _, report, table = validate_edition(find_edition(edition), reporter=reporter, engine=choice)
    print_faults(report.faults)
    click.echo(f"fault table: {show_path(table)}")
    if report.has_errors:
        sys.exit(1)


@main.command()
@edition_argument
@_force
@engine_options
@threads_option
@tell_errors
def run(
    edition: str, *, force: bool, engine: str | None, master: str, conf: tuple[str, ...]
) -> None:
    """Compute the results of an edition.

    Writes the results bundle; does nothing when inputs, settings and code are those of the bundle
    that is there.
    """
    from clientindex.cli.reporter import make_reporter
    from clientindex.pipeline.run import run_edition

    choice = choose_engine(engine, master, conf)
    with make_reporter() as reporter:
        outcome = run_edition(find_edition(edition), reporter=reporter, force=force, engine=choice)
    state = "computed" if outcome.computed else "nothing changed"
    click.echo(f"results: {show_path(outcome.bundle)} ({state}, {outcome.seconds:.1f} s)")


@main.command()
@edition_argument
@_renderer
@_force
@engine_options
@threads_option
@tell_errors
def report(
    edition: str,
    *,
    renderer: str,
    force: bool,
    engine: str | None,
    master: str,
    conf: tuple[str, ...],
) -> None:
    """Compute, then write documents and tables.

    Prints where the files are and how long it took.
    """
    started = time.perf_counter()
    from clientindex.cli.reporter import make_reporter
    from clientindex.pipeline.publish import publish_edition
    from clientindex.pipeline.run import run_edition

    counting = choose_engine(engine, master, conf)
    with make_reporter() as reporter:
        outcome = run_edition(
            find_edition(edition), reporter=reporter, force=force, engine=counting
        )
        choice: Any = renderer
        publication = publish_edition(
            outcome.edition, renderer=choice, reporter=reporter, force=force
        )
    _tell_publication(outcome.edition, publication, seconds=time.perf_counter() - started)


main.add_command(factors)
main.add_command(reliability)
main.add_command(agreement)
main.add_command(rating)
main.add_command(weights)
main.add_command(compare)
main.add_command(passports)
main.add_command(edition)
main.add_command(regions)
main.add_command(verify)
main.add_command(backtest)
main.add_command(rap)
main.add_command(golden)
main.add_command(explain)
main.add_command(repro_pack)
main.add_command(unpack)


def _tell_publication(edition: Edition, publication: Publication, *, seconds: float) -> None:
    click.echo(f"results:   {show_path(edition.results_dir)}")
    click.echo("documents:")
    for path in publication.documents:
        click.echo(f"  {show_path(path)}")
    workbooks = [path for path in publication.tables if path.suffix == ".xlsx"]
    click.echo("tables:")
    for path in workbooks:
        click.echo(f"  {show_path(path)}")
    n_csv = len(publication.tables) - len(workbooks)
    click.echo(f"  {n_csv} CSV files in the folders of {show_path(edition.tables_dir)}")
    state = "" if publication.rendered else "; nothing had changed"
    click.echo(f"done in {seconds:.1f} s with {publication.renderer}{state}")
