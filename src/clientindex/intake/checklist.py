"""Read checklists: items that staff answered, or ready group scores of a second source."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.intake.log import Trouble
from clientindex.intake.numbers import parse_number
from clientindex.intake.repeats import RepeatRule, report_repeats
from clientindex.intake.roles import CentreList, RoleFinder, find_centres, find_labels
from clientindex.intake.unit_means import read_numbers
from clientindex.methodology.model import SCORE_MAX, SCORE_MIN
from clientindex.settings import find_nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.edition import ChecklistSource
    from clientindex.intake.raw import TextColumn
    from clientindex.methodology import Methodology

ANSWER_VALUES = {"yes": 1.0, "no": 0.0, "not_applicable": math.nan}
UNKNOWN, BLANK = -1, -2

REPEATED_ENTRY = RepeatRule(
    code="E-CHECKLIST-TWICE",
    allowed="one row for a centre and item (or centre, for ready scores) in a period",
    advice="Delete the repeated row; if it is of another period, name the period's column.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What a checklist file gives: one of the two tables."""

    items: pd.DataFrame | None = None
    scores: pd.DataFrame | None = None

    @property
    def centres(self) -> frozenset[str]:
        """Centres that have an entry."""
        table = self.items if self.scores is None else self.scores
        return frozenset() if table is None else frozenset(table["centre"])


def read_checklist(
    finder: RoleFinder, source: ChecklistSource, methodology: Methodology, *, centres: CentreList
) -> Checklist:
    """Read the checklist file and log its faults."""
    centre = find_centres(finder, centres)
    base = pd.DataFrame(
        {
            "centre": "" if centre is None else centre.texts(),
            "period": find_labels(finder, "period"),
        },
        index=range(len(finder.table)),
        dtype="str",
    )
    if source.kind == "group_scores":
        return Checklist(scores=_read_scores(finder, source, methodology, base=base))
    return Checklist(items=_read_items(finder, methodology, base=base))


def _read_items(
    finder: RoleFinder, methodology: Methodology, *, base: pd.DataFrame
) -> pd.DataFrame:
    """Return one row a centre and item with 1 yes, 0 no, NaN not applicable."""
    item = finder.find("item", needed=True)
    answer = finder.find("answer", needed=True)
    owners = {
        i.key: indicator.key for indicator in methodology.indicators for i in indicator.checklist
    }
    if item is None or answer is None:
        return _sort(base.iloc[:0].assign(indicator="", item="", answer=0.0), "item")
    _check_items(finder, item, owners, methodology=methodology)
    _report_repeated_entries(finder, base.assign(item=item.texts()), item.name)
    choice = _read_choices(finder, answer, methodology)
    values = np.array([*ANSWER_VALUES.values(), math.nan, math.nan])[choice]
    names = pd.Series(item.texts(), dtype="str")
    rows = base.assign(indicator=names.map(owners), item=names, answer=values)
    return _sort(rows[choice >= 0], "item")


def _sort(rows: pd.DataFrame, last: str) -> pd.DataFrame:
    return rows.sort_values(["centre", "period", last], ignore_index=True)


def _check_items(
    finder: RoleFinder, item: TextColumn, owners: dict[str, str], *, methodology: Methodology
) -> None:
    strange = item.spread([*(text not in owners for text in item.distinct), True])
    finder.log.add_rows(
        "E-ITEM",
        finder.table,
        column=item.name,
        at=strange,
        describe=lambda row: _describe_item(item, row, owners, methodology=methodology),
    )


def _describe_item(
    item: TextColumn, row: int, owners: dict[str, str], *, methodology: Methodology
) -> Trouble:
    text = item.text_at(row)
    own = [key for key, owner in owners.items() if owner == text]
    near = find_nearest(text, owners)
    if text in methodology.indicator_keys:
        advice = f"{text!r} is an indicator; its items are: {', '.join(own) or 'none'}."
    else:
        advice = f"Did you mean {near!r}?" if near else "Correct the cell, or delete the row."
    allowed = "an item that the methodology lists under 'checklist' of an indicator"
    return Trouble(read=item.show(row), allowed=allowed, advice=advice)


