"""The command ``clientindex unpack``: open a replication pack without trusting it."""

from __future__ import annotations

from pathlib import Path

import click

from clientindex.cli.common import show_path, tell_errors

PATH = click.Path(path_type=Path)
MIB = 1 << 20


@click.command()
@click.argument("pack", metavar="PACK.zip", type=PATH)
@click.argument("folder", metavar="FOLDER", type=PATH)
@tell_errors
def unpack(pack: Path, folder: Path) -> None:
    """Unpack a replication pack into FOLDER, which is empty or does not exist.

    Links, paths that lead out of the folder, two names that are one on some machine, encrypted or
    damaged entries and archives that grow without measure are refused, and nothing is left then.
    """
    from clientindex.reproduction.unpack import unpack as unpack_archive

    done = unpack_archive(pack, folder)
    size = done.n_bytes / MIB
    click.echo(f"unpacked {done.n_files} files, {size:.1f} MiB: {show_path(done.folder)}")
    readme = done.folder / "README.md"
    if readme.is_file():
        click.echo(f"what to do next: {show_path(readme)}")
