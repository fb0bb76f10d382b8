"""Reliability and the factor analysis, which need the answers alone, begun before anything else.

They take most of the time of a run. A companion process begins with them as soon as the answers are
counted, and then shares them with this one. So nothing is imported here that takes long.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from clientindex.counts import count_pairs
from clientindex.pipeline.register_facts import list_regions
from clientindex.pipeline.seeds import split_seed
from clientindex.pipeline.shared_work import (
    SharedWork,
    lend_companion,
    may_share,
    share_with_companion,
)
from clientindex.results.reliability_assessment import RELIABILITY_RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.counts import PairCounts
    from clientindex.edition import Edition
    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology
    from clientindex.pipeline.answer_statistics import AnswerStatistics
    from clientindex.pipeline.aside import Companion

FACTORS = "factors"
"""The whole factor analysis, one task: its parts share one sample and its bootstrap."""

HERE = "answer_quality"
"""The only analysis that reads single answers, which stay in this process."""

BYTES_A_CENTRE = 80
"""About so many bytes of a register speak of one centre."""


def count_answers(tables: IntakeTables, methodology: Methodology) -> PairCounts | None:
    """Count single answers; None where there are none, or where they are not in `tables`."""
    survey = methodology.of_answers
    if survey is None or tables.responses is None:
        return None
    return count_pairs(tables.responses, survey)


def lend_early(
    edition: Edition, methodology: Methodology
) -> AbstractContextManager[Companion | None]:
    """Start a companion, where one will help, to import statistics while the data are checked."""
    register = edition.data.register_
    size = register.file.stat().st_size if register is not None and register.file.is_file() else 0
    if _list_tasks(edition, methodology) and may_share(size // BYTES_A_CENTRE):
        return lend_companion("clientindex.pipeline.answer_work:load_statistics")
    return nullcontext()


def _list_tasks(edition: Edition, methodology: Methodology) -> list[str]:
    """Return what is to be computed from answers, in the order in which a companion takes it."""
    if methodology.of_answers is None:
        return []
    tasks: list[str] = [FACTORS] if FACTORS in edition.stages else []
    tasks += RELIABILITY_RESULTS if "reliability" in edition.stages else ()
    return tasks


@contextmanager
def begin_answer_work(
    edition: Edition,
    methodology: Methodology,
    *,
    tables: IntakeTables,
    counts: PairCounts | None,
    companion: Companion | None = None,
) -> Iterator[SharedWork | None]:
    """Let a companion begin with what needs the answers alone, where that makes a run quicker.

    Parameters
    ----------
    edition : Edition
        Names the stages.
    methodology : Methodology
    tables : IntakeTables
    counts : PairCounts or None
        Without them there is no such work, and None is given.
    companion : Companion, optional
        Started before; else one is started where it is worth while.
    """
    tasks = _list_tasks(edition, methodology)
    if counts is None or not tasks:
        yield None
        return
    inputs: dict[str, Any] = {
        "methodology": methodology.of_answers,
        "strata": list_regions(tables),
        "seeds": split_seed(edition.seed),
        "no_answer": tables.no_answer,
    }

    @cache
    def gather() -> AnswerStatistics:
        return make_statistics(counts, responses=tables.responses, **inputs)

    work = SharedWork(lambda name: gather().compute(name), tasks, only_here=[HERE])
    with ExitStack() as stack:
        if may_share(len(tables.register)):
            helper = companion or stack.enter_context(lend_companion())
            stack.enter_context(
                share_with_companion(work, helper, make_statistics, counts, **inputs)
            )
        yield work


def load_statistics() -> None:
    """Import the statistics of the answers, and let numba load what it needs for the first call."""
    from clientindex.factors.adapter import import_early
    from clientindex.factors.polychoric.normal import normal_cdf
    from clientindex.pipeline import answer_statistics  # noqa: F401 - imported before it is needed

    import_early()
    normal_cdf(0.0)


def make_statistics(counts: PairCounts, **inputs: Any) -> AnswerStatistics:
    """Gather the statistics of the answers; importing them takes two seconds."""
    from clientindex.pipeline.answer_statistics import AnswerStatistics

    return AnswerStatistics(counts, **inputs)
