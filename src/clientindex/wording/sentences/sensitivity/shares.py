"""Shares of importance of groups and indicators beside their weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.wording.names import name_group, name_indicator
from clientindex.wording.sensitivity_names import name_dimension
from clientindex.wording.sentences.rows import Row, is_known, list_rows

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results.weight_importance import WeightImportance
    from clientindex.wording.words import Wording


def list_shares(result: WeightImportance, kind: str, statistic: str = "linear_share") -> list[Row]:
    """Return known shares of groups or indicators with their weight, largest first."""
    weights = result.weights[result.weights["kind"] == kind].set_index("key")["effective"]
    frame = result.importance
    rows = list_rows(frame[(frame["kind"] == kind) & (frame["statistic"] == statistic)])
    known = [row | {"weight": float(weights[row["key"]])} for row in rows if is_known(row)]
    return sorted(known, key=lambda row: -row["estimate"])


def name_row(row: Row, methodology: Methodology, wording: Wording) -> str:
    """Name the group or indicator of a row; one that the methodology lacks keeps its key."""
    kind, key = str(row.get("kind", "group")), str(row.get("key", row.get("group")))
    if kind == "indicator":
        known = key in methodology.indicator_keys
        return name_indicator(key, methodology, wording) if known else key
    known = key in methodology.group_keys
    return name_group(key, methodology, wording) if known else key


def name_all(rows: list[Row], methodology: Methodology, wording: Wording) -> str:
    """Name groups or indicators one after another, in quotes."""
    names = [name_row(row, methodology, wording) for row in rows]
    return wording.join([wording.text("sentence.weights.quoted", name=name) for name in names])


def list_choices(options: pd.DataFrame, wording: Wording) -> list[str]:
    """Name the choices of the method that had more than one option."""
    n_options = options.groupby("choice", sort=False).size()
    return [name_dimension(str(choice), wording) for choice in n_options.index[n_options > 1]]


def say_points(share: float, wording: Wording) -> str:
    """Write a difference of shares in percentage points, without the unit."""
    return wording.number(100 * share)
