"""Ages are years or age groups by the whole column, which no piece of a file knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from clientindex.intake.log import MAX_ROWS, Place
from clientindex.intake.traits import describe_age, find_wrong_ages

if TYPE_CHECKING:
    from clientindex.intake.log import FaultLog
    from clientindex.intake.raw import RawTable, TextColumn


@dataclass(slots=True, eq=False)
class AgeTally:
    """How often each text stands in the column of ages, and the first rows where it does.

    Attributes
    ----------
    heading : str
        Of the column; "" without one.
    found : dict
        Text -> rows, and some of the first rows.
    """

    heading: str = ""
    found: dict[str, tuple[int, list[int]]] = field(default_factory=dict)

    def add(self, other: AgeTally, *, shift: int) -> None:
        """Add the ages of further rows of the file, whose numbers grow by `shift`."""
        self.heading = self.heading or other.heading
        for text, (n, rows) in other.found.items():
            known, first = self.found.get(text, (0, []))
            moved = [*first, *(row + shift for row in rows)]
            self.found[text] = (known + n, moved[:MAX_ROWS])

    def report(self, log: FaultLog, *, file: str, decimal: str) -> None:
        """Log ages that are no number of years, where any is one."""
        wrong = find_wrong_ages(self.found, decimal=decimal)
        rows = sorted((row, text) for text in wrong for row in self.found[text][1])
        log.add_listed(
            "E-AGE",
            Place(file=file, column=self.heading),
            rows=[row for row, _ in rows],
            n=sum(self.found[text][0] for text in wrong),
            describe=lambda place: describe_age(rows[place][1], decimal=decimal),
        )


def tally_ages(column: TextColumn | None, table: RawTable) -> AgeTally:
    """Count the texts of a column of ages; none without the column."""
    if column is None:
        return AgeTally()
    tally = AgeTally(heading=column.name)
    counts = np.bincount(column.codes + 1, minlength=len(column.distinct) + 1)[1:]
    for code, text in enumerate(column.distinct):
        if counts[code]:
            rows = table.rows[np.flatnonzero(column.codes == code)[:MAX_ROWS]]
            tally.found[text] = (int(counts[code]), rows.tolist())
    return tally
