"""Indices that a centre might have had: its indicator means redrawn together and scored again.

From counts the joint distribution of a centre's answers is known up to second moments only: pair
tables do not tell how three answers go together. So means are drawn from the normal distribution
with their exact covariance, made as wide as Student's t by the degrees of freedom of that
covariance, cut at the ends of the scale, and put through the methodology's own aggregation. Where
the index is linear in the means and far from the ends, this is the normal route again; elsewhere it
is not. Resampling respondents (:mod:`clientindex.rating.error_check`) is the
check.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from clientindex.compiled import njit
from clientindex.counts import read_seed, split_task
from clientindex.errors import StatisticsError
from clientindex.methodology.model import SCORE_MAX, SCORE_MIN
from clientindex.rating.levels import score_levels
from clientindex.rating.mean_errors import draw_widths, find_roots
from clientindex.rating.score_inputs import ScoreInputs, gather_inputs
from clientindex.rating.score_model import combine_segments, needs_model
from clientindex.rating.score_plan import make_score_plan
from clientindex.rating.scores import correct_finite_population
from clientindex.rating.weighting import (
    find_present,
    make_weight_plan,
    share_inner,
    share_outer,
    share_segments,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating.measures import MeasureScores

    Aggregate = Callable[[NDArray[np.float64]], NDArray[np.float64]]

BLOCK_SIZE = 4_000_000
"""Drawn means held at a time; results depend on it by rounding only."""


SAME = 1e-6
"""Indices that differ by less, relative to their size, are the same but for rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndexDraws:
    """Draws of the index of C centres.

    Attributes
    ----------
    centres : tuple of str of length C
    indices : ndarray of shape (B, C)
        Points.
    found : ndarray of shape (C,)
        The index of the means that draws stand around.
    clipped : float
        Share of drawn indicator means that lay beyond the scale and were set to its end.
    seed : int
        Of the edition.
    """

    centres: tuple[str, ...]
    indices: NDArray[np.float64]
    found: NDArray[np.float64]
    clipped: float
    seed: int

    def follow(self, before: pd.DataFrame, after: pd.DataFrame) -> IndexDraws:
        """Return draws around other indices of the same centres, with other errors.

        Parameters
        ----------
        before, after : DataFrame
            ``estimate``, ``std_error`` by centre: indices that draws stand around, and those that
            they are to stand around.

        Notes
        -----
        ``after + (draw - before) se_after / se_before``: where a checklist has a share of the
        index, it moves the mean and scales the error, and the form stays that of the survey.
        """
        old, new = (
            frame.reindex(list(self.centres))[["estimate", "std_error"]].to_numpy(np.float64)
            for frame in (before, after)
        )
        ratio = np.divide(new[:, 1], old[:, 1], where=old[:, 1] > 0, out=np.ones(len(old)))
        moved = new[:, 0] + (self.indices - old[:, 0]) * ratio
        return replace(self, indices=moved, found=self.found + new[:, 0] - old[:, 0])

    def check(self, starred: pd.DataFrame) -> None:
        """Check that draws stand around the indices of the starred centres, in their order.

        Raises
        ------
        StatisticsError
            If they are of other centres, or of other indices than the stars were given for.
        """
        if tuple(starred["centre"]) != self.centres:
            msg = "draws of indices must be those of the starred centres, in their order"
            raise StatisticsError(msg)
        estimates = starred["estimate"].to_numpy(float)
        off = np.abs(self.found - estimates)
        if (off > SAME * np.maximum(np.abs(estimates), 1.0)).any():
            msg = (
                f"draws stand around other indices than those that have stars, up to {off.max():g} "
                "away: draw with the moments, regions and measures of the scores"
            )
            raise StatisticsError(msg)


