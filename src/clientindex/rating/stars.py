"""Stars of every centre of the register, each with its probability or the reason it is withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.rating.bands import compute_level_probability, rank_scores
from clientindex.rating.cut_points import find_cut_points
from clientindex.rating.score_table import as_counts
from clientindex.rating.star_facts import (
    find_limits,
    gather_facts,
    list_caps,
    list_ceilings,
)
from clientindex.rating.star_rules import find_levels
from clientindex.rating.whole_index import INDEX_COLUMNS, take_index
from clientindex.results import Scores, Stars

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray

    from clientindex.methodology import Methodology, StarRule

NO_ANSWERS, NO_SCORE, SMALL_SAMPLE = "no_answers", "no_score", "small_sample"
"""Reasons for withholding a star, in the order in which they are looked for; then those of
:mod:`clientindex.rating.star_facts` and :mod:`clientindex.rating.cut_points`."""


def assign_stars(
    scores: Scores,
    methodology: Methodology,
    *,
    register: pd.DataFrame,
    attributes: pd.DataFrame | None = None,
    ceilings: pd.DataFrame | None = None,
) -> Stars:
    """Give every centre of the register its star, or the reason why it has none.

    Parameters
    ----------
    scores : Scores
    methodology : Methodology
        Star rule and minimum sample.
    register : DataFrame
        ``centre``, ``name``, ``region``; one row a centre.
    attributes : DataFrame, optional
        ``centre`` and the attributes of the register that peer groups and caps name.
    ceilings : DataFrame, optional
        ``centre``, ``reason``, ``at_most``: caps on single centres that are decided elsewhere.

    Returns
    -------
    Stars

    Raises
    ------
    StatisticsError
        If a scored centre is not in the register, or an attribute that the rule names is not given.

    Notes
    -----
    A star is withheld, in this order: nobody answered (``no_answers``); the rules for missing
    answers leave no index (``no_score``); fewer respondents than the minimum, or so few answers
    that the standard error is undefined (``small_sample``); the requirements of the rule are not
    met (``small_segment``, ``few_groups``, ``no_required_group``); there is no peer group
    (``no_peer_group``), or none with cut points (see :class:`clientindex.results.Stars`). A
    withheld centre keeps its index and interval but has no star, no stars at the interval's ends,
    no P(star) and no rank. Cut points are found in the scores of the centres that nothing
    withholds, and in no others.

    Bands are half-open and the first and last reach to the ends of the scale. Scores equal to 9
    decimals are ties; ranks and bands are found after that rounding, from nothing coarser.

    Caps come after the cut points, and hold for the stars at the interval's ends and for P(star)
    too: a centre that is capped at c stars has them with the probability of c stars or more.
    """
    rule = methodology.stars
    frame = _join_register(scores, register)
    facts = gather_facts(scores, methodology, frame=frame, attributes=attributes)
    withheld = _find_reasons(frame, rule.minimum_sample)
    withheld = np.where(withheld == "", facts.reason, withheld)
    given = withheld == ""
    estimate = frame["estimate"].to_numpy(float)
    found = find_cut_points(estimate[given], facts.peers[given], rule)
    cuts = np.full((len(frame), rule.n_levels - 1), np.nan)
    cuts[given] = found.cuts
    withheld[given] = found.reason
    given = withheld == ""
    level = find_levels(estimate[given], cuts[given])
    caps = [
        *list_caps(scores, rule, facts=facts, cuts=cuts),
        *list_ceilings(ceilings, rule, facts=facts),
    ]
    limit, reasons = find_limits(caps, rule, level=level, given=given)
    capped = np.minimum(level, limit)
    probability = np.full(len(frame), np.nan)
    probability[given] = compute_level_probability(
        estimate[given],
        frame["std_error"].to_numpy(float)[given],
        levels=capped,
        cuts=cuts[given],
        limits=limit,
        df=frame["df"].to_numpy(float)[given],
    )
    limited = given.copy()
    limited[given] = limit < rule.n_levels
    named = rule.peer_groups is not None
    told: dict[str, Any] = {
        "withheld": withheld.astype(str),
        "star": _place(capped, given, rule),
        "p_star": probability,
        **_place_ends(frame, cuts, limit=limit, given=given, rule=rule),
        "rank": _fill(rank_scores(estimate[given]), given),
        "uncapped": _place(level, given, rule),
        "capped_by": _fill_texts(reasons, given),
        "at_most": _place(limit[limited[given]], limited, rule),
        "peer_group": facts.peers.astype(str) if named else np.full(len(frame), ""),
    }
    return Stars(
        frame=_sort({str(name): frame[name].array for name in frame} | told),
        level=scores.level,
        minimum_sample=rule.minimum_sample,
        cuts=found.table,
        left_out=found.left_out,
    )


def _place_ends(
    frame: pd.DataFrame,
    cuts: NDArray[np.float64],
    *,
    limit: NDArray[np.int64],
    given: NDArray[np.bool_],
    rule: StarRule,
) -> dict[str, ExtensionArray]:
    """Return the stars at both ends of the intervals."""
    ends = {}
    for name, end in (("star_low", "ci_low"), ("star_high", "ci_high")):
        score = frame[end].to_numpy(float)
        known = given & ~np.isnan(score)
        at = np.minimum(find_levels(score[known], cuts[known]), limit[known[given]])
        ends[name] = _place(at, known, rule)
    return ends


def _sort(columns: dict[str, Any]) -> pd.DataFrame:
    """Return rows by rank, then by centre; those without a rank last."""
    rank = columns["rank"].to_numpy(np.float64, na_value=np.inf).tolist()
    places = list(zip(rank, columns["centre"].tolist(), strict=True))
    order = np.array(sorted(range(len(places)), key=places.__getitem__), dtype=np.intp)
    return pd.DataFrame({name: values[order] for name, values in columns.items()})


def check_registered(centres: pd.Series[str] | pd.Index[str], register: pd.DataFrame) -> None:
    """Check that every scored centre is in the register.

    Raises
    ------
    StatisticsError
        Naming the centres that are not.
    """
    unknown = sorted(set(centres.tolist()) - set(register["centre"].tolist()))
    if unknown:
        msg = f"scored centres that the register lacks: {', '.join(unknown)}"
        raise StatisticsError(msg)


def _join_register(scores: Scores, register: pd.DataFrame) -> pd.DataFrame:
    """Return the index of every centre of the register; centres without answers have n = 0."""
    whole = take_index(scores)
    check_registered(whole.index, register)
    place = whole.index.get_indexer(pd.Index(register["centre"]))
    named = {name: register[name].array for name in ("centre", "name", "region")}
    # The place of a centre without answers, -1, is that of what is appended.
    scored = {
        name: np.append(whole[name].to_numpy(np.float64), 0.0 if name == "n" else np.nan)[place]
        for name in INDEX_COLUMNS
    }
    return pd.DataFrame({**named, **scored, "n": as_counts(scored["n"])})


def _find_reasons(frame: pd.DataFrame, minimum_sample: int) -> NDArray[np.object_]:
    enough = (frame["n"] >= minimum_sample) & frame["std_error"].notna()
    if minimum_sample == 0:
        enough = pd.Series(data=True, index=frame.index)
    conditions = [frame["n"] == 0, frame["estimate"].isna(), ~enough]
    found = np.select(conditions, [NO_ANSWERS, NO_SCORE, SMALL_SAMPLE], default="")
    return np.asarray(found, dtype=object)


def _place(levels: NDArray[np.int64], given: NDArray[np.bool_], rule: StarRule) -> ExtensionArray:
    """Return the stars of levels where they are given, whole or half."""
    stars = rule.star_values[levels - 1]
    if not rule.half_stars:
        return _fill(stars.astype(np.int64), given)
    placed = np.zeros(len(given))
    placed[given] = stars
    return pd.arrays.FloatingArray(placed, ~given)


def _fill(values: NDArray[np.int64], given: NDArray[np.bool_]) -> ExtensionArray:
    placed = np.zeros(len(given), dtype=np.int64)
    placed[given] = values
    return pd.arrays.IntegerArray(placed, ~given)


def _fill_texts(texts: list[str], given: NDArray[np.bool_]) -> NDArray[np.str_]:
    placed = np.full(len(given), "", dtype=object)
    placed[given] = texts
    return placed.astype(str)
