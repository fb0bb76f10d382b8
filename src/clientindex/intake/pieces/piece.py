"""A piece of a survey file: what one process reads at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientindex.edition import SurveySource


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some rows of one file of single answers.

    Attributes
    ----------
    source : SurveySource
        The file and how it is read.
    name : str
        Name of the file in faults.
    kind : str
        Format of the file.
    start, stop : int
        Which part: bytes of a delimited text, row groups of a Parquet file, rows of an SPSS file;
        of a workbook always the whole.
    n_bytes : int
        About how much of the file it is.
    heading : bytes
        Line of headings of a delimited text.
    """

    source: SurveySource
    name: str
    kind: str
    start: int
    stop: int
    n_bytes: int
    heading: bytes = b""

    @property
    def is_relative(self) -> bool:
        """Whether its rows are numbered from its own start, and not from that of the file."""
        return self.kind == "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceSize:
    """How much is read at a time; no result depends on it.

    Attributes
    ----------
    n_bytes : int
        Bytes of a piece of a delimited text, which is in memory at once; more where one record is
        longer.
    n_rows : int
        Rows of a Parquet file in memory at once.
    n_piece_rows : int
        Least rows of a piece of a Parquet file, which has whole row groups; rows of a piece of an
        SPSS file, which is in memory at once. A workbook is always read whole.
    """

    n_bytes: int = 2**25
    n_rows: int = 2**18
    n_piece_rows: int = 2**20