def draw_indices(
    moments: CentreMoments,
    methodology: Methodology,
    *,
    centres: Sequence[str],
    draws: int,
    seed: np.random.SeedSequence,
    visitors: Mapping[str, float] | None = None,
    regions: Mapping[str, str] | None = None,
    measures: MeasureScores | None = None,
    aggregate: Aggregate | None = None,
) -> IndexDraws:
    r"""Draw indices of centres around what was found.

    Parameters
    ----------
    moments : CentreMoments
    methodology : Methodology
    centres : sequence of str
        Whose index to draw, with known standard errors: those with a star, in the order of
        ``Stars``.
    draws : int
    seed : numpy.random.SeedSequence
    visitors, regions, measures : optional
        As in :func:`clientindex.rating.compute_scores`.
    aggregate : function, optional
        From indicator scores of shape (b, C, S, K), NaN where a centre has none, to indices of
        shape (b, C), in place of the methodology's own. It is given the centres that are drawn, or
        all where the methodology needs the others (see Notes).

    Raises
    ------
    StatisticsError
        If a centre has neither answers nor measures, or a draw has no index.

    Notes
    -----
    Segments are different people and are drawn apart: :math:`m^*_s = m_s + (f\Sigma_s)^{1/2} z
    \sqrt{\nu / \chi^2_\nu}` with the degrees of freedom :math:`\nu` of the covariance, a
    multivariate t: a few answers leave it uncertain. Measures are drawn with their stated errors,
    the same in each segment. What has no known error (one answer, a measure without one) is not
    drawn: centres with a star have none that counts, but for measures that are taken as they are.
    Which indicators and groups are missing stays.

    Where scores are no weighted sums of a centre's own means, all centres are drawn, because means
    of regions and z scores of groups come from all of them and are found anew in each draw.

    On the scale of points, means are cut at 0 and 100: those within two standard errors of an end
    are drawn inwards, by up to 0.4 standard errors at the end itself. ``clipped`` says how often.
    """
    factor = correct_finite_population(moments, visitors or {})
    inputs = gather_inputs(moments, methodology, measures=measures, factor=factor)
    places = _find_places(inputs, centres)
    if needs_model(methodology, measures):
        own = _make_model(inputs, methodology, regions=regions, measures=measures)
    else:
        inputs, places = inputs.select(places), np.arange(len(places))
        own = _make_linear(inputs.value, methodology)
    with threadpool_limits(limits=1, user_api="blas"):
        found, clipped = _Drawer(
            inputs=inputs,
            places=places,
            bounded=methodology.scoring.scale == "points",
            aggregate=aggregate or own,
            streams=_Streams.of(seed),
        ).run(draws)
    return IndexDraws(
        centres=tuple(centres),
        indices=found[1:],
        found=found[0],
        clipped=clipped,
        seed=read_seed(seed),
    )


def _find_places(inputs: ScoreInputs, centres: Sequence[str]) -> NDArray[np.intp]:
    at = {centre: place for place, centre in enumerate(inputs.centres)}
    absent = [centre for centre in centres if centre not in at]
    if absent:
        msg = f"indices cannot be drawn for centres without answers: {', '.join(absent)}"
        raise StatisticsError(msg)
    return np.array([at[centre] for centre in centres], dtype=np.intp)


