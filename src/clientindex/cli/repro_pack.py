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
@tell_errors
def repro_pack(edition: str, *, output: Path | None) -> None:
    """Write the pack and tell where it is."""
    started = time.perf_counter()
    from clientindex.cli.reporter import make_reporter
    from clientindex.pipeline.repro_pack import make_pack

    with make_reporter() as reporter:
        done = make_pack(find_edition(edition), output=output, reporter=reporter)
    size, seconds = done.n_bytes / MIB, time.perf_counter() - started
    click.echo(f"pack: {show_path(done.path)}")
    click.echo(f"{done.n_files} files, {size:.1f} MiB ({seconds:.1f} s)")