def _read_choices(
    finder: RoleFinder, answer: TextColumn, methodology: Methodology
) -> NDArray[np.int64]:
    """Return 0 yes, 1 no, 2 not applicable, -1 unknown, -2 empty for every row."""
    rule = methodology.checklist
    words = {} if rule is None else {key: rule.answers.get(key, ()) for key in ANSWER_VALUES}  # type: ignore[call-overload]  # the keys are the rule's own
    places = {
        _normalise(str(word)): at for at, listed in enumerate(words.values()) for word in listed
    }
    found = [
        _choose(text, answer, places, decimal=finder.table.decimal) for text in answer.distinct
    ]
    choice = answer.spread([*found, BLANK])
    allowed = "; ".join(f"{key}: {', '.join(map(str, named))}" for key, named in words.items())
    finder.log.add_rows(
        "E-CHECKLIST-ANSWER",
        finder.table,
        column=answer.name,
        at=choice == UNKNOWN,
        describe=lambda row: Trouble(
            read=answer.show(row),
            allowed=allowed,
            advice="Correct the cell, or add the word to 'checklist: answers' of the methodology.",
        ),
    )
    finder.log.add_rows(
        "W-CHECKLIST-BLANK",
        finder.table,
        column=answer.name,
        at=choice == BLANK,
        describe=lambda _row: Trouble(
            read="an empty cell",
            allowed=allowed,
            advice="The entry is left out. Fill it in; 'not applicable' has its own answer.",
        ),
    )
    return np.asarray(choice)


def _choose(text: str, answer: TextColumn, places: dict[str, int], *, decimal: str) -> int:
    """Return the answer that a cell's text means, else that its value label means."""
    number = parse_number(text, decimal=decimal)
    plain = str(int(number)) if number.is_integer() else text
    label = answer.labels.get(text, "")
    by_text = places.get(_normalise(plain), UNKNOWN)
    by_label = places.get(_normalise(label), UNKNOWN)
    if UNKNOWN not in (by_text, by_label) and by_text != by_label:
        return UNKNOWN
    return by_label if by_text == UNKNOWN else by_text


def _normalise(word: str) -> str:
    return " ".join(word.casefold().split())


def _read_scores(
    finder: RoleFinder,
    source: ChecklistSource,
    methodology: Methodology,
    *,
    base: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row a centre and group with its score 0-100; empty cells are left out."""
    _report_repeated_entries(finder, base[["period", "centre"]], finder.name_of("centre"))
    parts = [base.iloc[:0].assign(group="", points=0.0)]
    for key in methodology.group_keys:
        column = finder.find_heading(source.groups.get(key, key))
        if column is not None:
            points = _read_group(finder, column.blank_declared(), source.score_scale)
            parts.append(base.assign(group=key, points=points))
    rows = pd.concat(parts, ignore_index=True).astype({"group": "str"})
    return _sort(rows[rows["points"].notna()], "group")


def _read_group(
    finder: RoleFinder, column: TextColumn, scale: tuple[float, float]
) -> NDArray[np.float64]:
    """Return ``100 (score - lower) / (upper - lower)``; NaN where empty or faulty."""
    lower, upper = scale
    score = read_numbers(finder, column)
    outside = (score < lower) | (score > upper)
    finder.log.add_rows(
        "E-SCORE",
        finder.table,
        column=column.name,
        at=outside,
        describe=lambda row: Trouble(
            read=column.show(row),
            allowed=f"a score from {lower:g} to {upper:g}",
            advice="Correct the cell, or give the scale as 'score_scale' in the edition.",
        ),
    )
    points = np.clip(SCORE_MAX * (score - lower) / (upper - lower), SCORE_MIN, SCORE_MAX)
    return np.where(outside, np.nan, points)


def _report_repeated_entries(finder: RoleFinder, keys: pd.DataFrame, column: str) -> None:
    report_repeats(keys, [finder.table], finder.log, rule=REPEATED_ENTRY, columns=[column])
