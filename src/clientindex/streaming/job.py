"""What every piece of a survey is counted by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clientindex.intake.pieces import PieceSize

if TYPE_CHECKING:
    from clientindex.intake.roles import CentreList
    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingJob:
    """What the accumulation function needs beside the rows; it travels to other processes.

    Attributes
    ----------
    methodology : Methodology
        Of the answers: indicators, scales and segments.
    centres : CentreList
        The centres that may occur.
    size : PieceSize
        How much is read at a time.
    """

    methodology: Methodology
    centres: CentreList
    size: PieceSize = field(default_factory=PieceSize)
