r"""Published indicator scores of an edition put together again by another method."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import CentreMoments
from clientindex.rating.weighting import (
    find_present,
    make_weight_plan,
    share_inner,
    share_outer,
)
from clientindex.rating.whole_index import take_index
from clientindex.results import ALL_SEGMENTS, INDEX, Scores

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.rating.change.editions import PublishedEdition

    Score = Callable[[CentreMoments, Methodology, PublishedEdition], Scores]

PUBLISHED, EXACT, MATCHED = "published", "exact", "matched"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneMethodScores:
    """Index of one edition under one method.

    Attributes
    ----------
    frame : DataFrame
        By centre: ``published``, ``all_segments`` and ``common`` (index as published; under the
        method; and in the common segments only), ``std_error`` and its ``df`` (of ``common``).
    errors : {"published", "exact", "matched"}
    """

    frame: pd.DataFrame
    errors: str


def find_segments(edition: PublishedEdition) -> pd.DataFrame:
    """Return which segments of the edition have an indicator score, by centre (rows)."""
    frame = edition.scores.frame
    rows = frame[(frame["kind"] == "indicator") & (frame["segment"] != ALL_SEGMENTS)]
    rows = rows.dropna(subset="estimate")
    return pd.crosstab(rows["centre"], rows["segment"]) > 0


def score_under(
    edition: PublishedEdition,
    method: Methodology | None,
    *,
    is_own: bool,
    common: pd.DataFrame,
    score: Score,
) -> OneMethodScores:
    """Score an edition under a method, in all segments and in the common ones.

    Parameters
    ----------
    edition : PublishedEdition
    method : Methodology or None
        With indicators that the edition has; None leaves everything but ``published`` missing.
    is_own : bool
        Whether the method scores as the edition did: then published indices stand.
    common : bool DataFrame
        Centres (rows) by segments (columns) that count; centres that are not in it have all theirs.
    score : callable
        ``(moments, methodology, edition) -> Scores``.

    Notes
    -----
    The published index is taken wherever nothing would change, so that one method for both
    editions leaves nothing to differ by rounding or by what indicator scores do not tell.
    Measures are of a centre, not of a segment: with them a centre that lacks a segment in one
    edition cannot be scored without it, and is left missing.
    """
    published = _take_known(edition.scores)
    frame = pd.DataFrame({"published": published["estimate"]})
    if method is None:
        return OneMethodScores(
            frame=frame.assign(all_segments=np.nan, common=np.nan, std_error=np.nan, df=np.nan),
            errors=PUBLISHED,
        )
    cut = _find_cut(find_segments(edition), common, method).reindex(frame.index, fill_value=False)
    if is_own and not cut.any():
        return OneMethodScores(frame=_tell(frame, published), errors=PUBLISHED)
    if method.measure_keys:
        return OneMethodScores(frame=_tell(frame, published.where(~cut)), errors=PUBLISHED)
    moments, errors = _make_moments(edition, method)
    whole = published if is_own else _rescore(moments, method, edition, score)
    part = _rescore(_cut_segments(moments, common), method, edition, score)
    whole, part = whole.reindex(frame.index), part.reindex(frame.index)
    told = _tell(frame, part.where(cut, whole))
    return OneMethodScores(frame=told.assign(all_segments=whole["estimate"]), errors=errors)


def _tell(frame: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of ``OneMethodScores`` where all segments are common ones."""
    estimate = scored["estimate"]
    told = {name: scored[name] for name in ("std_error", "df")}
    return frame.assign(all_segments=estimate, common=estimate, **told)


def _take_known(scores: Scores) -> pd.DataFrame:
    """Return the index of the centres that have one."""
    return take_index(scores).dropna(subset="estimate")[["estimate", "std_error", "df"]]


def _find_cut(own: pd.DataFrame, common: pd.DataFrame, method: Methodology) -> pd.Series[bool]:
    """Return by centre whether a segment of its own that the method uses is not common."""
    segments = list(method.segment_keys)
    used = own.reindex(columns=segments, fill_value=False)
    counted = common.reindex(index=used.index, columns=segments).astype("boolean").fillna(True)
    return (used & ~counted.astype(bool)).any(axis=1)


def _rescore(
    moments: CentreMoments, method: Methodology, edition: PublishedEdition, score: Score
) -> pd.DataFrame:
    return _take_known(score(moments, method, edition))


def _cut_segments(moments: CentreMoments, common: pd.DataFrame) -> CentreMoments:
    """Remove the segments that are not common."""
    counted = common.reindex(index=list(moments.centres), columns=list(moments.segments))
    gone = ~counted.astype("boolean").fillna(True).to_numpy(bool)
    return replace(
        moments,
        mean=np.where(gone[..., None], np.nan, moments.mean),
        n=np.where(gone[..., None], 0.0, moments.n),
        cov_mean=np.where(gone[..., None, None], np.nan, moments.cov_mean),
        n_respondents=np.where(gone, 0.0, moments.n_respondents),
        df=np.where(gone, np.inf, moments.degrees),
    )


