"""``clientindex rating --centre``: everything that is known of one centre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_case_mix import tell_adjusted
from clientindex.cli.rating_centre_parts import tell_score_parts
from clientindex.cli.rating_centre_ranks import tell_centre_ranks
from clientindex.cli.rating_change import write_difference
from clientindex.cli.rating_names import (
    METHOD_OF,
    ROUTES,
    name_route,
    read_flag,
    say_withheld,
    write_between,
    write_chance,
    write_distance,
    write_number,
    write_star,
)
from clientindex.cli.rating_reasons import say_why, tell_absent
from clientindex.cli.rating_unusual import TITLES as FUNNEL_TITLES
from clientindex.cli.rating_unusual import write_funnel
from clientindex.cli.rating_weights import write_weighted
from clientindex.results import (
    INDEX,
    AnswerWeights,
    CaseMix,
    EditionChange,
    RegionalProfile,
    ShrunkenScores,
    StarDoubt,
    Unavailable,
)

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.rating_study import Rated

LIMITS = (
    "Shows what the answers say of this centre. Cannot show why; numbers of one centre are as sure "
    "as their intervals are narrow."
)


def tell_centre(rated: Rated, centre: str) -> bool:
    """Print the sheet of one centre; return whether it has an index."""
    row = _find(rated.stars.frame, centre)
    print_words(f"{row.centre}, {row.name}, {row.region}")
    _tell_index(row, rated)
    for tell in (
        _tell_star,
        tell_centre_ranks,
        tell_score_parts,
        _tell_shrunken,
        _tell_funnel,
        _tell_change,
        _tell_weighted,
        _tell_adjusted,
    ):
        print_words("")
        tell(rated, centre)
    print_words(LIMITS)
    return bool(row.estimate == row.estimate)


def _find(frame: pd.DataFrame, centre: str) -> Any:
    """Return the row of a centre, or None."""
    return next(list_rows(frame[frame["centre"] == centre]), None)


def _tell_index(row: Any, rated: Rated) -> None:
    level, minimum = rated.stars.level, rated.stars.minimum_sample
    error = write_number(row.std_error, "z.2f")
    print_words(
        f"Index {write_between(row.estimate, row.ci_low, row.ci_high, 'z.2f')} ({level:.0%} "
        f"interval, standard error {error}), n = {row.n:.0f}"
    )
    if row.withheld:
        print_words(
            f"No star: {say_withheld(row.withheld)} (the methodology asks for {minimum} "
            "respondents)."
        )
        return
    ends = f"{write_star(row.star_low)} to {write_star(row.star_high)}"
    cap = f"; capped by {row.capped_by}, without caps {write_star(row.uncapped)}" * bool(
        row.capped_by
    )
    print_words(f"Star {write_star(row.star)}; at the ends of the interval {ends}{cap}")


def _tell_star(rated: Rated, centre: str) -> None:
    """Print the probability of every star by every route, and how far the next cuts are."""
    result = rated.take("star_doubt", StarDoubt)
    if isinstance(result, Unavailable):
        tell_absent("Probability of stars", result, rated.methodology)
        return
    row = _find(result.centres, centre)
    own = result.probabilities[result.probabilities["centre"] == centre]
    if row is None or own.empty:
        print_words("Probability of stars: none, as the star is withheld.")
        return
    print_words("Probability that the true star is")
    titles = ["route", *(write_star(star) for star in own["star"])]
    rows = [
        [
            f"{name_route(route)}{'*' if route == result.leading else ''}",
            *(write_chance(p) for p in own[route]),
        ]
        for route in ROUTES
    ]
    print_table(titles, rows, keys=1)
    certain = "certain" if read_flag(row.certain) else "not certain"
    small = (
        f" n is below {result.small_sample}: hardly to be trusted."
        if read_flag(row.small_n)
        else ""
    )
    print_words(
        f"*: leading. The star is {certain} at {result.level:.0%}; at most one star off: "
        f"{write_chance(row.p_within_one)}. To the next cut points: up "
        f"{write_distance(row.points_up, row.errors_up)}, down "
        f"{write_distance(row.points_down, row.errors_down)}.{small}"
    )


def _tell_shrunken(rated: Rated, centre: str) -> None:
    """Print the index drawn to the mean and to the regression."""
    result = rated.take("shrinkage", ShrunkenScores)
    if isinstance(result, Unavailable):
        tell_absent("Shrunken index", result, rated.methodology)
        return
    frame = result.centres[result.centres["subject"] == INDEX]
    row = _find(frame, centre)
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


def _tell_funnel(rated: Rated, centre: str) -> None:
    result = rated.take("regional", RegionalProfile)
    row = None if isinstance(result, Unavailable) else _find(result.centres, centre)
    if isinstance(result, Unavailable) or row is None:
        print_words("Funnel of centres: the centre is not in it, as it has no star or no error.")
        return
    print_words(f"Place in the funnel of centres (false discovery rate {result.fdr:.0%})")
    print_table(["centre", *FUNNEL_TITLES], [[centre, *write_funnel(row)]], keys=1)


def _tell_change(rated: Rated, centre: str) -> None:
    title = "Change from the previous edition"
    if rated.unread_previous:
        print_words(f"{title}: not told. {rated.unread_previous}")
        return
    result = rated.take("change", EditionChange)
    if isinstance(result, Unavailable):
        tell_absent(title, result, rated.methodology)
        return
    row = _find(result.centres, centre)
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


def _tell_weighted(rated: Rated, centre: str) -> None:
    result = rated.take("answer_weights", AnswerWeights)
    if isinstance(result, Unavailable):
        tell_absent("Weighted index", result, rated.methodology)
        return
    row = _find(result.scores, centre)
    if row is None or row.difference != row.difference:
        print_words("Weighted index: none, as the centre has no index.")
        return
    print_words("Index without and with weights of answers")
    titles = ["centre", "unweighted (SE)", "weighted (SE)", "difference"]
    print_table(titles, [[centre, *write_weighted(row)]], keys=1)
    whole = _find(result.centres[result.centres["segment"] == "all"], centre)
    if whole is not None:
        print_words(
            f"Design effect {whole.deff:.2f}: {whole.n:.0f} respondents tell as much as "
            f"{whole.n_eff:.0f} of equal weight; the largest weight is {whole.largest:.1f} times "
            "the mean."
        )


def _tell_adjusted(rated: Rated, centre: str) -> None:
    result = rated.take("case_mix", CaseMix)
    if isinstance(result, Unavailable):
        tell_absent("Adjusted index", result, rated.methodology)
        return
    own = result.centres[result.centres["centre"] == centre]
    if own.empty:
        print_words("Adjusted index: none, as the centre has no index.")
        return
    print_words("Index adjusted for the case mix")
    tell_adjusted(own)
