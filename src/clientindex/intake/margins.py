"""Read known numbers of visitors by trait: the margins to which answers can be weighted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.intake.log import Place, Trouble
from clientindex.intake.numbers import advise_number, parse_numbers
from clientindex.intake.repeats import RepeatRule, report_repeats
from clientindex.settings import find_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from clientindex.intake.raw import TextColumn
    from clientindex.intake.roles import RoleFinder
    from clientindex.intake.survey import Survey
    from clientindex.methodology import Methodology

KEYS = ["scope", "segment", "trait", "level"]
TOTALS_TOLERANCE = 0.005
"""Margins of one scope may differ by this share of their total before a warning: registers are
kept by different people, and only shares are used."""

REPEATED_MARGIN = RepeatRule(
    code="E-MARGIN-TWICE",
    allowed="every scope, segment, trait and level once",
    advice="Delete the repeated row, or correct its keys.",
)


def read_margins(
    finder: RoleFinder, methodology: Methodology, *, scopes: frozenset[str]
) -> pd.DataFrame:
    """Read the margins and log their faults.

    Parameters
    ----------
    finder : RoleFinder
    methodology : Methodology
        For the segments.
    scopes : frozenset of str
        Centres and regions of the register; empty when there is none to compare with.

    Returns
    -------
    DataFrame
        ``scope``, ``segment``, ``trait``, ``level``, ``visitors`` in the order of the file.
    """
    columns = {name: finder.find(name, needed=name != "segment") for name in KEYS}
    _check_scopes(finder, columns["scope"], scopes)
    _check_segments(finder, columns["segment"], methodology)
    _check_levels(finder, columns["level"])
    frame = pd.DataFrame(
        {name: _texts(finder, column) for name, column in columns.items()}, dtype="str"
    ).assign(visitors=_read_visitors(finder))
    report_repeats(
        frame[KEYS].rename(columns={"segment": "period"}),  # may be empty, as a period may
        [finder.table],
        finder.log,
        rule=REPEATED_MARGIN,
        columns=[finder.name_of("level")],
    )
    _warn_totals(finder, frame)
    return frame


def _texts(finder: RoleFinder, column: TextColumn | None) -> NDArray[np.object_]:
    if column is None:
        return np.full(len(finder.table), "", dtype=object)
    return column.prefer_labels().texts()


def _check_scopes(finder: RoleFinder, column: TextColumn | None, scopes: frozenset[str]) -> None:
    if column is None or not scopes:
        return
    column = column.prefer_labels()

    def describe(row: int) -> Trouble:
        near = find_nearest(column.text_at(row), sorted(scopes))
        return Trouble(
            read=column.show(row),
            allowed="a centre or a region of the register",
            advice=f"Did you mean {near!r}?" if near else "Correct the cell, or delete the row.",
        )

    strange = column.spread([*(text not in scopes for text in column.distinct), True])
    finder.log.add_rows(
        "E-MARGIN-SCOPE", finder.table, column=column.name, at=strange, describe=describe
    )


def _check_segments(
    finder: RoleFinder, column: TextColumn | None, methodology: Methodology
) -> None:
    if column is None:
        return
    keys = methodology.segment_keys

    def describe(row: int) -> Trouble:
        near = find_nearest(column.text_at(row), keys)
        return Trouble(
            read=column.show(row),
            allowed=f"one of {', '.join(keys)}, or an empty cell for all segments together",
            advice=f"Did you mean {near!r}?" if near else "Correct the cell.",
        )

    strange = column.spread([*(text not in keys for text in column.distinct), False])
    finder.log.add_rows(
        "E-SEGMENT", finder.table, column=column.name, at=strange.astype(bool), describe=describe
    )


def _check_levels(finder: RoleFinder, column: TextColumn | None) -> None:
    if column is not None:
        finder.log.add_rows(
            "E-MARGIN-LEVEL",
            finder.table,
            column=column.name,
            at=column.is_empty,
            describe=lambda _row: Trouble(
                read="an empty cell",
                allowed="a level of the trait",
                advice="Fill in the level; visitors of unknown level stand in no margin.",
            ),
        )


def _read_visitors(finder: RoleFinder) -> NDArray[np.float64]:
    column = finder.find("visitors", needed=True)
    if column is None:
        return np.full(len(finder.table), np.nan)
    decimal = finder.table.decimal
    n = parse_numbers(column, decimal=decimal)
    finder.log.add_rows(
        "E-MARGIN",
        finder.table,
        column=column.name,
        at=~(n >= 0),
        describe=lambda row: Trouble(
            read=column.show(row),
            allowed="a number of visitors from 0; only its share in the margin counts",
            advice=advise_number(column.text_at(row), decimal=decimal)
            if np.isnan(n[row])
            else "Correct the cell.",
        ),
    )
    return n


def _warn_totals(finder: RoleFinder, frame: pd.DataFrame) -> None:
    """Warn once of margins of one scope whose totals differ."""
    totals = frame.groupby(["scope", "segment", "trait"], sort=False)["visitors"].sum()
    by_scope = totals.groupby(level=[0, 1], sort=False)
    lowest, highest = by_scope.min(), by_scope.max()
    apart = (highest - lowest) > TOTALS_TOLERANCE * highest
    if not apart.any():
        return
    (scope, _), n = lowest.index[apart.to_numpy()][0], int(apart.sum())
    low, high = lowest[apart].iloc[0], highest[apart].iloc[0]
    more = f" and {n - 1} more scope{'s' if n > 2 else ''}" if n > 1 else ""
    trouble = Trouble(
        read=f"margins of {scope} that add up to {low:g} and to {high:g}{more}",
        allowed="equal totals of the margins of one scope",
        advice="Check the register of visitors; the shares are used, not the numbers.",
    )
    place = Place(file=finder.table.file, column=finder.name_of("visitors"))
    finder.log.add("W-MARGIN-TOTALS", place, trouble)


def report_unmatched_margins(finder: RoleFinder, margins: pd.DataFrame, survey: Survey) -> None:
    """Log margins of traits that the survey lacks, and warn of levels that nobody has.

    An age in years is cut into groups later, so that its levels are compared then.
    """
    known = _list_levels(survey)
    trait, level = margins["trait"].to_numpy(object), margins["level"].to_numpy(object)

    def describe_trait(row: int) -> Trouble:
        near = find_nearest(trait[row], sorted(known))
        return Trouble(
            read=str(trait[row]) or "an empty cell",
            allowed=f"traits that survey files name: {', '.join(sorted(known)) or 'none'}",
            advice=f"Did you mean {near!r}?"
            if near
            else "Name its column in the edition "
            "('columns' or 'traits' of the survey file), or delete the row.",
        )

    strange = np.array([name not in known for name in trait], dtype=bool)
    finder.log.add_rows(
        "E-MARGIN-TRAIT",
        finder.table,
        column=finder.name_of("trait"),
        at=strange,
        describe=describe_trait,
    )

    def describe_level(row: int) -> Trouble:
        levels = (known[trait[row]] or frozenset()) - {""}
        near = find_nearest(level[row], sorted(levels))
        return Trouble(
            read=f"{trait[row]}: {level[row]}, which nobody in the survey has",
            allowed=f"levels of the survey: {', '.join(sorted(levels)[:12])}",
            advice=f"Did you mean {near!r}?" if near else "Check the spelling.",
        )

    absent = [
        name in known and known[name] is not None and text != "" and text not in (known[name] or ())
        for name, text in zip(trait, level, strict=True)
    ]
    finder.log.add_rows(
        "W-MARGIN-LEVEL",
        finder.table,
        column=finder.name_of("level"),
        at=np.array(absent, dtype=bool),
        describe=describe_level,
    )


def _list_levels(survey: Survey) -> dict[str, frozenset[str] | None]:
    """Return the levels of every trait of the survey; None where they are years."""
    known: dict[str, frozenset[str] | None] = {
        name: None if _are_years(levels) else levels for name, levels in survey.trait_levels.items()
    }
    if survey.tally is not None and "channel" in survey.tally.units:
        known["channel"] = frozenset(survey.tally.units["channel"])
    return known


def _are_years(levels: Iterable[str]) -> bool:
    return any(level.replace(".", "", 1).isdigit() for level in levels)
