"""Warnings of experts whose pairwise judgements contradict each other, told with the data's faults.

Every check of the data imports this module, so it needs no more than arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.intake.log import Trouble
from clientindex.sensitivity.weight_sources.ahp import find_suspects, fit_priorities

if TYPE_CHECKING:
    from clientindex.intake.expert_answers import ExpertAnswers
    from clientindex.intake.log import FaultLog

SHOWN = 3
"""Judgements named of an expert whose judgements contradict each other."""


def warn_inconsistent(answers: ExpertAnswers, log: FaultLog, *, limit: float) -> None:
    """Warn of experts whose judgements contradict each other, naming the judgements to look at.

    Parameters
    ----------
    answers : ExpertAnswers
    log : FaultLog
        That of the reading, so that all faults are told together.
    limit : float
        Of the consistency ratio.
    """
    for table in answers.judgements.values():
        for expert, matrix, place in zip(table.experts, table.values, table.places, strict=True):
            ratio = fit_priorities(matrix).ratio
            if ratio <= limit:
                continue
            named = "; ".join(
                f"{table.keys[s.first]} to {table.keys[s.second]} is {s.judgement:.3g}, by the "
                f"others {s.implied:.3g} (ratio then {s.ratio:.2f})"
                for s in find_suspects(matrix)[:SHOWN]
            )
            trouble = Trouble(
                read=f"judgements of {expert} about {table.parent!r} with a consistency ratio of "
                f"{ratio:.2f}",
                allowed=f"a ratio of {limit:g} or less",
                advice=f"Ask {expert} to look again at: {named}.",
            )
            log.add("W-EXPERT-INCONSISTENT", place, trouble)
