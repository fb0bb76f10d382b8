"""The stage of scores and stars: from indicator means to stars, each with its doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import split_task
from clientindex.pipeline.agreement_stage import run_agreement
from clientindex.pipeline.checklist_scores import tabulate_checklists
from clientindex.pipeline.methodology_effects import assess_methodology
from clientindex.pipeline.pairing import pair_sources
from clientindex.pipeline.reasons import NO_SURVEY
from clientindex.rating import (
    assign_stars,
    compute_scores,
    split_scores,
    summarise_groups,
    summarise_regions,
)
from clientindex.rating.blend import blend_checklists, take_composites
from clientindex.rating.change import PublishedEdition, compare_editions
from clientindex.rating.error_check import check_errors_by_resampling
from clientindex.rating.index_draws import draw_indices
from clientindex.rating.ranks.room import assess_ranks
from clientindex.rating.regional import profile_regions
from clientindex.rating.shrinkage.room import assess_shrinkage
from clientindex.rating.star_doubt.room import assess_star_doubt
from clientindex.rating.star_doubt.stated import restate_rule
from clientindex.rating.whole_index import take_index
from clientindex.results import AuditDecisions, Result, Scores, Stars, Unavailable

if TYPE_CHECKING:
    from clientindex.pipeline.material import Material
    from clientindex.rating.index_draws import IndexDraws
    from clientindex.results import Bundle
    from clientindex.results.error_check import ErrorCheck

STAGE = "rating"

CHECKLIST_GAP = "checklist_gap"
"""Reason of a star that the decision rule keeps at that of the survey alone."""

NO_STARS, UNKNOWN_ERROR = "no_stars", "unknown_error"
NO_PREVIOUS = "no_previous_edition"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rated:
    """Published scores and stars, with the scores of the survey behind them."""

    survey: Scores
    scores: Scores
    stars: Stars


def run_rating(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    """Score, give stars, and say how sure all of it is.

    Returns
    -------
    dict
        Results by name; those of the agreement too where the decision rule has a say in the index.
    """
    del results
    methodology, register = material.methodology, material.tables.register
    rated, found = _rate(material)
    scores, stars = rated.scores, rated.stars
    return {
        "scores": scores,
        "stars": stars,
        "regions": summarise_regions(stars, methodology),
        "group_means": summarise_groups(scores, methodology, register=register),
        "score_parts": split_scores(
            scores,
            material.moments,
            methodology,
            regions=material.strata,
            measures=material.measures,
        ),
        **_doubt(material, rated),
        "shrinkage": _shrink(material, scores),
        "regional": profile_regions(
            scores,
            stars,
            methodology,
            settings=methodology.regional,
            visitors=material.visitors,
        ),
        "change": _compare(material, rated),
        "methodology_effects": assess_methodology(material, stars),
        **material.survey.results(),
        **found,
    }


def _rate(material: Material) -> tuple[_Rated, dict[str, Result]]:
    """Return scores and stars, and the results of the agreement where they need it."""
    methodology = material.methodology
    survey = scores = compute_scores(
        material.moments,
        methodology,
        visitors=material.visitors,
        regions=material.strata,
        measures=material.measures,
    )
    rule = methodology.checklist
    if rule is not None and rule.weight is not None:
        checklists = tabulate_checklists(material.tables, methodology)
        if checklists is not None:
            scores = blend_checklists(scores, checklists, weight=rule.weight)
    stars = _assign_stars(material, scores)
    found: dict[str, Result] = {}
    if rule is not None and rule.use == "precision":
        found = run_agreement(material, {"stars": stars})
        scores, stars = _take_decisions(material, scores, stars, found["audit"])
    return _Rated(survey=survey, scores=scores, stars=stars), found


def _assign_stars(
    material: Material, scores: Scores, *, ceilings: pd.DataFrame | None = None
) -> Stars:
    return assign_stars(
        scores,
        material.methodology,
        register=material.tables.register,
        attributes=material.tables.attributes,
        ceilings=ceilings,
    )


def _take_decisions(
    material: Material, scores: Scores, stars: Stars, audit: Result
) -> tuple[Scores, Stars]:
    """Let the decision rule give index and star: composites, and no star above a capped one."""
    if not isinstance(audit, AuditDecisions):
        return scores, stars
    scores = take_composites(scores, audit.centres)
    capped = audit.centres[(audit.centres["decision"] == "capped").to_numpy()]
    by_survey = stars.frame.set_index("centre")["star"].reindex(capped["centre"])
    ceilings = pd.DataFrame(
        {
            "centre": capped["centre"].to_numpy(),
            "reason": CHECKLIST_GAP,
            "at_most": by_survey.to_numpy(np.float64),
        }
    )
    return scores, _assign_stars(material, scores, ceilings=ceilings)


def _doubt(material: Material, rated: _Rated) -> dict[str, Result]:
    """Return what draws of the index tell of stars and ranks, and the check of its errors."""
    names = ("star_doubt", "ranks", "error_check")
    draw_seed, rank_seed, check_seed = split_task(material.seeds[STAGE], len(names))
    methodology, stars = material.methodology, rated.stars
    lack = _find_lack(stars)
    if lack is not None:
        return dict.fromkeys(names, lack)
    draws = _draw(material, rated, draw_seed)
    stated = restate_rule(stars, methodology)
    return {
        "star_doubt": assess_star_doubt(
            stars,
            draws,
            methodology,
            settings=methodology.doubt,
            rule=stated.rule,
            labels=stated.labels,
            limits=stated.limits,
        ),
        "ranks": assess_ranks(
            stars, draws, methodology, seed=rank_seed, settings=methodology.doubt
        ),
        "error_check": _check_errors(material, rated, check_seed),
    }


def _find_lack(stars: Stars) -> Unavailable | None:
    """Return why nothing can be said of the doubt of stars, or None."""
    starred = stars.frame[stars.frame["withheld"] == ""]
    if starred.empty:
        return Unavailable(stage=STAGE, reason=NO_STARS)
    unknown = int(starred["std_error"].isna().sum())
    if unknown:
        return Unavailable(stage=STAGE, reason=UNKNOWN_ERROR, detail=f"{unknown}/{len(starred)}")
    return None


def _draw(material: Material, rated: _Rated, seed: np.random.SeedSequence) -> IndexDraws:
    """Return draws around the published indices of the starred centres."""
    stars = rated.stars.frame
    draws = draw_indices(
        material.moments,
        material.methodology,
        centres=stars.loc[stars["withheld"] == "", "centre"].tolist(),
        draws=material.methodology.doubt.draws,
        seed=seed,
        visitors=material.visitors,
        regions=material.strata,
        measures=material.measures,
    )
    if rated.scores is rated.survey:
        return draws
    return draws.follow(take_index(rated.survey), take_index(rated.scores))


def _check_errors(
    material: Material, rated: _Rated, seed: np.random.SeedSequence
) -> ErrorCheck | Unavailable:
    survey = material.methodology.of_answers
    if survey is None:
        return Unavailable(stage=STAGE, reason=NO_SURVEY)
    return check_errors_by_resampling(
        rated.stars,
        material.tables.responses,
        survey,
        moments=material.moments,
        seed=seed,
        visitors=material.visitors,
        settings=material.methodology.doubt,
    )


def _shrink(material: Material, scores: Scores) -> Result:
    """Draw scores together; checklists are read only where they are a covariate."""
    methodology, sources = material.methodology, None
    survey = methodology.of_answers
    if "checklist" in methodology.doubt.shrinkage.covariates and survey is not None:
        sources = pair_sources(
            material.tables,
            survey,
            moments=material.moments,
            counts=material.counts,
            visitors=material.visitors,
        )
    return assess_shrinkage(
        scores,
        methodology,
        register=material.tables.register,
        sources=sources,
        settings=methodology.doubt,
    )


def _compare(material: Material, rated: _Rated) -> Result:
    """Compare with the previous edition, where the edition names one."""
    previous = material.previous
    if previous is None:
        return Unavailable(stage=STAGE, reason=NO_PREVIOUS)
    before = _read_previous(previous)
    if isinstance(before, Unavailable):
        return before
    return compare_editions(
        PublishedEdition(
            scores=rated.scores,
            stars=rated.stars,
            methodology=material.methodology,
            moments=material.moments if rated.scores is rated.survey else None,
            visitors=material.visitors,
        ),
        before,
        settings=material.methodology.change,
        renamed=material.edition.renamed,
    )


def _read_previous(previous: Bundle) -> PublishedEdition | Unavailable:
    scores, stars = previous.get("scores", Scores), previous.get("stars", Stars)
    for found in (scores, stars):
        if isinstance(found, Unavailable):
            return found
    assert isinstance(scores, Scores)
    assert isinstance(stars, Stars)
    return PublishedEdition(scores=scores, stars=stars, methodology=previous.methodology)
