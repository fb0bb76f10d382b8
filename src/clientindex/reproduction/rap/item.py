"""One item of the checklist: what is asked, whose demand it is, what was found, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TOLD: Final = 5
"""Faults that the evidence names; it counts all of them."""


class State(StrEnum):
    """What became of an item."""

    PASSED = "pass"
    FAILED = "fail"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class RapItem:
    """An item of the checklist, answered from the repository.

    Attributes
    ----------
    key : str
        Stable name.
    question : str
    source : str
        Short name of the checklist that asks for it, see
        :data:`clientindex.reproduction.rap.sources.SOURCES`.
    state : State
    evidence : str
        What was found: numbers and names of files.
    remedy : str
        What to do; "" unless the item failed.
    """

    key: str
    question: str
    source: str
    state: State
    evidence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Ask:
    """An item before it is answered."""

    key: str
    question: str
    source: str
    remedy: str

    def judge(self, faults: Sequence[str], *, found: str) -> RapItem:
        """Answer with what was found, or with the faults where there are any."""
        if not faults:
            return self._answer(State.PASSED, found)
        told = "; ".join(faults[:MAX_TOLD])
        more = len(faults) - MAX_TOLD
        rest = f"; and {more} more" if more > 0 else ""
        return self._answer(State.FAILED, f"{told}{rest}")

    def skip(self, why: str) -> RapItem:
        """Say why the item does not apply."""
        return self._answer(State.NOT_APPLICABLE, why)

    def _answer(self, state: State, evidence: str) -> RapItem:
        remedy = self.remedy if state is State.FAILED else ""
        return RapItem(
            key=self.key,
            question=self.question,
            source=self.source,
            state=state,
            evidence=evidence,
            remedy=remedy,
        )
