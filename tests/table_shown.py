"""What a reader sees of a table: cells as documents write them, with ordinary spaces."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from clientindex.tables import TABLES
from clientindex.tables.cells import write_cell
from clientindex.wording import load_wording
from presentation_bundle import make_bundle, make_results

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.tables import TableSpec
    from clientindex.wording import Wording

RU, EN = load_wording("ru"), load_wording("en")


def show(spec: TableSpec, wording: Wording = EN) -> list[list[str]]:
    """Return the cells of every row."""
    return [
        [
            write_cell(value, column, wording=wording).replace("\u00a0", " ")
            for value, column in zip(row, spec.columns, strict=True)
        ]
        for row in spec.rows
    ]


def heads(spec: TableSpec) -> list[str]:
    """Return the headings."""
    return [column.header.replace("\u00a0", " ") for column in spec.columns]


def both(bundle: Bundle, name: str) -> list[list[list[str]]]:
    """Return the rows in Russian and in English."""
    return [show(TABLES[name](bundle, wording), wording) for wording in (RU, EN)]


def notes(bundle: Bundle, name: str, wording: Wording = EN) -> str:
    """Return the notes below a table."""
    return " ".join(TABLES[name](bundle, wording).notes).replace("\u00a0", " ")


def change(name: str, **fields: Any) -> Bundle:
    """Return the hand-made bundle with fields of one result changed."""
    results = make_results()
    return make_bundle(results=results | {name: dataclasses.replace(results[name], **fields)})
