"""Weigh answers as the methodology says, and tell what that did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import compute_weighted_moments, make_cells
from clientindex.rating.answer_weights.known_margins import group_margins
from clientindex.rating.answer_weights.linearisation import take_residuals
from clientindex.rating.answer_weights.scope_raking import Raking, rake_scopes
from clientindex.rating.answer_weights.scopes import split_scopes
from clientindex.rating.answer_weights.tables import (
    compare_scores,
    tabulate_centres,
    tabulate_left_out,
    tabulate_margins,
    tabulate_scopes,
)
from clientindex.rating.scores import compute_scores
from clientindex.results.answer_weights import AnswerWeights

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import Cells, CentreMoments
    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology
    from clientindex.methodology.answer_weights_settings import AnswerWeightsSettings
    from clientindex.rating.answer_weights.scope_raking import LeftOut
    from clientindex.results import Scores

NO_WEIGHTS = "no_weights"
NO_MARGINS = "no_margins"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedAnswers:
    """Weighted answers.

    Attributes
    ----------
    weight : float64 ndarray of shape (N,)
        Weight of every respondent.
    moments : CentreMoments
        Weighted means with their covariance: scores, errors and stars follow as from unweighted
        ones.
    result : AnswerWeights
    """

    weight: NDArray[np.float64]
    moments: CentreMoments
    result: AnswerWeights


def weigh_answers(
    tables: IntakeTables,
    methodology: Methodology,
    *,
    settings: AnswerWeightsSettings,
    age_bands: Sequence[int] = (),
    visitors: Mapping[str, float] | None = None,
    score: Callable[..., Scores] = compute_scores,
) -> WeightedAnswers:
    """Weigh the answers of all respondents, and compute the moments of centres with them.

    Parameters
    ----------
    tables : IntakeTables
        With ``responses``; the register says the region of every centre.
    methodology : Methodology
    settings : AnswerWeightsSettings
    age_bands : sequence of int
        First years of all age groups but the youngest.
    visitors : mapping of str to float, optional
        Number of visitors by centre, for the finite-population correction of the scores shown.
    score : callable
        Scores from moments, called like :func:`clientindex.rating.compute_scores`.

    Returns
    -------
    WeightedAnswers

    Raises
    ------
    CountsError
        If the survey lacks a trait, or combinations of traits are too many.
    ValueError
        If only totals were delivered.
    """
    responses = tables.responses
    if responses is None:
        msg = "answers can be weighted only where single answers were delivered"
        raise ValueError(msg)
    given = responses.weight if settings.design else None
    base = np.ones(len(responses.codes)) if given is None else given
    traits = settings.traits if settings.margins != "none" else ()
    cells = make_cells(responses, traits, age_bands=age_bands)
    raking = _rake(tables, cells, base, settings=settings)
    moments = compute_weighted_moments(responses, methodology, weight=raking.weight)
    if settings.linearisation == "residual":
        moments = take_residuals(moments, raking, responses, methodology, cells=cells)
    plain = compute_weighted_moments(responses, methodology)
    result = AnswerWeights(
        margins=tabulate_margins(raking.outcomes),
        scopes=tabulate_scopes(raking.outcomes),
        centres=tabulate_centres(responses, raking.weight, methodology),
        scores=compare_scores(
            *(score(found, methodology, visitors=visitors) for found in (plain, moments))
        ),
        left_out=tabulate_left_out([*_find_undelivered(tables, settings), *raking.left_out]),
        design=given is not None,
        level_of_margins=settings.margins,
        traits=settings.traits,
        trim=np.nan if settings.trim is None else settings.trim,
        empty_level=settings.empty_level,
        linearisation=settings.linearisation,
        tolerance=settings.tolerance,
        max_iterations=settings.max_iterations,
    )
    return WeightedAnswers(weight=raking.weight, moments=moments, result=result)


def _rake(
    tables: IntakeTables,
    cells: Cells,
    base: NDArray[np.float64],
    *,
    settings: AnswerWeightsSettings,
) -> Raking:
    """Rake to the margins that were delivered; without any, weights stay as they are."""
    if settings.margins == "none" or tables.margins is None:
        return rake_scopes((), {}, base, settings=settings)
    centre = tables.register["centre"]
    own = centre if settings.margins == "centre" else tables.register["region"]
    scope_of = dict(zip(centre, own, strict=True))
    scopes = split_scopes(cells, base, scope_of=scope_of, traits=settings.traits)
    known = group_margins(tables.margins, settings.traits)
    return rake_scopes(scopes, known, base, settings=settings)


def _find_undelivered(tables: IntakeTables, settings: AnswerWeightsSettings) -> list[LeftOut]:
    """Return what the settings ask for and the tables lack."""
    reasons = []
    if settings.design and (tables.responses is None or tables.responses.weight is None):
        reasons.append(NO_WEIGHTS)
    if settings.margins != "none" and tables.margins is None:
        reasons.append(NO_MARGINS)
    return [("", "", "", "", reason, "") for reason in reasons]
