"""Survey and checklists of an edition, read and compared for the command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from clientindex.agreement.assessment import assess
from clientindex.cli.plain_tables import print_words
from clientindex.cli.reporter import make_reporter
from clientindex.pipeline.data_check import check_data
from clientindex.pipeline.material import Material, prepare_material
from clientindex.pipeline.pairing import pair_sources
from clientindex.rating import assign_stars, compute_scores, find_stars

if TYPE_CHECKING:
    from clientindex.agreement import TwoSources
    from clientindex.agreement.assessment import AgreementAssessment
    from clientindex.edition import Edition
    from clientindex.methodology import Methodology

SEED = "agreement"
"""The task of the pipeline whose random numbers are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """What the comparison starts from.

    Attributes
    ----------
    material : Material
    sources : TwoSources or None
        None without checklists.
    """

    material: Material
    sources: TwoSources | None

    @property
    def regions(self) -> list[str]:
        """Regions of the register."""
        return sorted(set(self.material.strata.values()))


def read_pairs(edition: Edition, methodology: Methodology) -> Pairs:
    """Read both sources of an edition; print how many centres, answers and checklists there are.

    Answers of respondents and totals by centre are both enough.

    Raises
    ------
    IntakeError
        If the data have faults.
    """
    checked = check_data(edition, methodology)
    tables = checked.require_tables()
    material = prepare_material(
        edition, methodology, tables=tables, warnings=pd.DataFrame(), counted=checked.counts
    )
    sources = pair_sources(
        tables,
        methodology,
        moments=material.moments,
        counts=material.counts,
        visitors=material.visitors,
    )
    pairs = Pairs(material=material, sources=sources)
    answers = (
        "totals by centre"
        if material.counts is None
        else f"{int(material.counts.n.sum())} respondents"
    )
    print_words(
        f"{edition.id}: {len(tables.register)} centres in {len(pairs.regions)} regions, {answers}, "
        f"{_count_checklists(sources)}"
    )
    return pairs


def _count_checklists(sources: TwoSources | None) -> str:
    if sources is None:
        return "no checklists"
    first = int(pd.notna(sources.checklist).any(axis=1).sum())
    second = 0 if sources.second is None else int(pd.notna(sources.second).any(axis=1).sum())
    return f"checklists of {first} centres, second ones of {second}"


def compare(pairs: Pairs) -> AgreementAssessment:
    """Compute the results that the bundle of the edition has."""
    material = pairs.material
    methodology, register = material.methodology, material.tables.register
    with make_reporter() as reporter, reporter.step("survey against checklist"):
        scores = compute_scores(material.moments, methodology, visitors=material.visitors)
        stars = assign_stars(scores, methodology, register=register).frame
        return assess(
            pairs.sources,
            methodology=methodology,
            moments=material.moments,
            survey_stars=stars.set_index("centre")["star"],
            find_stars=lambda indices: find_stars(indices, methodology.stars.bands),
            seed=material.seeds[SEED],
        )
