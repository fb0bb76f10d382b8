"""An edition with answers of visitors and checklists of the staff, in memory, for the clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from side_by_side import draw_answers, list_regions, make_methodology, make_responses

from clientindex.agreement import TwoSources, gather_sources
from clientindex.counts import CentreMoments, compute_centre_moments, count_pairs
from clientindex.intake.tables import IntakeTables
from clientindex.rating import compute_joint_scores, find_stars
from clientindex.simulate.checklists import (
    draw_inflation,
    simulate_checklist,
    simulate_second_checklist,
)

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

N_REGIONS = 13
INFLATING, TWICE = 0.1, 0.15
"""Shares of centres whose staff inflate, and whose checklists are filled in twice."""

READ = {"yes": 1.0, "no": 0.0, "not_applicable": np.nan}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """What the assessment takes."""

    sources: TwoSources
    methodology: Methodology
    moments: CentreMoments
    survey_stars: pd.Series

    def find_stars(self, scores):
        return find_stars(scores, self.methodology.stars.bands)


def make_material(n_respondents, n_centres):
    """Simulate answers and checklists by the methodology of 2026, and pair them."""
    methodology = make_methodology()
    codes, centre = draw_answers(n_respondents, n_centres=n_centres)
    counts = count_pairs(make_responses(codes, centre, methodology), methodology)
    moments = compute_centre_moments(counts, methodology)
    survey = compute_joint_scores(moments, methodology)
    tables = _make_tables(survey, methodology, list_regions(survey.centres, N_REGIONS))
    stars = find_stars(survey.estimate[:, 0], methodology.stars.bands)
    return Material(
        sources=gather_sources(tables, methodology, survey=survey),
        methodology=methodology,
        moments=moments,
        survey_stars=pd.Series(stars, index=list(survey.centres)),
    )


def _make_tables(survey, methodology, regions):
    """Fill in checklists near what visitors said."""
    rng = np.random.default_rng(2)
    centres = np.array(survey.centres)
    inflation = draw_inflation(len(centres), share=INFLATING, rng=rng)
    first = simulate_checklist(
        methodology,
        centres=centres,
        points=survey.estimate[:, -len(methodology.indicator_keys) :],
        inflation=inflation,
        rng=rng,
    )
    second = simulate_second_checklist(
        methodology, first, centres=centres, inflation=inflation, share=TWICE, rng=rng
    )
    register = pd.DataFrame(
        {"centre": centres, "name": centres, "region": [regions[centre] for centre in centres]}
    )
    return IntakeTables(
        register=register.assign(visitors=np.nan),
        responses=None,
        option_counts=None,
        unit_means=None,
        checklist_items=_read(first.first, methodology),
        checklist_scores=None,
        no_answer=pd.DataFrame(),
        inputs=(),
        second_items=_read(second, methodology),
    )


def _read(checklist, methodology):
    indicator_of = {
        item.key: key
        for key in methodology.indicator_keys
        for item in methodology.indicator(key).checklist
    }
    return checklist[["centre", "item"]].assign(
        period="",
        indicator=checklist["item"].map(indicator_of),
        answer=checklist["answer"].map(READ).astype(float),
    )
