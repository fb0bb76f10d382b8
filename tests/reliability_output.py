"""The output of ``clientindex reliability`` read back, and the answers behind it."""

from __future__ import annotations

import re

import pandas as pd
from click.testing import CliRunner

from clientindex.cli import main

PRINTED = 0.00051
"""Half of the last of three decimals."""

GROUPS = {
    "friendliness": ["competence", "communication", "respect", "partnership"],
    "effort": ["information", "waiting", "paperwork"],
    "comfort": ["location", "premises"],
}
REVERSED = ["waiting", "paperwork"]
KEYS = [*GROUPS["friendliness"], *GROUPS["effort"], "follow_up", *GROUPS["comfort"]]

COPIED = 12
"""Citizens of one centre who tick the same answer to everything."""


def call(*arguments):
    return CliRunner().invoke(main, ["reliability", "demo", *arguments])


def read_answers(folder):
    """Read the answers of both segments as given, NaN where there is none."""
    tables = [
        pd.read_csv(folder / "data_raw" / "demo" / f"survey_{segment}.csv").assign(segment=segment)
        for segment in ("citizens", "employers")
    ]
    answers = pd.concat(tables, ignore_index=True)
    answers[KEYS] = answers[KEYS].where(answers[KEYS] <= 5)
    return answers


def key(answers):
    """Turn round what is reverse-keyed."""
    return answers.assign(**{name: 6 - answers[name] for name in REVERSED})


def read_cells(output):
    """Return the rows of all tables, each a list of cells."""
    lines = [line for line in output.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def find_row(output, *first):
    """Return the first row whose first cells are these, without them."""
    rows = read_cells(output)
    return next(row[len(first) :] for row in rows if tuple(row[: len(first)]) == first)


def read_estimate(cell):
    return float(cell.split()[0].rstrip("%"))


def read_ends(cell):
    return [float(end.rstrip("%")) for end in re.search(r"\[(.*?)\]", cell)[1].split(", ")]
