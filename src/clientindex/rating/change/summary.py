"""The change in a few numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.rating.change.centres import BOTH, DOWN, GONE, MOVED, NEW, UP
from clientindex.rating.change.parts import PartOfChange, sum_means
from clientindex.rating.change.stars import compare_shares

if TYPE_CHECKING:
    from collections.abc import Mapping

SUMMARY_COLUMNS = [
    "statistic",
    "estimate",
    "std_error",
    "ci_low",
    "ci_high",
    "p_value",
    "df",
    "n",
]

OTHER_STARS, NEVER_DIFFER, NO_STARS = "other_stars", "stars_never_differ", "no_stars_in_both"


def summarise_change(
    centres: pd.DataFrame,
    *,
    parts: Mapping[str, PartOfChange],
    renamed: int,
    same_stars: bool,
    level: float,
    left_out: list[tuple[str, str, str, str]],
) -> pd.DataFrame:
    """Tell mean changes, numbers of centres, and the test of equal shares of stars.

    Parameters
    ----------
    centres : DataFrame
        Of :func:`clientindex.rating.change.centres.compare_centres`.
    parts : mapping of str to PartOfChange
        Of the country.
    renamed : int
        Previous centres that got another identifier.
    same_stars : bool
        Whether both editions have equally many stars.
    level : float
    left_out : list
        Gets a row where the test is not defined.
    """
    known = centres["difference"].notna().to_numpy()
    published = [centres[name].where(known).to_numpy(float) for name in ("after", "before")]
    comparable = sum_means(published, [1, -1], level=level)
    rows = [
        _tell("mean_change_all", parts["total"]),
        _tell("mean_change_comparable", comparable),
        _tell("mean_change_service", parts["service"]),
        _count("sampling_service", _pool_sampling(centres), int(known.sum())),
    ]
    rows += [_count(name, n, len(centres)) for name, n in _list_counts(centres, renamed).items()]
    rows.append(_test_stars(centres, same_stars=same_stars, left_out=left_out))
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)


def _tell(statistic: str, part: PartOfChange) -> dict[str, Any]:
    names = ("estimate", "std_error", "ci_low", "ci_high", "p_value", "n")
    return {"statistic": statistic, **{name: getattr(part, name) for name in names}}


def _count(statistic: str, estimate: float, n: int) -> dict[str, Any]:
    return {"statistic": statistic, "estimate": float(estimate), "n": n}


def _pool_sampling(centres: pd.DataFrame) -> float:
    """Return the standard error of the mean difference by who answered alone."""
    errors = centres.loc[centres["difference"].notna(), "std_error"].to_numpy(float)
    return float(np.sqrt((errors**2).sum()) / len(errors)) if len(errors) else np.nan


def _list_counts(centres: pd.DataFrame, renamed: int) -> dict[str, int]:
    status, flagged = centres["status"], centres["flagged"]
    moved = (centres["star_after"] - centres["star_before"]).dropna()
    return {
        "both": int(status.isin([BOTH, MOVED]).sum()),
        **{name: int((status == name).sum()) for name in (MOVED, NEW, GONE)},
        "renamed": renamed,
        "merged": int((centres["merged"] > 1).sum()),
        "comparable": int(centres["difference"].notna().sum()),
        "tested": int(centres["p_value"].notna().sum()),
        **{name: int((flagged == name).sum()) for name in (UP, DOWN)},
        "star_up": int((moved > 0).sum()),
        "star_down": int((moved < 0).sum()),
        "star_same": int((moved == 0).sum()),
    }


def _test_stars(
    centres: pd.DataFrame, *, same_stars: bool, left_out: list[tuple[str, str, str, str]]
) -> dict[str, Any]:
    statistic = "stuart_maxwell"
    pairs = int((centres["star_before"].notna() & centres["star_after"].notna()).sum())
    if not same_stars:
        left_out.append(("country", statistic, OTHER_STARS, ""))
        return {"statistic": statistic, "estimate": np.nan, "n": pairs}
    found = compare_shares(centres)
    if np.isnan(found.statistic):
        left_out.append(("country", statistic, NEVER_DIFFER if pairs else NO_STARS, str(pairs)))
    return {
        "statistic": statistic,
        "estimate": found.statistic,
        "p_value": found.p_value,
        "df": found.df if found.df else np.nan,
        "n": pairs,
    }
