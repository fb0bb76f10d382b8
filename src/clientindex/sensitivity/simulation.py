"""Run draws in blocks, by one or several threads, with progress and the choice to go on later."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.sensitivity.checkpoint import remove_checkpoint, save_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from clientindex.sensitivity.tally import Tally

    Progress = Callable[[int, int], None]
    Draw = Callable[[int, int], tuple[NDArray[np.int64], NDArray[np.int64]]]

SECONDS_BETWEEN_SAVES = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """How draws are run; nothing here changes a bit of the result.

    Attributes
    ----------
    workers : int
        Threads.
    progress : callable, optional
        Called with the draws done and all draws, in one thread at a time.
    checkpoint : Path, optional
        File in which an unfinished run is kept; a later one of the same inputs goes on from it.

    Raises
    ------
    StatisticsError
        With fewer than one worker.
    """

    workers: int = 1
    progress: Progress | None = None
    checkpoint: Path | None = None

    def __post_init__(self) -> None:
        """Check the number of workers."""
        if self.workers < 1:
            msg = f"draws need at least one worker, got {self.workers}"
            raise StatisticsError(msg)


def run_draws(tally: Tally, draw: Draw, *, block: int, running: Running, fingerprint: str) -> None:
    """Add all draws that the tally lacks.

    Parameters
    ----------
    tally : Tally
        Changed in place; in part where a draw fails or is interrupted.
    draw : callable
        ``(first, size) -> ranks, levels``, each of shape (size, C), of draw number `first` on.
    block : int
        Draws computed at once.
    running : Running
    fingerprint : str
        Of the inputs, kept in the checkpoint.
    """
    state = _State(tally=tally, running=running, fingerprint=fingerprint)
    state.tell()

    def compute(part: tuple[int, int]) -> None:
        if not state.stops.is_set():
            first, size = part
            state.add(tally.measure(*draw(first, size)), first)

    parts = _split(tally.is_done.copy(), block)
    try:
        if running.workers == 1:
            for part in parts:
                compute(part)
        else:
            _share(compute, parts, state.stops, workers=running.workers)
    except BaseException:
        state.save()
        raise
    if running.checkpoint is not None:
        remove_checkpoint(running.checkpoint)


def _share(
    compute: Callable[[tuple[int, int]], None],
    parts: Iterator[tuple[int, int]],
    stops: threading.Event,
    *,
    workers: int,
) -> None:
    with ThreadPoolExecutor(workers) as pool:
        try:
            for _ in pool.map(compute, parts):
                pass
        except BaseException:
            stops.set()
            raise


def _split(is_done: NDArray[np.bool_], block: int) -> Iterator[tuple[int, int]]:
    """Give first draw and number of draws of blocks of what is not done."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], is_done, [True]]).astype(np.int8)))
    for start, end in edges.reshape(-1, 2).tolist():
        for first in range(start, end, block):
            yield first, min(block, end - first)


@dataclass(kw_only=True, eq=False)
class _State:
    """The tally with its lock."""

    tally: Tally
    running: Running
    fingerprint: str
    stops: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    saved_at: float = field(default_factory=time.monotonic)

    def add(self, add: Callable[[int], None], first: int) -> None:
        with self.lock:
            add(first)
            self.tell()
            if time.monotonic() - self.saved_at > SECONDS_BETWEEN_SAVES:
                self.save()

    def tell(self) -> None:
        if self.running.progress is not None:
            self.running.progress(int(self.tally.is_done.sum()), self.tally.n_draws)

    def save(self) -> None:
        if self.running.checkpoint is not None:
            save_checkpoint(self.tally, self.running.checkpoint, fingerprint=self.fingerprint)
            self.saved_at = time.monotonic()
