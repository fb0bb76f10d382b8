"""Exact standard errors of the index beside those of resampled respondents.

The exact error is the linearised one from pair counts. Which answers a respondent gave together is
known in pairs only there, so the check resamples the respondents themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.compiled import njit
from clientindex.counts import point_values, read_seed
from clientindex.methodology.doubt_settings import DoubtSettings
from clientindex.rating.scores import correct_finite_population
from clientindex.rating.weighting import (
    find_present,
    make_weight_plan,
    share_inner,
    share_outer,
    share_segments,
)
from clientindex.results import Stars, Unavailable
from clientindex.results.error_check import ErrorCheck
from clientindex.threads import get_threads, map_in_threads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.intake.tables import Responses
    from clientindex.methodology import Methodology

STAGE = "rating"
NO_STARS, TOTALS_ONLY, SWITCHED_OFF = "no_stars", "totals_only", "switched_off"
OTHER_SCORING, ANSWERS_COUNTED = "other_scoring", "answers_counted"
SAME = 1e-6
"""Points by which an index may differ by rounding."""

FEWEST_REPLICATES = 2
MOST_AT_ONCE = 16
BLOCK_DRAWS = 8_000_000
"""Random numbers of the replicates that are drawn at once at most: 64 MB."""

TENTHS = (0.1, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """Respondents of the starred centres sorted by cell (centre and segment).

    `starts` and `sizes` are those of the cells, `cells` their places (centre, segment).
    """

    codes: NDArray[np.uint8]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    cells: tuple[NDArray[np.intp], NDArray[np.intp]]


def check_errors_by_resampling(
    stars: Stars,
    responses: Responses | None,
    methodology: Methodology,
    *,
    moments: CentreMoments,
    seed: np.random.SeedSequence,
    visitors: Mapping[str, float] | None = None,
    settings: DoubtSettings | None = None,
) -> ErrorCheck | Unavailable:
    """Compare the exact standard error of every starred centre with resampled respondents.

    Parameters
    ----------
    stars : Stars
    responses : Responses or None
        None where only totals were delivered, or answers were counted and given up.
    methodology : Methodology
    moments : CentreMoments
        Of the same responses: segments and respondents.
    seed : numpy.random.SeedSequence
    visitors : mapping of str to float, optional
        As in :func:`clientindex.rating.compute_scores`.
    settings : DoubtSettings, optional
        By default the standard ones.

    Returns
    -------
    ErrorCheck or Unavailable
        Reasons: ``no_stars``, ``totals_only``, ``answers_counted`` (exact errors, though no answers
        are kept), ``switched_off`` (no replicates asked for),
        ``other_scoring`` (the index is no weighted sum of plain means of these answers: answers or
        periods have weights, measures enter, or another mean is used).

    Notes
    -----
    Of the n respondents of a centre and segment n - 1 are drawn with replacement, which makes the
    variance of a mean :math:`S^2 / n` without bias (Rao and Wu). The index is computed anew in each
    replicate, rules for missing answers included; replicates that leave none are counted as
    ``lost`` and left out. Answers count once each: weights of answers are not in this check.

    References
    ----------
    Rao J. N. K., Wu C. F. J. Resampling inference with complex survey data. Journal of the American
    Statistical Association, 1988, 83(401), 231-241. doi:10.1080/01621459.1988.10478591
    """
    settings = settings or DoubtSettings()
    starred = stars.frame[stars.frame["withheld"] == ""]
    if responses is None or not settings.error_replicates or starred.empty:
        reason = SWITCHED_OFF
        if responses is None:
            counted = moments.std_error_method == "exact"
            reason = ANSWERS_COUNTED if counted else TOTALS_ONLY
        return Unavailable(
            stage=STAGE, reason=NO_STARS if settings.error_replicates and starred.empty else reason
        )
    rows = _sort_rows(responses, starred["centre"], methodology)
    whole = _score(rows, len(starred), methodology, _draw_all(rows, methodology))
    if not np.allclose(whole, starred["estimate"].to_numpy(float), rtol=0, atol=SAME):
        return Unavailable(stage=STAGE, reason=OTHER_SCORING)
    replicates = _resample(
        rows,
        len(starred),
        methodology,
        replicates=settings.error_replicates,
        rng=np.random.default_rng(seed),
    )
    places = pd.Index(moments.centres).get_indexer(pd.Index(starred["centre"]))
    factor = correct_finite_population(moments, visitors or {})[places]
    centres = _compare(starred, replicates, factor, settings.small_sample)
    return ErrorCheck(
        centres=centres,
        summary=_summarise(centres),
        replicates=settings.error_replicates,
        small_sample=settings.small_sample,
        seed=read_seed(seed),
    )


def _sort_rows(responses: Responses, centres: pd.Series[str], methodology: Methodology) -> _Rows:
    segments = methodology.segment_keys
    centre = pd.Index(centres).get_indexer(pd.Index(responses.units["centre"]))
    segment = pd.Index(segments).get_indexer(pd.Index(responses.units["segment"]))
    cell = np.where((centre >= 0) & (segment >= 0), centre * len(segments) + segment, -1)
    of_row = cell[responses.unit_of]
    order = np.argsort(of_row, kind="stable")
    order = order[of_row[order] >= 0]
    found, starts, sizes = np.unique(of_row[order], return_index=True, return_counts=True)
    return _Rows(
        codes=np.ascontiguousarray(responses.codes[order]),
        starts=starts.astype(np.int64),
        sizes=sizes.astype(np.int64),
        cells=(found // len(segments), found % len(segments)),
    )


def _resample(
    rows: _Rows,
    n_centres: int,
    methodology: Methodology,
    *,
    replicates: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return indices of shape (R, C), NaN where a replicate leaves none."""
    values = point_values(methodology)
    found = np.empty((replicates, n_centres))
    drawn = int((rows.sizes - 1).sum())
    block = max(1, min(MOST_AT_ONCE, BLOCK_DRAWS // max(drawn, 1)))
    for start in range(0, replicates, block):
        size = min(block, replicates - start)
        for at, means in enumerate(_draw_block(rows, values, rng.random((size, drawn)))):
            found[start + at] = _score(rows, n_centres, methodology, means)
    return found


def _draw_block(
    rows: _Rows, values: NDArray[np.float64], uniform: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return means of every cell in some replicates, shape (B, cells, K)."""
    means = np.full((len(uniform), len(rows.sizes), rows.codes.shape[1]), np.nan)
    offsets = np.cumsum(rows.sizes - 1) - (rows.sizes - 1)
    parts = np.array_split(np.arange(len(rows.sizes)), get_threads())

    def work(cells: NDArray[np.intp]) -> None:
        _draw_means(rows.codes, rows.starts, rows.sizes, offsets, cells, values, uniform, means)

    map_in_threads(work, parts)
    return means


def _draw_all(rows: _Rows, methodology: Methodology) -> NDArray[np.float64]:
    """Return means over all respondents of each cell."""
    values = point_values(methodology)
    points = values[np.arange(rows.codes.shape[1]), rows.codes]
    total = np.add.reduceat(points, rows.starts, axis=0)
    answers = np.add.reduceat((rows.codes > 0).astype(np.float64), rows.starts, axis=0)
    means: NDArray[np.float64] = np.full(total.shape, np.nan)
    np.divide(total, answers, where=answers > 0, out=means)
    return means


def _score(
    rows: _Rows, n_centres: int, methodology: Methodology, of_cells: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the index of every centre from the means of cells, NaN where there is none."""
    plan = make_weight_plan(methodology)
    means = np.full((n_centres, len(plan.segment), of_cells.shape[1]), np.nan)
    means[rows.cells] = of_cells
    presence = find_present(~np.isnan(means), plan)
    inner = share_inner(presence, plan, inner=plan.inner)
    index = inner * share_outer(presence, outer=plan.outer)[..., plan.group_of]
    weights = index * share_segments(presence.index, plan)[..., None]
    scores: NDArray[np.float64] = (weights * np.nan_to_num(means)).sum(axis=(1, 2))
    return np.asarray(np.where(presence.index.any(axis=1), scores, np.nan))


@njit(nogil=True)
def _draw_means(
    codes: NDArray[np.uint8],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    offsets: NDArray[np.int64],
    cells: NDArray[np.intp],
    values: NDArray[np.float64],
    uniform: NDArray[np.float64],
    means: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Write means over size - 1 respondents drawn from each cell; what has no answer stays.

    Points of a cell's respondents are looked up once for all replicates, so that a draw adds whole
    rows: points, then 1 for every answer.
    """
    n_items = codes.shape[1]
    for cell in cells:
        size = sizes[cell]
        rows = np.zeros((size, 2 * n_items))
        for row in range(size):
            for item in range(n_items):
                code = codes[starts[cell] + row, item]
                if code > 0:
                    rows[row, item] = values[item, code]
                    rows[row, n_items + item] = 1.0
        total = np.empty(2 * n_items)
        for replicate in range(uniform.shape[0]):
            total[:] = 0.0
            for at in range(offsets[cell], offsets[cell] + size - 1):
                drawn = rows[min(int(uniform[replicate, at] * size), size - 1)]
                for column in range(2 * n_items):
                    total[column] += drawn[column]
            for item in range(n_items):
                if total[n_items + item] > 0:
                    means[replicate, cell, item] = total[item] / total[n_items + item]


def _compare(
    starred: pd.DataFrame,
    replicates: NDArray[np.float64],
    factor: NDArray[np.float64],
    small_sample: int,
) -> pd.DataFrame:
    known = np.isfinite(replicates).sum(axis=0)
    resampled = np.full(len(starred), np.nan)
    enough = known >= FEWEST_REPLICATES
    resampled[enough] = np.nanstd(replicates[:, enough], axis=0, ddof=1)
    resampled *= np.sqrt(factor)
    exact = starred["std_error"].to_numpy(float)
    noise = 1 / np.sqrt(2 * np.maximum(known - 1, 1))
    ratio = np.divide(resampled, exact, where=exact > 0, out=np.full(len(exact), np.nan))
    return pd.DataFrame(
        {
            "centre": starred["centre"].to_numpy(),
            "region": starred["region"].to_numpy(),
            "n": starred["n"].to_numpy(),
            "small_n": starred["n"].to_numpy(float) < small_sample,
            "exact": exact,
            "resampled": resampled,
            "mc_error": resampled * noise,
            "ratio": ratio,
            "lost": len(replicates) - known,
        }
    )


def _summarise(centres: pd.DataFrame) -> pd.DataFrame:
    small = centres["small_n"]
    kinds = {"all": centres, "small_n": centres[small], "others": centres[~small]}
    rows = [_summarise_kind(name, frame) for name, frame in kinds.items() if len(frame)]
    return pd.DataFrame(rows)


def _summarise_kind(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    ratio = frame["ratio"].dropna().to_numpy(float)
    low, high = np.quantile(ratio, TENTHS) if len(ratio) else (np.nan, np.nan)
    gap = (frame["resampled"] - frame["exact"]).abs()
    noise = (frame["mc_error"] / frame["resampled"]).dropna()
    return {
        "centres": name,
        "n": len(frame),
        "median_ratio": float(np.median(ratio)) if len(ratio) else np.nan,
        "low_ratio": float(low),
        "high_ratio": float(high),
        "noise": float(noise.median()) if len(noise) else np.nan,
        "largest_gap": float(gap.max()),
    }