def _make_linear(mean: NDArray[np.float64], methodology: Methodology) -> Aggregate:
    """Return the weighted sum with the weights that these centres' indices really have."""
    plan = make_weight_plan(methodology)
    presence = find_present(~np.isnan(mean), plan)
    inner = share_inner(presence, plan, inner=plan.inner)
    index = inner * share_outer(presence, outer=plan.outer)[..., plan.group_of]
    weights = index * share_segments(presence.index, plan)[..., None]
    lost = ~presence.index.any(axis=-1)

    def aggregate(means: NDArray[np.float64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.einsum("bcsk,csk->bc", np.nan_to_num(means), weights)
        found[:, lost] = np.nan
        return found

    return aggregate


def _make_model(
    inputs: ScoreInputs,
    methodology: Methodology,
    *,
    regions: Mapping[str, str] | None,
    measures: MeasureScores | None,
) -> Aggregate:
    """Return the methodology's own way from indicator scores to the index, whatever it is."""
    plan = make_score_plan(methodology, measures=measures, centres=inputs.centres, regions=regions)

    def aggregate(means: NDArray[np.float64]) -> NDArray[np.float64]:
        levels = score_levels(means, plan.rules, inner=plan.inner, outer=plan.outer)
        return combine_segments(levels.index[..., None], plan)[0][..., 0]

    return aggregate


@dataclass(frozen=True, slots=True, kw_only=True)
class _Streams:
    """Random numbers of answers, of their variances and of measures, apart from each other.

    So a draw has the same numbers whatever the size of blocks.
    """

    answers: np.random.Generator
    variances: np.random.Generator
    measures: np.random.Generator

    @classmethod
    def of(cls, seed: np.random.SeedSequence) -> _Streams:
        answers, variances, measures = map(np.random.default_rng, split_task(seed, 3))
        return cls(answers=answers, variances=variances, measures=measures)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Drawer:
    """Draws in blocks, each draw with numbers of its own whatever the size of blocks.

    `places` are those of the centres whose indices are kept.
    """

    inputs: ScoreInputs
    places: NDArray[np.intp]
    bounded: bool
    aggregate: Aggregate
    streams: _Streams

    def run(self, draws: int) -> tuple[NDArray[np.float64], float]:
        """Return indices of shape (1 + B, C), that of the means first, and the share cut."""
        value = self.inputs.value
        found = np.empty((1 + draws, len(self.places)))
        found[0] = self.aggregate(value[None])[0, self.places]
        units, root = self._find_units()
        degrees = self.inputs.degrees[units]
        size = max(BLOCK_SIZE // max(value.size, 1), 1)
        cut = 0
        for start in range(0, draws, size):
            scores = self._draw(min(size, draws - start), units, root, degrees)
            cut += self._cut(scores)
            place = slice(1 + start, 1 + start + len(scores))
            found[place] = self.aggregate(scores)[:, self.places]
        if not np.isfinite(found).all():
            msg = "drawn means leave a centre without an index: draw only centres with a star"
            raise StatisticsError(msg)
        drawn = draws * int(np.isfinite(value).sum())
        return found, cut / drawn if drawn else 0.0

    def _find_units(self) -> tuple[tuple[NDArray[np.intp], ...], NDArray[np.float64]]:
        """Return places (centre, segment) that have answers, with the roots of their covariance."""
        inputs = self.inputs
        answered = ~np.isnan(inputs.value[..., inputs.answers]).all(axis=-1)
        units = np.nonzero(answered & (len(inputs.answers) > 0))
        return units, find_roots(inputs.covariance[units])

    def _draw(
        self,
        size: int,
        units: tuple[NDArray[np.intp], ...],
        root: NDArray[np.float64],
        degrees: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return drawn indicator scores of shape (size, C, S, K)."""
        inputs = self.inputs
        scores = np.broadcast_to(inputs.value, (size, *inputs.value.shape)).copy()
        if len(units[0]):
            standard = self.streams.answers.standard_normal((size, *root.shape[:2]))
            standard *= draw_widths([self.streams.variances] * size, degrees)[..., None]
            errors = np.matmul(standard.transpose(1, 0, 2), root).transpose(1, 0, 2)
            _add_errors(scores, units[0], units[1], inputs.answers, errors)
        if len(inputs.measured):
            standard = self.streams.measures.standard_normal((size, *inputs.variance.shape))
            drawn = standard * np.sqrt(np.nan_to_num(inputs.variance))
            scores[..., inputs.measured] += drawn[:, :, None, :]
        return scores

    def _cut(self, scores: NDArray[np.float64]) -> int:
        """Set what lies beyond the scale to its end, in place; return how many."""
        if not self.bounded:
            return 0
        beyond = int(((scores < SCORE_MIN) | (scores > SCORE_MAX)).sum())
        np.clip(scores, SCORE_MIN, SCORE_MAX, out=scores)
        return beyond


@njit(nogil=True)
def _add_errors(
    scores: NDArray[np.float64],
    centre: NDArray[np.intp],
    segment: NDArray[np.intp],
    answers: NDArray[np.intp],
    errors: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Add errors of shape (draws, units, answers) to the scores of every unit, in place."""
    for draw in range(len(scores)):
        for unit in range(len(centre)):
            own = scores[draw, centre[unit], segment[unit]]
            for place in range(len(answers)):
                own[answers[place]] += errors[draw, unit, place]
