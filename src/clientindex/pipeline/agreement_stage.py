"""The stage of survey against checklist; the rating runs it first where decisions enter stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex import agreement
from clientindex.methodology.star_settings import ALL_PEERS
from clientindex.pipeline.earlier import take_result
from clientindex.pipeline.pairing import pair_sources
from clientindex.pipeline.reasons import NO_SURVEY
from clientindex.rating import find_stars
from clientindex.results import Result, Stars, Unavailable

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.pipeline.material import Material

NO_COMMON_CUTS = "no_common_cuts"
"""Reason of a statistic that compares all centres with the same cut points, in points, where the
star rule finds others in each peer group, or none, or scores are not points."""


def run_agreement(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    """Compare survey and checklists, unless the rating did so before."""
    if "audit" in results:
        return {}
    stars = take_result(results, "stars", Stars)
    methodology = _state_cuts(material, stars)
    if isinstance(methodology, Unavailable):
        return dict.fromkeys(agreement.AGREEMENT_RESULTS, methodology)
    bands = methodology.stars.bands
    found = agreement.assess(
        pair_sources(
            material.tables,
            methodology,
            moments=material.moments,
            counts=material.counts,
            visitors=material.visitors,
        ),
        methodology=methodology,
        moments=material.moments,
        survey_stars=_number_stars(stars, methodology),
        find_stars=lambda scores: find_stars(scores, bands),
        seed=material.seeds["agreement"],
    )
    return found.results()


def _state_cuts(material: Material, stars: Stars) -> Methodology | Unavailable:
    """Return the methodology of the answers with its cut points stated, or why there is none."""
    methodology = material.methodology.of_answers
    if methodology is None:
        return Unavailable(stage="agreement", reason=NO_SURVEY)
    if methodology.stars.is_stated:
        return methodology
    cuts = stars.cuts[stars.cuts["peer_group"] == ALL_PEERS]["cut"]
    if methodology.scoring.scale != "points" or not len(cuts):
        return Unavailable(stage="agreement", reason=NO_COMMON_CUTS)
    return methodology.with_cuts(cuts.tolist())


def _number_stars(stars: Stars, methodology: Methodology) -> pd.Series[int]:
    """Return the star of every centre; half stars by their number among the bands."""
    star = stars.frame.set_index("centre")["star"]
    return (2 * star - 1).astype("Int64") if methodology.stars.half_stars else star
