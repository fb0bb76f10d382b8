"""How close a twin is to the original, and how many of its rows equal somebody's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.simulate.twin.draw import correlate_within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from clientindex.simulate.twin.make import SurveyTwin

COLUMNS = ("file", "measure", "centre", "indicator", "other", "original", "twin", "difference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closeness:
    """The largest differences between twins and originals, and equal rows.

    Attributes
    ----------
    n_respondents : int
    n_pooled : int
        Respondents of strata too small to keep their own counts.
    count : int
        Largest difference of a number of equal answers, of a centre and indicator.
    count_elsewhere : int
        The same without centres that have a pooled stratum.
    mean : float
        Largest difference of a mean answer, of a centre and indicator, in steps of the scale.
    correlation : float
        Largest difference of a correlation within strata.
    equal_share : float
        Share of twin rows whose answers equal those of a real respondent of the same centre.
    natural_share : float
        Share of real rows whose answers equal those of another real respondent of the same centre.
    """

    n_respondents: int
    n_pooled: int
    count: int
    count_elsewhere: int
    mean: float
    correlation: float
    equal_share: float
    natural_share: float


def tabulate_closeness(twins: Iterable[SurveyTwin]) -> pd.DataFrame:
    """Compare twins with originals.

    Returns
    -------
    DataFrame
        ``file``, ``measure``, ``centre``, ``indicator``, ``other``, ``original``, ``twin`` and
        ``difference``. Measures: "count" (the answer whose number differs most, of a centre and
        indicator), "mean" (of a centre and indicator, on the scale from 1) and "correlation"
        (within strata, of an indicator and another one). NaN where nobody answered.
    """
    parts = [part for twin in twins for part in (_by_centre(twin), _correlations(twin))]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _by_centre(twin: SurveyTwin) -> pd.DataFrame:
    centres, place = np.unique(twin.centre, return_inverse=True)
    rows = []
    for at, indicator in enumerate(twin.indicators):
        old, new = (_count(codes[:, at], place) for codes in (twin.original, twin.twin))
        answers = np.arange(old.shape[1])
        worst = np.abs(new - old).argmax(axis=1)
        pick = np.arange(len(centres)), worst
        rows.append(_rows(twin, "count", centres, indicator, old[pick], new[pick]))
        means = [_divide(n[:, 1:] @ answers[1:], n[:, 1:].sum(axis=1)) for n in (old, new)]
        rows.append(_rows(twin, "mean", centres, indicator, *means))
    return pd.concat(rows, ignore_index=True)


def _rows(
    twin: SurveyTwin,
    measure: str,
    centres: NDArray[np.str_],
    indicator: str,
    old: NDArray[np.float64],
    new: NDArray[np.float64],
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "file": twin.file,
            "measure": measure,
            "centre": centres,
            "indicator": indicator,
            "other": "",
            "original": old,
            "twin": new,
            "difference": new - old,
        }
    )


def _count(codes: NDArray[np.uint8], place: NDArray[np.int64]) -> NDArray[np.float64]:
    counts = np.zeros((int(place.max()) + 1, int(codes.max()) + 1))
    np.add.at(counts, (place, codes), 1)
    return counts


def _divide(sums: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    means: NDArray[np.float64] = np.full(len(n), np.nan)
    np.divide(sums, n, out=means, where=n > 0)
    return means


def _correlations(twin: SurveyTwin) -> pd.DataFrame:
    old, new = (correlate_within(codes, twin.strata) for codes in (twin.original, twin.twin))
    first, second = np.triu_indices(len(twin.indicators), 1)
    names = np.array(twin.indicators, dtype=str)
    table = _rows(twin, "correlation", names[first], "", old[first, second], new[first, second])
    return table.assign(indicator=names[first], other=names[second], centre="")


def summarise_closeness(twins: Iterable[SurveyTwin], table: pd.DataFrame) -> Closeness:
    """Return the largest differences of a table of :func:`tabulate_closeness`, and equal rows."""
    made = list(twins)
    size = table["difference"].abs()
    pooled = {(t.file, centre) for t in made for centre in t.centre[t.pooled]}
    keys = zip(table["file"], table["centre"], strict=True)
    elsewhere = np.array([key not in pooled for key in keys], dtype=bool)
    counts = table["measure"] == "count"
    n = sum(len(t.centre) for t in made)
    equal, natural = (sum(part) for part in zip(*map(_count_equal, made), strict=True))
    return Closeness(
        n_respondents=n,
        n_pooled=int(sum(t.pooled.sum() for t in made)),
        count=int(size[counts].max()),
        count_elsewhere=int(size[counts & elsewhere].max()) if (counts & elsewhere).any() else 0,
        mean=float(size[table["measure"] == "mean"].max()),
        correlation=float(size[table["measure"] == "correlation"].max()),
        equal_share=equal / n,
        natural_share=natural / n,
    )


def _count_equal(twin: SurveyTwin) -> tuple[int, int]:
    """Count twin rows that equal a real one of their centre, and real ones that equal another."""
    _, centre = np.unique(twin.centre, return_inverse=True)
    both = np.concatenate([twin.original, twin.twin])
    keyed = np.column_stack([np.concatenate([centre, centre]), both])
    _, rows = np.unique(keyed, axis=0, return_inverse=True)
    real, made = rows.reshape(-1)[: len(centre)], rows.reshape(-1)[len(centre) :]
    n_real = np.bincount(real, minlength=int(rows.max()) + 1)
    return int((n_real[made] > 0).sum()), int((n_real[real] > 1).sum())
