"""The promise of :mod:`clientindex.intake.tables` as schemas, checked on what intake hands on.

A violation is a fault of the program, not of the data: faults of the data were listed before.
pandera takes half a second to import, so it is imported on first use.
"""

from __future__ import annotations

import os
import warnings
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from clientindex.methodology.model import SCORE_MAX, SCORE_MIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.intake.tables import IntakeTables
    from clientindex.methodology import Methodology

_ADDRESS = "SPARK_LOCAL_IP"
_UNIT = {"centre": "id", "segment": "id", "period": "text"}
_ENTRY = {"centre": "id", "period": "text"}
_TABLES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "register": (
        {"centre": "id", "name": "id", "region": "text", "visitors": "amount"},
        ("centre",),
    ),
    "english_names": ({"kind": "id", "place": "id", "name": "id"}, ("kind", "place")),
    "option_counts": (
        {**_UNIT, "indicator": "id", "category": "category", "n": "count"},
        (*_UNIT, "indicator", "category"),
    ),
    "unit_means": (
        {**_UNIT, "indicator": "id", "points": "points", "n": "amount", "sd_points": "amount"},
        (*_UNIT, "indicator"),
    ),
    "checklist_items": (
        {**_ENTRY, "indicator": "id", "item": "id", "answer": "yes or no"},
        (*_ENTRY, "item"),
    ),
    "checklist_scores": ({**_ENTRY, "group": "id", "points": "points"}, (*_ENTRY, "group")),
    "second_items": (
        {**_ENTRY, "indicator": "id", "item": "id", "answer": "yes or no"},
        (*_ENTRY, "item"),
    ),
    "second_scores": ({**_ENTRY, "group": "id", "points": "points"}, (*_ENTRY, "group")),
    "margins": (
        {"scope": "id", "segment": "text", "trait": "id", "level": "id", "visitors": "amount"},
        ("scope", "segment", "trait", "level"),
    ),
    "measures": (
        {
            "centre": "id",
            "indicator": "id",
            "value": "number",
            "std_error": "amount",
            "n": "amount",
        },
        ("centre", "indicator"),
    ),
    "no_answer": (
        {"segment": "id", "indicator": "id", "reason": "id", "n": "count", "n_asked": "count"},
        ("segment", "indicator", "reason"),
    ),
}
"""Table -> kind of each column, and the columns that together occur once."""


def check_tables(tables: IntakeTables, methodology: Methodology) -> None:
    """Check columns, types, ranges and unique keys of every table.

    Raises
    ------
    pandera.errors.SchemaError
        If intake broke its promise.
    """
    with warnings.catch_warnings():
        # pandera imports PySpark where it is installed, which warns of pandas 3.
        message = "PySpark does not yet fully support pandas"
        warnings.filterwarnings("ignore", message=message, category=FutureWarning)
        for name, schema in _build_schemas(methodology.n_categories).items():
            table = getattr(tables, name)
            if table is not None:
                schema.validate(table)


@contextmanager
def _keep_spark_settings() -> Iterator[None]:
    """Undo that pandera, where PySpark is installed, ties every later Spark to this machine."""
    before = os.environ.get(_ADDRESS)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_ADDRESS, None)


@cache
def _build_schemas(n_categories: int) -> dict[str, Any]:
    with _keep_spark_settings():
        import pandera.pandas as pa

    kinds = {
        "id": pa.Column(str, pa.Check.str_length(min_value=1)),
        "text": pa.Column(str),
        "number": pa.Column(float),
        "amount": pa.Column(float, pa.Check.ge(0), nullable=True),
        "count": pa.Column(int, pa.Check.ge(0)),
        "category": pa.Column(int, pa.Check.in_range(0, n_categories)),
        "points": pa.Column(float, pa.Check.in_range(SCORE_MIN, SCORE_MAX)),
        "yes or no": pa.Column(float, pa.Check.isin([0.0, 1.0]), nullable=True),
    }
    return {
        name: pa.DataFrameSchema(
            {column: kinds[kind] for column, kind in columns.items()},
            strict=True,
            unique=list(keys),
        )
        for name, (columns, keys) in _TABLES.items()
    }
