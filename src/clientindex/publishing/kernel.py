"""Kernels that run the cells of documents: one for each document, or one for many in turn.

A kernel is this interpreter, starts with bounded threads and without the user's own Jupyter or
IPython settings, and is told of the folder of the document it runs.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from clientindex.errors import RenderError
from clientindex.publishing.bitmap import FIGURE_DPI

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

    Use = Callable[[NotebookClient], Awaitable[Any]]

CELL_TIMEOUT_S: Final = 600
HASH_SALT: Final = "clientindex"
KINDS: Final = ("svg", "png")
"""Kinds of image that a figure is shown in: vectors for pages, bitmaps for DOCX."""
_THREADS: Final = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    *("NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
)
_CONFIG: Final = """
c.InlineBackend.figure_formats = {kinds!r}
c.InlineBackend.print_figure_kwargs = {{
    "bbox_inches": "tight", "dpi": {dpi}, "metadata": {{"Date": None}},
}}
"""
_MATPLOTLIB: Final = f"svg.hashsalt: {HASH_SALT}\nsvg.fonttype: path\n"
_TURN: Final = """
import os
os.chdir({folder!r})
get_ipython().reset(new_session=True)
import os, warnings
os.environ["SOURCE_DATE_EPOCH"] = {timestamp!r}
with warnings.catch_warnings():
    pass
del os, warnings
"""
"""Makes a kernel forget the document before: its names, folder, and the warnings it has shown."""


def run_in_kernel(notebook: Any, use: Use, *, folder: Path, timestamp: int) -> Any:
    """Run what uses a client of a kernel: the shared one where there is one, else a new one.

    Parameters
    ----------
    notebook : NotebookNode
        Its cells will be run.
    use : callable
        ``await use(client)`` runs them.
    folder : Path
        Working directory.
    timestamp : int
        SOURCE_DATE_EPOCH for the cells.
    """
    shared = _SHARED.get()
    if shared is not None:
        return shared.run(notebook, use, folder=folder, timestamp=timestamp)
    # A thread and an event loop of its own: callers may have a loop running, and nbclient's own
    # synchronous calls leave theirs open.
    with ThreadPoolExecutor(max_workers=1) as pool:
        once = _run_once(notebook, use, folder=folder, timestamp=timestamp)
        return pool.submit(asyncio.run, once).result()


@contextmanager
def share_kernel(*, kinds: Sequence[str] = KINDS) -> Iterator[None]:
    """Run all documents that this thread renders inside one after another in one kernel.

    A kernel takes longer to start than a short document to run. Every document finds no names of
    the one before and its own folder; what it does to modules and to the environment stays.

    Parameters
    ----------
    kinds : sequence of {"svg", "png"}
        Images that the documents need; without DOCX no bitmaps.
    """
    with tempfile.TemporaryDirectory(prefix="clientindex-kernel-") as name:
        kernel = _SharedKernel(home=Path(name).resolve(), kinds=tuple(kinds))
        token = _SHARED.set(kernel)
        try:
            yield
        finally:
            _SHARED.reset(token)
            kernel.close()


async def _run_once(notebook: Any, use: Use, *, folder: Path, timestamp: int) -> Any:
    client = _make_client(notebook, _make_manager(folder))
    environment = _make_environment(folder, KINDS, timestamp)
    async with client.async_setup_kernel(cleanup_kc=True, cwd=str(folder), env=environment):
        return await use(client)


@dataclass(slots=True, kw_only=True)
class _SharedKernel:
    """A kernel that runs notebooks in turn; started by the first, in a thread of its own."""

    home: Path
    kinds: tuple[str, ...]
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    manager: AsyncKernelManager | None = None
    channels: Any = None

    def run(self, notebook: Any, use: Use, *, folder: Path, timestamp: int) -> Any:
        """Run a notebook after the kernel has forgotten the one before."""
        turn = self._take_turn(notebook, use, folder=folder, timestamp=timestamp)
        return self.pool.submit(self.runner.run, turn).result()

    async def _take_turn(self, notebook: Any, use: Use, *, folder: Path, timestamp: int) -> Any:
        manager = self.manager
        if manager is None or not await manager.is_alive():
            manager = await self._start()
        client = _make_client(notebook, manager)
        client.kc = self.channels
        client.reset_execution_trackers()
        await self._forget(_TURN.format(folder=str(folder), timestamp=str(timestamp)))
        return await use(client)

    async def _forget(self, turn: str) -> None:
        try:
            reply = await self.channels.execute_interactive(
                turn, silent=True, store_history=False, timeout=CELL_TIMEOUT_S
            )
        except TimeoutError as error:
            await self._stop()
            msg = f"the kernel cannot take another document: no answer in {CELL_TIMEOUT_S} s"
            raise RenderError(msg) from error
        if reply["content"]["status"] != "ok":
            msg = f"the kernel cannot take another document: {reply['content'].get('evalue')}"
            raise RenderError(msg)

    async def _start(self) -> AsyncKernelManager:
        """Start the kernel; also anew, where a document has ended it."""
        await self._stop()
        manager = _make_manager(self.home)
        empty = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]  # no annotations
        client = _make_client(empty, manager)
        environment = _make_environment(self.home, self.kinds, 0)
        await client.async_start_new_kernel(cwd=str(self.home), env=environment)
        self.channels = await client.async_start_new_kernel_client()
        self.manager = manager
        return manager

    async def _stop(self) -> None:
        if self.manager is not None:
            self.channels.stop_channels()
            await self.manager.shutdown_kernel(now=True)
            self.manager = None

    def close(self) -> None:
        """End the kernel and the thread."""
        self.pool.submit(self._close_there).result()
        self.pool.shutdown()

    def _close_there(self) -> None:
        self.runner.run(self._stop())
        self.runner.close()


_SHARED: ContextVar[_SharedKernel | None] = ContextVar("shared_kernel", default=None)


class _ThisInterpreter(KernelSpecManager):
    """Knows one kernel: the interpreter that runs us, whatever is installed beside it."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


def _make_manager(home: Path) -> AsyncKernelManager:
    return AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=_ThisInterpreter(),
        connection_file=str(home / ".kernel"),
        transport="tcp" if sys.platform == "win32" else "ipc",
    )


def _make_client(notebook: Any, manager: AsyncKernelManager) -> NotebookClient:
    return NotebookClient(notebook, km=manager, timeout=CELL_TIMEOUT_S, shutdown_kernel="immediate")


def _make_environment(folder: Path, kinds: tuple[str, ...], timestamp: int) -> Mapping[str, str]:
    """Set up the kernel by files of ours, so that Matplotlib is loaded only where it is used."""
    profile = folder / ".ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    config = _CONFIG.format(kinds=set(kinds), dpi=FIGURE_DPI)
    (profile / "ipython_kernel_config.py").write_text(config, encoding="utf-8")
    (profile / "matplotlibrc").write_text(_MATPLOTLIB, encoding="utf-8")
    own = {name: os.environ.get(name, "1") for name in _THREADS}
    own["MATPLOTLIBRC"] = str(profile / "matplotlibrc")
    own["IPYTHONDIR"] = str(folder / ".ipython")
    own["PYTHONHASHSEED"] = "0"
    own["SOURCE_DATE_EPOCH"] = str(timestamp)
    kept = {k: v for k, v in os.environ.items() if k not in {"MPLBACKEND", "PYTHONWARNINGS"}}
    return {**kept, **own}
