"""Published results of agreement statistics beside the project, and their data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

# 15 printed digits; the last three are rounding of sums.
CLOSED_FORM = 1e-11
NEAR_ZERO = 1e-13

FILES = {
    "BA1986 pefr wright1,mini1": ("BA1986_pefr.csv", ["mini1", "wright1"]),
    "BA1999 sbp J1,S1": ("BA1999_sbp.csv", ["S1", "J1"]),
    "mcr::creatinine": ("mcr_creatinine.csv", ["plasma.crea", "serum.crea"]),
    "BA1986 pefr": ("BA1986_pefr.csv", ["wright1", "wright2", "mini1", "mini2"]),
    "BA1999 sbp J,S replicates": ("BA1999_sbp.csv", ["S1", "S2", "S3", "J1", "J2", "J3"]),
    "Shrout&Fleiss1979": ("shrout_fleiss_1979.csv", ["J1", "J2", "J3", "J4"]),
    "irr::anxiety": ("irr_anxiety.csv", ["rater1", "rater2", "rater3"]),
    "irr::anxiety rater1,rater2": ("irr_anxiety.csv", ["rater1", "rater2"]),
    "irrCAC::cac.raw4raters": (
        "gwet_cac_raw4raters.csv",
        ["Rater1", "Rater2", "Rater3", "Rater4"],
    ),
}
"""Data set of the reference -> file and columns; pairs are x, y with differences y - x."""


def read_reference(folder: Path) -> pd.DataFrame:
    """Return parts A, C and G with numbers as numbers."""
    table = pd.read_csv(folder / "agreement.csv", keep_default_na=False, dtype=str)
    for name in ("estimate", "lower", "upper", "se"):
        table[name] = pd.to_numeric(table[name])
    return table[table["part"].isin(["A", "C", "G"])]


def read_data(folder: Path, dataset: str) -> NDArray[np.float64]:
    """Return the table of a data set; in pairs incomplete rows are dropped."""
    file, columns = FILES[dataset]
    table = pd.read_csv(folder / "data" / file)[columns]
    return (table if "raw4" in dataset else table.dropna()).to_numpy(float)


def assert_equal(
    found: tuple[float | None, ...], row: pd.Series, *, rel: float = CLOSED_FORM
) -> None:
    """Assert that estimate, lower, upper and se equal what is printed; None is not compared."""
    for value, name in zip(found, ("estimate", "lower", "upper", "se"), strict=False):
        if value is not None and not pd.isna(row[name]):
            where = f"{row['part']} {row['dataset']}: {row['statistic']}, {name}"
            assert value == pytest.approx(row[name], rel=rel, abs=NEAR_ZERO), where
