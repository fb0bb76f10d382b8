"""The command ``clientindex repro-pack``: all that a reviewer needs, in one ZIP file."""

from __future__ import annotations

import time
from pathlib import Path

import click

from clientindex.cli.common import edition_argument, find_edition, show_path, tell_errors

MIB = 1 << 20
HELP = """Write the replication pack of an edition: one ZIP file.

    It holds the program, the lock file, methodology, edition, inputs with their checksums, results,
    documents and tables, a description of every file (RO-Crate 1.2) and a README that says how to
    verify all of it in two commands. The publication must be current: run report first. Equal
    publications give equal bytes.

    An edition with `confidential: true` is packed with a synthetic twin of its respondents: the
    same counts in every centre, nobody's own answers. The edition of the twin is computed and
    rendered for the pack, which takes as long as report.

    \b
      clientindex repro-pack demo
      clientindex repro-pack demo --output demo.zip
    """


@click.command("repro-pack", help=HELP)
@edition_argument
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="The ZIP file; <id>-repro-pack.zip in the edition's output unless given.",
)
@click.option(
    "--confidential",
    is_flag=True,
    help="Put a synthetic twin in place of respondents' answers, also when the edition does not "
    "say `confidential: true`.",
)
@tell_errors
def repro_pack(edition: str, *, output: Path | None, confidential: bool) -> None:
    """Write the pack and tell where it is."""
    started = time.perf_counter()
    from clientindex.cli.reporter import make_reporter
    from clientindex.pipeline.repro_pack import make_pack

    with make_reporter() as reporter:
        done = make_pack(
            find_edition(edition), output=output, confidential=confidential, reporter=reporter
        )
    size, seconds = done.n_bytes / MIB, time.perf_counter() - started
    click.echo(f"pack: {show_path(done.path)}")
    if done.confidential:
        click.echo("answers of respondents are not in it; a synthetic twin stands in their place")
    click.echo(f"{done.n_files} files, {size:.1f} MiB ({seconds:.1f} s)")
