"""How long work tells of itself without knowing who listens."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from clientindex.streaming.progress import Tell


class Reporter(Protocol):
    """Listener of a run: told how many steps there are and when each begins."""

    def step(self, message: str) -> AbstractContextManager[None]:
        """Enter one step of the work; leaving the context ends it."""
        ...

    def say(self, message: str) -> None:
        """Tell one line that is not a step."""
        ...

    def count_rows(self, message: str) -> AbstractContextManager[Tell]:
        """Enter a step that tells rows so far, bytes so far and bytes in all."""
        ...


class SilentReporter:
    """A reporter that says nothing."""

    def step(self, message: str) -> AbstractContextManager[None]:
        """Do nothing."""
        del message
        return nullcontext()

    def say(self, message: str) -> None:
        """Do nothing."""
        del message

    def count_rows(self, message: str) -> AbstractContextManager[Tell]:
        """Do nothing."""
        del message
        return nullcontext(lambda _rows, _done, _total: None)
