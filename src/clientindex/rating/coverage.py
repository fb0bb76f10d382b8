"""Who answered: the sample behind the scores, by region and segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import compute_moments_from_totals
from clientindex.rating.score_table import as_counts
from clientindex.results import COUNTRY, Coverage

if TYPE_CHECKING:
    from clientindex.intake.tables import IntakeTables
    from clientindex.methodology import Methodology

WARNING_COLUMNS = ("code", "file", "row", "column")
"""Of a warning in the results; the fault table of intake has the rest."""
_CELL = ["centre", "segment"]


def compute_coverage(
    tables: IntakeTables, methodology: Methodology, *, warnings: pd.DataFrame
) -> Coverage:
    """Count centres and respondents by region and segment.

    Parameters
    ----------
    tables : IntakeTables
    methodology : Methodology
        Gives the order of the segments.
    warnings : DataFrame
        Warnings of intake; what was read stays out of the results, because it may be an id or
        free text of a respondent.

    Returns
    -------
    Coverage
        ``n`` is NaN for a region and segment where a centre delivered means without their n.
    """
    sizes = tables.unit_sizes
    cells = _count_totals(tables, methodology) if sizes is None else _count_respondents(sizes)
    return Coverage(
        data_kind="totals" if sizes is None else "respondents",
        n_centres_register=len(tables.register),
        n_centres_surveyed=int(cells["centre"].nunique()),
        n_centres_checklist=_count_checklists(tables),
        n_respondents=None if sizes is None else int(sizes["n"].sum()),
        by_region=_sum_regions(cells, tables.register, methodology),
        no_answer=_share_no_answer(tables.no_answer),
        warnings=warnings.reindex(columns=list(WARNING_COLUMNS)),
        english_names=tables.english_names,
        response=None if sizes is None else _relate_to_visitors(cells, tables.register),
    )


def _count_respondents(sizes: pd.DataFrame) -> pd.DataFrame:
    """Return respondents by centre and segment."""
    cells = sizes.astype({"n": np.float64}).groupby(_CELL)["n"].sum().reset_index()
    return cells.loc[cells["n"] > 0]


def _count_totals(tables: IntakeTables, methodology: Methodology) -> pd.DataFrame:
    """Return the largest number of answers to one indicator by centre and segment."""
    if tables.option_counts is None and tables.unit_means is None:
        return pd.DataFrame({"centre": [], "segment": [], "n": np.empty(0)})
    moments = compute_moments_from_totals(tables, methodology)
    answered = ~np.isnan(moments.mean).all(axis=-1)
    centre, segment = np.nonzero(answered)
    n = moments.n_respondents[answered]
    return pd.DataFrame(
        {
            "centre": np.array(moments.centres, dtype=object)[centre],
            "segment": np.array(moments.segments, dtype=object)[segment],
            "n": np.where(n > 0, n, np.nan),
        }
    )


def _count_checklists(tables: IntakeTables) -> int:
    """Return centres with a checklist; an empty score of a second source is none."""
    if tables.checklist_items is not None:
        return int(tables.checklist_items["centre"].nunique())
    if tables.checklist_scores is not None:
        return int(tables.checklist_scores.dropna(subset="points")["centre"].nunique())
    return 0


def _sum_regions(
    cells: pd.DataFrame, register: pd.DataFrame, methodology: Methodology
) -> pd.DataFrame:
    """Return one row a region and segment with answers, segments in the methodology's order."""
    joined = cells.merge(register[["centre", "region"]], on="centre", how="inner")
    order = {key: position for position, key in enumerate(methodology.segment_keys)}
    joined["position"] = joined["segment"].map(order)
    grouped = joined.groupby(["region", "position", "segment"], as_index=False, sort=True)
    table = grouped.agg(n_centres=("centre", "nunique"), n=("n", lambda x: x.sum(skipna=False)))
    table["n"] = as_counts(table["n"].to_numpy(float))
    return table[["region", "segment", "n_centres", "n"]]


def _relate_to_visitors(cells: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame | None:
    """Return what share of the visitors answered, by region and in the country.

    Centres whose visitors are unknown are left out on both sides.
    """
    known = register.dropna(subset=["visitors"])
    if known.empty:
        return None
    n = cells.groupby("centre")["n"].sum().reindex(known["centre"]).fillna(0.0)
    both = known.assign(n=n.to_numpy(float), country=COUNTRY)
    rows = [
        both.groupby(by)
        .agg(n_centres=("centre", "size"), visitors=("visitors", "sum"), n=("n", "sum"))
        .rename_axis("region")
        for by in ("region", "country")
    ]
    table = pd.concat(rows).reset_index()
    visitors, answered = table["visitors"].to_numpy(float), table["n"].to_numpy(float)
    share = np.divide(answered, visitors, where=visitors > 0, out=np.full(len(table), np.nan))
    whole = {"visitors": visitors.astype(np.int64), "n": answered.astype(np.int64)}
    return table.assign(**whole, share=share)


def _share_no_answer(no_answer: pd.DataFrame) -> pd.DataFrame:
    asked = no_answer["n_asked"].to_numpy(float)
    share = np.divide(no_answer["n"].to_numpy(float), asked, where=asked > 0, out=asked * np.nan)
    columns = ["segment", "indicator", "reason", "n", "n_asked"]
    return no_answer[columns].assign(share=share)
