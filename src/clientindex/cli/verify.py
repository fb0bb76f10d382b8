"""The command ``clientindex verify``: does a publication come out again."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from clientindex.cli.common import edition_argument, find_edition, show_path, tell_errors
from clientindex.cli.options import make_output_option, threads_option

if TYPE_CHECKING:
    from clientindex.results.verification import Cause, Difference, Verification

HELP = """Rebuild an edition in a clean folder and compare it with what was published.

    Every cell of every table, the data of every figure and every number in prose is compared with
    the published files, which are held to their record. Three words say what was found: complete
    (everything that was published came out), stable (two rebuilds, in other folders, time zones and
    languages and on another number of processors, are equal byte for byte), consistent (all numbers
    are the published ones). A certificate of one page is written in both languages.

    \b
      clientindex verify demo
      clientindex verify demo --against published/demo
      clientindex verify demo --against demo-2026.zip --once

    Exit codes: 0 - it comes out again; 1 - something differs; 2 - it cannot be compared.
    """
SHOWN: Final = 20
VERIFICATION: Final = "verification"
_ANSWERS: Final = {"yes": "yes", "no": "NO", "not_asked": "not asked"}
_WORDS: Final = {
    "edition": "settings of the edition",
    "methodology": "methodology",
    "input": "input file",
    "previous": "results of the previous edition",
    "seed": "seed",
    "code": "program that computes",
    "presentation": "program that presents",
    "source": "source of documents",
    "python": "Python",
    "package": "package that computes",
    "presenting_package": "package that renders",
    "renderer": "renderer",
    "lock": "package beside the lock file",
}


@click.command("verify", help=HELP)
@edition_argument
@click.option(
    "--against",
    type=click.Path(exists=True, path_type=Path),
    metavar="PUBLISHED",
    help="Published folder (with documents/, tables/, results/) or replication pack; the edition's "
    "own output unless given.",
)
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0, max=1),
    metavar="SHARE",
    help="Relative difference of numbers in files of data that counts as none; 1e-9 unless given.",
)
@click.option("--once", is_flag=True, help="Rebuild once: whether it is stable is not told.")
@click.option("--anyway", is_flag=True, help="Rebuild though inputs are not the published ones.")
@make_output_option(VERIFICATION)
@threads_option
@tell_errors
def verify(
    edition: str,
    *,
    against: Path | None,
    tolerance: float | None,
    once: bool,
    anyway: bool,
    output: Path | None,
) -> None:
    """Verify a publication, write the certificate and tell the verdict."""
    from clientindex.cli.reporter import make_reporter
    from clientindex.edition import load_edition
    from clientindex.pipeline.certificate import write_certificate
    from clientindex.pipeline.verify import Asked, verify_edition
    from clientindex.reproduction.comparison.tolerance import RELATIVE, Tolerance

    path = find_edition(edition)
    near = Tolerance(relative=RELATIVE if tolerance is None else tolerance)
    with make_reporter() as reporter:
        found = verify_edition(
            path,
            against=against,
            asked=Asked(tolerance=near, once=once, anyway=anyway),
            reporter=reporter,
        )
    tell_verification(found)
    loaded = load_edition(path)
    with make_reporter() as reporter, reporter.step("certificate"):
        files = write_certificate(found, loaded, folder=output or loaded.output / VERIFICATION)
    for file in files:
        click.echo(f"wrote {show_path(file)}")
    if not found.passed:
        sys.exit(1)


def tell_verification(found: Verification) -> None:
    """Print the verdict, what was compared, what differs and what could explain it."""
    click.echo(f"edition {found.edition_id}, published results {found.published_fingerprint[:12]}")
    compared = found.compared
    click.echo(
        f"  complete:   {_ANSWERS[found.complete]} ({compared.files - len(found.missing)} of "
        f"{compared.files} published files came out)"
    )
    click.echo(f"  stable:     {_ANSWERS[found.stable]}{_tell_unstable(found)}")
    click.echo(
        f"  consistent: {_ANSWERS[found.consistent]} ({compared.cells} cells of {compared.tables} "
        f"tables, {compared.marks} marks of {compared.figures} figures, {compared.numbers} numbers "
        f"in {compared.sentences} passages; {len(found.counted)} differ)"
    )
    click.echo(f"  {compared.identical} of {compared.files} files are equal byte for byte")
    _tell_files("did not come out", found.missing)
    _tell_files("published, but not what the record says", found.altered)
    _tell_files("differs between two rebuilds", found.unstable)
    _tell_differences(found)
    for cause in found.causes:
        click.echo(f"made from something else: {_tell_cause(cause)}")


def _tell_unstable(found: Verification) -> str:
    if found.stable == "not_asked":
        return " (one rebuild only)"
    return f" ({len(found.unstable)} files differ between two rebuilds)"


def _tell_files(what: str, names: tuple[str, ...]) -> None:
    for name in names[:SHOWN]:
        click.echo(f"{what}: {name}")
    if len(names) > SHOWN:
        click.echo(f"{what}: {len(names) - SHOWN} more files")


def _tell_differences(found: Verification) -> None:
    counted = found.counted
    for difference in islice(counted, SHOWN):
        click.echo(tell_difference(difference))
    if len(counted) > SHOWN:
        click.echo(f"{len(counted) - SHOWN} more differences: see differences.csv")
    others = len(found.differences) - len(counted)
    if others:
        click.echo(
            f"{others} differences of form, or of words about how it was made: see differences.csv"
        )


def tell_difference(difference: Difference) -> str:
    """Say where two values differ, in one line."""
    places = (difference.document, difference.part, difference.row, difference.column)
    where = " | ".join(place for place in places if place)
    values = f"published {difference.published!r}, rebuilt {difference.rebuilt!r}"
    return f"{where}: {values} (tolerance: {difference.tolerance.replace('_', ' ')})"


def _tell_cause(cause: Cause) -> str:
    values = f"published {cause.published or 'without it'}, now {cause.now or 'absent'}"
    return f"{_WORDS[cause.kind]} {cause.name}: {values}"
