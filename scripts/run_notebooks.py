"""Execute the notebooks of analysis/ on an edition; the sources stay without outputs.

Executed copies go to the edition's output folder, ``notebooks/``. A notebook finds its edition in
the environment variable ``CLIENTINDEX_EDITION`` (path of the edition file).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from clientindex.cli.common import find_edition
from clientindex.edition import load_edition
from clientindex.errors import ClientIndexError
from clientindex.files import write_whole

NOTEBOOKS = Path("analysis")
EDITION_VARIABLE = "CLIENTINDEX_EDITION"
CELL_TIMEOUT_S = 600


class _ThisPython(KernelSpecManager):  # type: ignore[misc] # jupyter_client has no annotations
    """Knows one kernel: the interpreter that runs this script."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


def run_notebook(source: Path, target: Path, *, edition: Path) -> None:
    """Execute `source` and write the executed copy to `target`.

    Equal notebooks, editions and packages give equal bytes: no time is written, and what a cell
    prints is one output, however often it comes in.

    Raises
    ------
    CellExecutionError
        If a cell fails; the copy is written up to that cell.
    """
    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook,
        km=AsyncKernelManager(kernel_spec_manager=_ThisPython()),
        timeout=CELL_TIMEOUT_S,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(source.parent)}},
    )
    try:
        # A client that is given its kernel manager leaves sockets open unless told otherwise.
        client.execute(cleanup_kc=True, env=os.environ | {EDITION_VARIABLE: str(edition.resolve())})
    finally:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(nbformat.writes(notebook).encode(), target)


def run_all(name: str) -> int:
    """Execute every notebook on the edition `name`; return 1 when one fails, else 0."""
    path = find_edition(name)
    folder = load_edition(path).output / "notebooks"
    sources = sorted(NOTEBOOKS.glob("*.ipynb"))
    if not sources:
        sys.stderr.write(f"Error: there are no notebooks in {NOTEBOOKS}/\n")
        return 2
    for source in sources:
        try:
            run_notebook(source, folder / source.name, edition=path)
        except CellExecutionError as exc:
            sys.stderr.write(f"Error: {source}: a cell fails\n{exc}\n")
            return 1
        print(f"executed {source} -> {folder / source.name}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(run_all(*sys.argv[1:]))
    except ClientIndexError as exc:
        sys.stderr.write(f"Error: {exc}\n")
        sys.exit(exc.exit_code)
