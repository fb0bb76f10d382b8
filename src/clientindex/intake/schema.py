"""The promise of :mod:`clientindex.intake.tables` as schemas, checked on what intake hands on.

A violation is a fault of the program, not of the data: faults of the data were listed before.
pandera takes half a second to import, so it is imported on first use.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from clientindex.methodology.model import SCORE_MAX, SCORE_MIN

if TYPE_CHECKING:
    from clientindex.intake.tables import IntakeTables
    from clientindex.methodology import Methodology

ROUNDING = 1e-9
"""Room for floating point at the ends of 0-100."""


def check_tables(tables: IntakeTables, methodology: Methodology) -> None:
    """Check columns, types, ranges and unique keys of every table.

    Raises
    ------
    pandera.errors.SchemaError
        If intake broke its promise.
    """
    for name, schema in _build_schemas(methodology.n_categories).items():
        table = getattr(tables, name)
        if table is not None:
            schema.validate(table)


@cache
def _build_schemas(n_categories: int) -> dict[str, Any]:
    import pandera.pandas as pa

    def text(*, filled: bool = True) -> Any:
        return pa.Column(str, pa.Check.str_length(min_value=1) if filled else None)

    def number(kind: type, *, low: float = 0, high: float | None = None) -> Any:
        checks = [pa.Check.ge(low)] if high is None else [pa.Check.in_range(low, high)]
        return pa.Column(kind, checks, nullable=kind is float)

    def table(columns: dict[str, Any], *keys: str) -> Any:
        return pa.DataFrameSchema(columns, strict=True, unique=list(keys))

    points = number(float, low=SCORE_MIN - ROUNDING, high=SCORE_MAX + ROUNDING)
    unit = {"centre": text(), "segment": text(), "period": text(filled=False)}
    entry = {"centre": text(), "period": text(filled=False)}
    return {
        "register": table(
            {
                "centre": text(),
                "name": text(),
                "region": text(filled=False),
                "visitors": number(float),
            },
            "centre",
        ),
        "option_counts": table(
            {
                **unit,
                "indicator": text(),
                "category": number(int, high=n_categories),
                "n": number(int),
            },
            *unit,
            "indicator",
            "category",
        ),
        "unit_means": table(
            {
                **unit,
                "indicator": text(),
                "points": points,
                "n": number(float),
                "sd_points": number(float),
            },
            *unit,
            "indicator",
        ),
        "checklist_items": table(
            {**entry, "indicator": text(), "item": text(), "answer": number(float, high=1)},
            *entry,
            "item",
        ),
        "checklist_scores": table({**entry, "group": text(), "points": points}, *entry, "group"),
        "no_answer": table(
            {
                "segment": text(),
                "indicator": text(),
                "reason": text(),
                "n": number(int),
                "n_asked": number(int),
            },
            "segment",
            "indicator",
            "reason",
        ),
    }
