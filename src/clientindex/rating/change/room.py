"""The current edition against the previous one: centres, stars, and what made the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.rating.change.centres import compare_centres, pair_centres
from clientindex.rating.change.editions import PublishedEdition, rename_centres
from clientindex.rating.change.method import OneMethod, find_one_method
from clientindex.rating.change.parts import (
    NO_CENTRES,
    PartOfChange,
    ScoresOfCentres,
    split_change,
)
from clientindex.rating.change.rescoring import (
    OneMethodScores,
    find_segments,
    score_under,
)
from clientindex.rating.change.stars import cross_stars
from clientindex.rating.change.summary import summarise_change
from clientindex.rating.scores import compute_scores
from clientindex.results import COUNTRY, Unavailable
from clientindex.results.change import FINER_PARTS, PARTS, EditionChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.methodology.change_settings import ChangeSettings
    from clientindex.rating.change.rescoring import Score
    from clientindex.results import Scores

STAGE = "rating"
NO_COMMON_CENTRES = "no_common_centres"
NOT_SEPARATED = "setting_not_separated"
NO_SCORES = "no_scores_in_an_edition"
SAMPLES = "independent"

PART_COLUMNS = ["region", "part", "of", "estimate", "std_error", "ci_low", "ci_high", "n"]

LeftOut = list[tuple[str, str, str, str]]


def _score(moments: CentreMoments, methodology: Methodology, edition: PublishedEdition) -> Scores:
    """Score moments of an edition; restored ones hold the finite-population correction already."""
    register = edition.stars.frame
    return compute_scores(
        moments,
        methodology,
        visitors=None if edition.moments is None else edition.visitors,
        regions=dict(zip(register["centre"], register["region"], strict=True)),
    )


def compare_editions(
    current: PublishedEdition,
    previous: PublishedEdition,
    *,
    settings: ChangeSettings,
    renamed: Mapping[str, str] | None = None,
    score: Score = _score,
) -> EditionChange | Unavailable:
    """Compare an edition with the one before it.

    Parameters
    ----------
    current, previous : PublishedEdition
    settings : ChangeSettings
    renamed : mapping of str to str, optional
        Previous identifier -> current one, of centres that were renamed or merged.
    score : callable, optional
        ``(moments, methodology, edition) -> Scores``, by which an edition is scored under another
        method; :func:`clientindex.rating.compute_scores` unless given.

    Returns
    -------
    EditionChange or Unavailable
        Reason ``no_common_centres`` where no identifier is in both registers (the detail is the
        number of centres before and now): tell the new ones by `renamed`.

    Raises
    ------
    StatisticsError
        If a centre stands twice in an edition, or `renamed` names a centre that is in none.

    Notes
    -----
    Missing data: means are over the centres that have an index in the edition, starred or not.
    Differences need the index by the one method in both. Both samples count as independent; where
    the same visitors answered twice, the errors told are too large rather than too small.

    Reasons in `left_out`: of parts ``one_centre`` (no interval), ``no_comparable_centres``,
    ``no_scores_in_an_edition`` (no total),
    ``no_common_indicators``, ``other_scale`` (points against standard scores); of "stuart_maxwell"
    ``other_stars``, ``stars_never_differ``, ``no_stars_in_both``; of "method"
    ``setting_not_separated`` (a setting that differs but stands behind published indicator scores,
    or behind stars only; the detail names it). Those of centres stand in `centres`.
    """
    told, merged = rename_centres(previous, renamed or {}, current=current.stars.frame)
    paired = pair_centres(told.stars.frame, current.stars.frame, merged=merged)
    if not paired["status"].isin(["both", "moved"]).any():
        sizes = f"{len(previous.stars.frame)}/{len(current.stars.frame)}"
        return Unavailable(stage=STAGE, reason=NO_COMMON_CENTRES, detail=sizes)
    method = find_one_method(previous.methodology, current.methodology)
    before, after = _score_both(told, current, method, paired, score)
    level = current.scores.level
    centres = compare_centres(
        paired,
        before=before,
        after=after,
        minimum_before=previous.stars.minimum_sample,
        level=level,
        fdr=settings.fdr,
    )
    left_out: LeftOut = [(COUNTRY, "method", NOT_SEPARATED, name) for name in method.not_separated]
    split = {
        region: split_change(scores, level=level)
        for region, scores in _list_regions(centres, before=before, after=after).items()
    }
    stars = _list_stars(previous), _list_stars(current)
    return EditionChange(
        centres=centres,
        transitions=cross_stars(centres, stars=stars),
        parts=_tabulate_parts(split, method.reason, left_out),
        indicators=method.indicators,
        summary=summarise_change(
            centres,
            parts=split[COUNTRY],
            renamed=len(renamed or {}),
            same_stars=stars[0] == stars[1],
            level=level,
            left_out=left_out,
        ),
        left_out=pd.DataFrame(
            left_out, columns=["subject", "statistic", "reason", "detail"], dtype="str"
        ),
        previous_id=previous.methodology.id,
        current_id=current.methodology.id,
        fdr=settings.fdr,
        level=level,
        samples=SAMPLES,
        errors_before=before.errors,
        errors_after=after.errors,
    )


def _score_both(
    previous: PublishedEdition,
    current: PublishedEdition,
    method: OneMethod,
    paired: pd.DataFrame,
    score: Score,
) -> tuple[OneMethodScores, OneMethodScores]:
    """Score both editions under one method, in the segments that a centre has in both."""
    own = [find_segments(edition) for edition in (previous, current)]
    both = paired.loc[paired["status"].isin(["both", "moved"]), "centre"]
    segments = own[0].columns.union(own[1].columns)
    first, second = (frame.reindex(index=both, columns=segments, fill_value=False) for frame in own)
    common = first & second
    before = score_under(
        previous, method.methodology, is_own=method.is_previous, common=common, score=score
    )
    after = score_under(
        current, method.methodology, is_own=method.is_current, common=common, score=score
    )
    return before, after


def _list_regions(
    centres: pd.DataFrame, *, before: OneMethodScores, after: OneMethodScores
) -> dict[str, ScoresOfCentres]:
    """Return the scores that each region's means are of; a centre that moved is in two regions."""
    was = centres["region_before"].where(centres["status"] != "new", "")
    now = centres["region"].where(centres["status"] != "gone", "")
    regions = sorted({*was, *now} - {""})
    old, new = (side.frame.reindex(centres["centre"]) for side in (before, after))
    comparable = centres["difference"].notna().to_numpy()

    def take(in_old: pd.Series[bool], in_new: pd.Series[bool]) -> ScoresOfCentres:
        then, later = in_old.to_numpy(bool), in_new.to_numpy(bool)
        pairs = then & later & comparable
        scored = {"published": (then, later), "all_segments": (then, later)}
        scored["common"] = (pairs, pairs)
        values = [
            np.where(inside, side[name].to_numpy(float), np.nan)
            for name, sets in scored.items()
            for side, inside in zip((old, new), sets, strict=True)
        ]
        return ScoresOfCentres(
            published_before=values[0],
            published_after=values[1],
            method_before=values[2],
            method_after=values[3],
            common_before=values[4],
            common_after=values[5],
        )

    parts = {region: take(was == region, now == region) for region in regions}
    return parts | {COUNTRY: take(was != "", now != "")}


def _tabulate_parts(
    split: dict[str, dict[str, PartOfChange]], no_method: str, left_out: LeftOut
) -> pd.DataFrame:
    """Return every part of every region; what is missing gets a row in `left_out`."""
    parents = {"total": "", **dict.fromkeys(PARTS, "total")}
    parents |= {finer: part for part, names in FINER_PARTS.items() for finer in names}
    rows = []
    for region, parts in split.items():
        for name, part in parts.items():
            rows.append(
                {
                    "region": region,
                    "part": name,
                    "of": parents[name],
                    **{column: getattr(part, column) for column in PART_COLUMNS[3:]},
                }
            )
            if part.reason:
                unknown = np.isnan(part.estimate) and name != "total"
                reason = no_method if no_method and unknown else part.reason
                reason = NO_SCORES if name == "total" and part.reason == NO_CENTRES else reason
                left_out.append((region, name, reason, ""))
    return pd.DataFrame(rows, columns=PART_COLUMNS)


def _list_stars(edition: PublishedEdition) -> tuple[float, ...]:
    """Return the stars that the edition could give, or gave, rising."""
    given = edition.stars.frame["star"].dropna().astype(float)
    return tuple(sorted({*edition.methodology.stars.star_values, *given}))
