"""What intake asks of single answers beyond the answers themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from clientindex.intake.respondents import combine_no_answer
from clientindex.intake.tally import tally_responses

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from clientindex.edition import SurveySource
    from clientindex.intake.leave_out import Reading
    from clientindex.intake.log import FaultLog
    from clientindex.intake.respondents import RespondentBatch
    from clientindex.intake.roles import CentreList
    from clientindex.intake.tables import InputFile, Responses
    from clientindex.intake.tally import UnitTally
    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountedAnswers:
    """Single answers of all survey files, counted.

    Attributes
    ----------
    tally : UnitTally
    no_answer : DataFrame
        See :class:`clientindex.intake.tables.IntakeTables`.
    trait_levels : dict
        Trait -> its levels, "" of unknown included.
    files : dict
        Segment -> files that hold rows of it.
    inputs : tuple of InputFile
        Files that were counted; none where answers are kept.
    """

    tally: UnitTally
    no_answer: pd.DataFrame
    trait_levels: dict[str, frozenset[str]]
    files: dict[str, tuple[str, ...]]
    inputs: tuple[InputFile, ...] = ()


class Count(Protocol):
    """Counts the files of single answers."""

    def __call__(
        self,
        files: Sequence[tuple[SurveySource, Reading]],
        methodology: Methodology,
        centres: CentreList,
        log: FaultLog,
    ) -> CountedAnswers:
        """Read, check and count all files.

        Faults of a file go into the log of its reading, those of files together into `log`.
        Nothing is counted of a reading that is broken.
        """
        ...


def summarise_kept(
    batches: Sequence[RespondentBatch], responses: Responses | None, methodology: Methodology
) -> CountedAnswers | None:
    """Count answers that are kept; None where there are none."""
    if responses is None:
        return None
    keys = methodology.segment_keys
    files: dict[str, dict[str, None]] = {key: {} for key in keys}
    for batch in batches:
        for at in set(batch.segment.tolist()) - {-1}:
            files[keys[at]][batch.table.file] = None
    return CountedAnswers(
        tally=tally_responses(responses, methodology.n_categories),
        no_answer=combine_no_answer([batch.no_answer for batch in batches]),
        trait_levels={name: frozenset(trait.levels) for name, trait in responses.traits.items()},
        files={segment: tuple(names) for segment, names in files.items()},
    )