def _make_moments(edition: PublishedEdition, method: Methodology) -> tuple[CentreMoments, str]:
    """Return the moments of the method's indicators and segments, and where they are from."""
    if edition.moments is not None:
        return select_moments(edition.moments, method), EXACT
    own = edition.methodology.of_answers or edition.methodology
    return select_moments(restore_moments(edition.scores, own), method), MATCHED


def select_moments(moments: CentreMoments, method: Methodology) -> CentreMoments:
    """Take the method's segments and indicators in its order; missing segments have no answers."""
    columns = [moments.indicators.index(key) for key in method.indicator_keys]
    mean, n = moments.mean[..., columns], moments.n[..., columns]
    cov = moments.cov_mean[..., columns, :][..., columns]
    shape = (len(moments.centres), len(method.segment_keys), len(columns))
    placed = (
        np.full(shape, np.nan),
        np.zeros(shape),
        np.full((*shape, shape[-1]), np.nan),
        np.zeros(shape[:2]),
        np.full(shape[:2], np.inf),
    )
    for place, segment in enumerate(method.segment_keys):
        if segment in moments.segments:
            at = moments.segments.index(segment)
            sources = (mean, n, cov, moments.n_respondents, moments.degrees)
            for into, source in zip(placed, sources, strict=True):
                into[:, place] = source[:, at]
    return replace(
        moments,
        segments=method.segment_keys,
        indicators=method.indicator_keys,
        mean=placed[0],
        n=placed[1],
        cov_mean=placed[2],
        n_respondents=placed[3],
        df=placed[4],
    )


def restore_moments(scores: Scores, methodology: Methodology) -> CentreMoments:
    r"""Restore moments from published scores, with a covariance that fits the published index.

    Parameters
    ----------
    scores : Scores
    methodology : Methodology
        By which they were made.

    Returns
    -------
    CentreMoments
        With errors that hold the finite-population correction already.

    Notes
    -----
    Published scores have the error :math:`s_k` of every indicator but no covariances. With one
    correlation for all pairs of a centre and segment, the index has the variance
    :math:`(1 - \rho) \sum w^2 s^2 + \rho (\sum w s)^2`; it is solved for :math:`\rho` with the
    weights and the error as published. So errors of the same weights come out as published, and
    those of other weights nearly. :math:`\rho` stays between -1 / (K - 1) and 1, and is 1, the
    widest, where the published error is missing or one indicator counts alone.
    """
    keys, segments = methodology.indicator_keys, methodology.segment_keys
    frame = scores.frame[scores.frame["segment"] != ALL_SEGMENTS]
    centres = tuple(sorted(scores.frame["centre"].unique()))
    indicators = frame[frame["kind"] == "indicator"]
    mean, error, n = (
        _pivot(indicators, name, centres, segments, keys) for name in ("estimate", "std_error", "n")
    )
    index = frame[frame["kind"] == INDEX]
    total, answered = (_pivot(index, name, centres, segments, (INDEX,))[..., 0] for name in _TOTALS)
    plan = make_weight_plan(methodology)
    presence = find_present(~np.isnan(mean), plan)
    weights = share_inner(presence, plan, inner=plan.inner)
    weights = weights * share_outer(presence, outer=plan.outer)[..., plan.group_of]
    rho = match_correlation(weights, error, total)
    correlation = np.where(np.eye(len(keys), dtype=bool), 1.0, rho[..., None, None])
    return CentreMoments(
        centres=centres,
        segments=segments,
        indicators=keys,
        mean=mean,
        n=np.where(np.isnan(mean), 0.0, n),
        cov_mean=correlation * error[..., :, None] * error[..., None, :],
        n_respondents=np.nan_to_num(answered),
        std_error_method="bound",
    )


_TOTALS = ("std_error", "n")


def match_correlation(
    weights: NDArray[np.float64], error: NDArray[np.float64], total: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Solve for the correlation at which a weighted sum has a given error.

    Parameters
    ----------
    weights, error : ndarray of shape (..., K)
        Errors may be missing where the weight is 0.
    total : ndarray of shape (...,)
        Error of the sum.

    Returns
    -------
    ndarray of shape (...,)
        1 where it is not defined.
    """
    part = np.where(weights > 0, weights * error, 0.0)
    own, most = (part**2).sum(axis=-1), part.sum(axis=-1) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        rho = (total**2 - own) / (most - own)
    lowest = -1 / np.maximum((weights > 0).sum(axis=-1) - 1, 1)
    usable = np.isfinite(rho) & (most - own > 1e-9 * most)
    return np.where(usable, np.clip(np.where(usable, rho, 1.0), lowest, 1.0), 1.0)


def _pivot(
    rows: pd.DataFrame,
    name: str,
    centres: tuple[str, ...],
    segments: tuple[str, ...],
    keys: tuple[str, ...],
) -> NDArray[np.float64]:
    """Place a column of scores into centres by segments by keys; rows of others are dropped."""
    places = [
        pd.Index(labels).get_indexer(pd.Index(rows[column]))
        for labels, column in ((centres, "centre"), (segments, "segment"), (keys, "key"))
    ]
    kept = np.min(places, axis=0) >= 0
    placed = np.full((len(centres), len(segments), len(keys)), np.nan)
    placed[tuple(place[kept] for place in places)] = rows[name].to_numpy(float)[kept]
    return placed
