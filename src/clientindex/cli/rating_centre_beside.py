"""The index of one centre shrunken, in the funnel, before, weighted and adjusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_case_mix import tell_adjusted as tell_adjusted_rows
from clientindex.cli.rating_change import write_difference
from clientindex.cli.rating_names import METHOD_OF, write_between
from clientindex.cli.rating_reasons import say_why, tell_absent
from clientindex.cli.rating_unusual import LEGEND_OF_Z, write_funnel
from clientindex.cli.rating_unusual import TITLES as FUNNEL_TITLES
from clientindex.cli.rating_weights import write_weighted
from clientindex.results import (
    INDEX,
    AnswerWeights,
    CaseMix,
    EditionChange,
    RegionalProfile,
    ShrunkenScores,
    Unavailable,
)

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.rated import Rated


def find_centre(frame: pd.DataFrame, centre: str) -> Any:
    """Return the row of a centre, or None."""
    return next(list_rows(frame[frame["centre"] == centre]), None)


def tell_shrunken(rated: Rated, centre: str) -> None:
    """Print the index drawn to the mean and to the regression."""
    result = rated.take("shrinkage", ShrunkenScores)
    if isinstance(result, Unavailable):
        tell_absent("Shrunken index", result, rated.methodology)
        return
    frame = result.centres[result.centres["subject"] == INDEX]
    row = find_centre(frame, centre)
    if row is None:
        of_index = result.left_out[result.left_out["subject"] == INDEX]
        _tell_why(of_index, centre, rated, "Shrunken index")
        return
    print_words(f"Shrunken index ({result.level:.0%} intervals)")
    drawn = [
        (f"to the common mean, {METHOD_OF[result.estimator]}", "shrunk", "ci"),
        ("to the common mean, robust", "robust", "robust"),
        ("to the regression (Fay-Herriot)", "fay_herriot", "fay_herriot"),
    ]
    rows = [
        [name, _write_ends(row, value, f"{prefix}_low", f"{prefix}_high")]
        for name, value, prefix in drawn
    ]
    print_table(["drawn", "index"], rows, keys=1)
    if row.factor == row.factor:
        print_words(f"It is drawn by {row.factor:.0%} of the way to the common mean.")
    absent = result.left_out[result.left_out["statistic"] == "fay_herriot"]
    if row.fay_herriot != row.fay_herriot:
        _tell_why(absent, centre, rated, "Regression")


def _write_ends(row: Any, value: str, low: str, high: str) -> str:
    return write_between(getattr(row, value), getattr(row, low), getattr(row, high), "z.2f")


def _tell_why(frame: pd.DataFrame, centre: str, rated: Rated, title: str) -> None:
    """Print why a centre lacks a number, where a reason of its own or of all is given."""
    own = frame[frame["centre"].isin([centre, ""])]
    for row in list_rows(own.drop_duplicates(["reason", "detail"])):
        print_words(f"{title}: none. {say_why(row.reason, row.detail, rated.methodology)}")


def tell_funnel(rated: Rated, centre: str) -> None:
    """Print where the centre stands among all centres."""
    result = rated.take("regional", RegionalProfile)
    row = None if isinstance(result, Unavailable) else find_centre(result.centres, centre)
    if isinstance(result, Unavailable) or row is None:
        print_words("Funnel of centres: the centre is not in it, as it has no star or no error.")
        return
    print_words(f"Place in the funnel of centres (false discovery rate {result.fdr:.0%})")
    print_table(["centre", *FUNNEL_TITLES], [[centre, *write_funnel(row)]], keys=1)
    print_words(LEGEND_OF_Z)


def tell_change(rated: Rated, centre: str) -> None:
    """Print the change from the previous edition under one method."""
    title = "Change from the previous edition"
    if rated.unread_previous:
        print_words(f"{title}: not told. {rated.unread_previous}")
        return
    result = rated.take("change", EditionChange)
    if isinstance(result, Unavailable):
        tell_absent(title, result, rated.methodology)
        return
    row = find_centre(result.centres, centre)
    if row is None:
        print_words(f"{title}: the centre is in neither edition.")
        return
    flag = f", flagged {row.flagged}" if row.flagged else ""
    print_words(f"{title} (under one method; false discovery rate {result.fdr:.0%}{flag})")
    titles = ["centre", "before", "now", "change", "q", "stars"]
    print_table(titles, [[centre, *write_difference(row)]], keys=1)
    if row.status == "moved":
        print_words(f"It was in another region: {row.region_before}.")
    if row.merged > 1:
        print_words(f"It is made of {row.merged} former centres.")
    if row.reason:
        print_words(f"No test: {say_why(row.reason, '', rated.methodology)}")


def tell_weighted(rated: Rated, centre: str) -> None:
    """Print the index without and with weights of answers."""
    result = rated.take("answer_weights", AnswerWeights)
    if isinstance(result, Unavailable):
        tell_absent("Weighted index", result, rated.methodology)
        return
    row = find_centre(result.scores, centre)
    if row is None or row.difference != row.difference:
        print_words("Weighted index: none, as the centre has no index.")
        return
    print_words("Index without and with weights of answers")
    titles = ["centre", "unweighted (SE)", "weighted (SE)", "difference"]
    print_table(titles, [[centre, *write_weighted(row)]], keys=1)
    whole = find_centre(result.centres[result.centres["segment"] == "all"], centre)
    if whole is not None:
        print_words(
            f"Design effect {whole.deff:.2f}: {whole.n:.0f} respondents tell as much as "
            f"{whole.n_eff:.0f} of equal weight; the largest weight is {whole.largest:.1f} times "
            "the mean."
        )


def tell_adjusted(rated: Rated, centre: str) -> None:
    """Print the index adjusted for the case mix."""
    result = rated.take("case_mix", CaseMix)
    if isinstance(result, Unavailable):
        tell_absent("Adjusted index", result, rated.methodology)
        return
    own = result.centres[result.centres["centre"] == centre]
    if own.empty:
        print_words("Adjusted index: none, as the centre has no index.")
        return
    print_words("Index adjusted for the case mix")
    tell_adjusted_rows(own)
