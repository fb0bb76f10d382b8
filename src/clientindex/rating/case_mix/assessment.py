"""Adjust scores of centres for the traits of their clients, set by set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clientindex.counts import compute_weighted_moments
from clientindex.rating.case_mix.adjustment import adjust_moments
from clientindex.rating.case_mix.comparison import compare_indices
from clientindex.rating.case_mix.tables import stack_sets, tabulate_set
from clientindex.rating.scores import compute_scores
from clientindex.rating.whole_index import take_index
from clientindex.results.case_mix import CaseMix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.methodology.case_mix_settings import CaseMixSettings
    from clientindex.rating.case_mix.comparison import AssignStars
    from clientindex.rating.case_mix.survey import Survey
    from clientindex.results import Scores


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdjustedAnswers:
    """Adjusted scores.

    Attributes
    ----------
    moments : mapping of str to CentreMoments
        By set of traits: adjusted means with their covariance, the regression's error in it;
        scores, errors and stars follow as from unadjusted ones. Means can leave 0-100 slightly.
    result : CaseMix
    """

    moments: Mapping[str, CentreMoments]
    result: CaseMix


def adjust_case_mix(
    survey: Survey,
    methodology: Methodology,
    *,
    settings: CaseMixSettings,
    assign: AssignStars,
    score: Callable[..., Scores] = compute_scores,
    propagate: Callable[..., Scores] = compute_scores,
) -> AdjustedAnswers:
    """Adjust the scores of centres for traits of their clients, as patient-mix adjustment does.

    In every segment the points of every indicator are regressed on indicators of the levels of the
    traits and a constant of every centre, over all who answered it. With the coefficients ``b``,
    the mean mix ``x_c`` of the centre and ``x`` of all, ``adjusted = mean - (x_c - x) b``: what the
    centre's mean would be with everybody's mix. Since ``b`` compares clients of the same centre,
    good centres that serve special clients do not enter it.

    The covariance is that of the answers less ``(z - x) b`` within the centre, plus
    ``(x_c - x)' V (x_c - x)`` of the coefficients; the two are uncorrelated under the model. The
    error of ``x``, the same for all centres, is left out. Missing answers: every indicator uses
    those who answered it, also for the mix. Unknown traits are a level of their own.

    Parameters
    ----------
    survey : Survey
    methodology : Methodology
    settings : CaseMixSettings
    assign : callable
        From scores to stars by centre, missing where the rule withholds one.
    score : callable
        Scores from moments, called like :func:`clientindex.rating.compute_scores`.
    propagate : callable
        The same, but with errors of nothing except these moments: what stands beside the answers
        in an index is the same before and after, and does not make their difference uncertain.

    Returns
    -------
    AdjustedAnswers

    Raises
    ------
    CountsError
        If the survey lacks a trait, or combinations of traits are too many.

    References
    ----------
    O'Malley A. J. et al. Case-mix adjustment of the CAHPS Hospital Survey. Health Services
    Research, 2005, 40(6), 2162-2181. doi:10.1111/j.1475-6773.2005.00470.x
    """
    weight = survey.weight if settings.weighted else None
    survey = replace(survey, weight=weight)
    plain = compute_weighted_moments(survey.responses, methodology, weight=weight)
    unadjusted = score(plain, methodology, visitors=survey.visitors)
    before, stars = take_index(unadjusted), assign(unadjusted)
    moments, tables = {}, []
    for name, traits in settings.sets.items():
        adjusted = adjust_moments(
            survey, methodology, traits=traits, minimum=settings.minimum_respondents
        )
        scores = score(adjusted.moments, methodology, visitors=survey.visitors)
        centres = compare_indices(
            before,
            take_index(scores),
            take_index(propagate(adjusted.regression, methodology))["std_error"],
            stars=(stars, assign(scores)),
        )
        moments[name] = adjusted.moments
        tables.append(
            tabulate_set(name, adjusted.segments, centres, traits=traits, methodology=methodology)
        )
    return AdjustedAnswers(
        moments=moments,
        result=CaseMix(
            **stack_sets(tables),
            level=methodology.intervals.level,
            minimum_respondents=settings.minimum_respondents,
            weighted=weight is not None,
            published=settings.published or "",
        ),
    )
