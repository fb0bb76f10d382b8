"""What every result has in common: it is a frozen value and it can be told as a tidy table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    import pandas as pd

TIDY_COLUMNS = (
    "subject",
    "segment",
    "statistic",
    "estimate",
    "std_error",
    "ci_low",
    "ci_high",
    "level",
    "method",
    "n",
)
"""Columns of every tidy table, in this order.

``subject`` is the centre, region, group or indicator a row speaks of; ``segment`` is "all" when
segments are combined; ``level`` and ``method`` describe the interval; ``n`` is the number of
answers (or of centres, where the method says so) that the estimate rests on.
"""

ALL_SEGMENTS = "all"
COUNTRY = "country"
INDEX = "index"


@runtime_checkable
class Result(Protocol):
    """A frozen result that can be told as a tidy table."""

    def tidy(self) -> pd.DataFrame:
        """Return one row an estimate with the columns of :data:`TIDY_COLUMNS`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """A statistic that is not defined for these data, and why.

    Attributes
    ----------
    stage : str
        The stage that could not run.
    reason : str
        Key of the sentence that explains it (``unavailable.<reason>`` in the wording).
    detail : str
        What the sentence names, e.g. the indicator with no variance; may be empty.
    """

    stage: str
    reason: str
    detail: str = ""

    def tidy(self) -> pd.DataFrame:
        """Return an empty tidy table: there is nothing to tell."""
        return make_tidy({})


def make_tidy(columns: dict[str, Any]) -> pd.DataFrame:
    """Assemble a tidy table; columns that are not given are filled with missing values."""
    import pandas as pd

    lengths = (len(v) for v in columns.values() if hasattr(v, "__len__") and not isinstance(v, str))
    length = max(lengths, default=0)
    table = pd.DataFrame(columns, index=range(length))
    return table.reindex(columns=list(TIDY_COLUMNS))


def tidy_estimates(
    frame: pd.DataFrame, *, subject: str, level: float, n: str = "n", **columns: Any
) -> pd.DataFrame:
    """Assemble the tidy table of a frame that holds estimates with their intervals.

    Parameters
    ----------
    frame : DataFrame
        ``estimate``, ``std_error``, ``ci_low``, ``ci_high`` and the columns that are named.
    subject, n : str
        Columns that become ``subject`` and ``n``.
    level : float
        Level of the intervals.
    **columns
        ``segment``, ``statistic`` and ``method``: one value for all rows, or one value a row.
    """
    numbers = {
        name: frame[name].to_numpy(float) for name in ("estimate", "std_error", "ci_low", "ci_high")
    }
    fixed = {"subject": frame[subject].to_numpy(), "n": frame[n].to_numpy(), "level": level}
    return make_tidy({"segment": ALL_SEGMENTS, **columns, **numbers, **fixed})
