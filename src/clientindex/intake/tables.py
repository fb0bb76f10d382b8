"""What intake hands on: typed, checked tables in the methodology's own keys.

After intake nobody meets a file's column names, codes or encodings again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.intake.expert_answers import ExpertAnswers
    from clientindex.intake.tally import UnitTally

NO_ANSWER = 0
"""Category code of a missing answer; answers are coded 1..C in rising order of the answer."""


UNKNOWN_LEVEL = ""
"""Level of a trait that is not known of a respondent."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trait:
    """A trait of the clients, such as sex: its levels, and that of every respondent.

    Attributes
    ----------
    levels : tuple of str
        Distinct texts in the order of texts; the first is always :data:`UNKNOWN_LEVEL`. An age in
        years is the text of the number.
    codes : int32 ndarray of shape (N,)
        Position of every respondent's level; 0 = unknown.
    """

    levels: tuple[str, ...]
    codes: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Responses:
    """Respondent-level answers of all survey files together.

    Attributes
    ----------
    units : DataFrame of shape (U, 3 or 4)
        Distinct ``centre``, ``segment``, ``period`` (text; period "" when unknown) and, where a
        file says it, ``channel`` of the survey ("" when unknown); sorted as text.
    unit_of : int32 ndarray of shape (N,)
        Row of `units` to which each respondent belongs.
    codes : uint8 ndarray of shape (N, K)
        Answer category 1..C of each indicator in methodology order; 0 = no answer. Codes are the
        answers as given: reverse-keyed indicators are not reversed here.
    day : int32 ndarray of shape (N,) or None
        Number of the day of the interview, -1 = unknown; None where no file has days. Equal
        numbers are equal days.
    duration : float64 ndarray of shape (N,) or None
        Seconds that the interview took, NaN = unknown; None where no file has them.
    traits : mapping of str to Trait
        Traits that the edition names, by name. They are no part of `units`: pair counts of every
        combination of traits would need many times the memory, and nothing asks for them.
    weight : float64 ndarray of shape (N,) or None
        Design or non-response weight, positive; None where no file has weights.
    """

    units: pd.DataFrame
    unit_of: NDArray[np.int32]
    codes: NDArray[np.uint8]
    day: NDArray[np.int32] | None = None
    duration: NDArray[np.float64] | None = None
    traits: Mapping[str, Trait] = field(default_factory=dict)
    weight: NDArray[np.float64] | None = None

    @property
    def unit_sizes(self) -> pd.DataFrame:
        """The units with their respondents, ``n``."""
        return self.units.assign(n=np.bincount(self.unit_of, minlength=len(self.units)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputFile:
    """One input file as read: what the manifest says of it.

    Attributes
    ----------
    path : Path
    sha256 : str
        Of the file's bytes.
    n_rows : int
        Rows of data before any filter; rows without any text are not counted. Of a survey file that
        was left out 0: none of its rows was used.
    """

    path: Path
    sha256: str
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IntakeTables:
    """Everything that passed intake.

    Attributes
    ----------
    register : DataFrame
        ``centre``, ``name``, ``region`` (text) and ``visitors`` (float, NaN when unknown); one row
        a centre, sorted by centre. Made from the survey when the edition has no register.
    responses : Responses or None
        Respondent-level answers; None where only totals were delivered, or answers were counted
        and given up.
    tally : UnitTally or None
        Respondents and answers of every unit; None where only totals were delivered.
    option_counts : DataFrame or None
        ``centre``, ``segment``, ``period``, ``indicator``, ``category`` (int 0..C, 0 = no answer),
        ``n`` (int).
    unit_means : DataFrame or None
        ``centre``, ``segment``, ``period``, ``indicator``, ``points`` (mean on 0-100, higher is
        better), ``n`` (float, NaN unknown), ``sd_points`` (float, NaN unknown).
    checklist_items : DataFrame or None
        ``centre``, ``period`` (text, "" when unknown), ``indicator``, ``item``, ``answer`` (1.0
        yes, 0.0 no, NaN not applicable); centre, period and item together occur once.
    checklist_scores : DataFrame or None
        ``centre``, ``period``, ``group``, ``points`` (0-100, higher is better) where a second
        source delivers ready group scores; centre, period and group together occur once.
    second_items, second_scores : DataFrame or None
        The same of second visits or audits.
    margins : DataFrame or None
        ``scope`` (a centre or a region), ``segment`` ("" = all together), ``trait``, ``level``
        (text), ``visitors`` (float); scope, segment, trait and level together occur once. In the
        order of the file. None where the edition has none.
    measures : DataFrame or None
        ``centre``, ``indicator`` (of kind measure), ``value`` (in the unit of the file),
        ``std_error`` and ``n`` (NaN when unknown); centre and indicator together occur once, cells
        without a value are left out. None where the edition has no measures.
    attributes : DataFrame or None
        ``centre`` and a column of texts for each attribute that the edition names, "" when empty;
        one row a centre of the register. None without attributes.
    english_names : DataFrame or None
        ``kind`` ("centre" or "region"), ``place`` (id of the centre, name of the region), ``name``
        (in English); kind and place together occur once. None where the register has no such names.
    experts : ExpertAnswers or None
        What experts answered about weights. None where the edition asks none.
    no_answer : DataFrame
        ``segment``, ``indicator``, ``reason`` (key of the missing code; "empty" for an empty cell;
        "declared_missing" for a value that an SPSS file declares missing and the methodology does
        not list), ``n``, ``n_asked``: how often and why an answer is missing. Of single
        answers, reasons that did not occur have n = 0, except "declared_missing". No rows for
        means.
    inputs : tuple of InputFile
    """

    register: pd.DataFrame
    responses: Responses | None
    option_counts: pd.DataFrame | None
    unit_means: pd.DataFrame | None
    checklist_items: pd.DataFrame | None
    checklist_scores: pd.DataFrame | None
    no_answer: pd.DataFrame
    inputs: tuple[InputFile, ...]
    tally: UnitTally | None = None
    second_items: pd.DataFrame | None = None
    second_scores: pd.DataFrame | None = None
    margins: pd.DataFrame | None = None
    measures: pd.DataFrame | None = None
    attributes: pd.DataFrame | None = None
    english_names: pd.DataFrame | None = None
    experts: ExpertAnswers | None = None

    @property
    def unit_sizes(self) -> pd.DataFrame | None:
        """Respondents ``n`` of every unit of single answers; None where only totals came."""
        if self.tally is not None:
            return self.tally.sizes
        if self.responses is None:
            return None
        return self.responses.unit_sizes
