"""The stage of agreement as a whole."""

from __future__ import annotations

import numpy as np
from frame import Contender, Quantity, Size
from threadpoolctl import threadpool_limits
from two_sources.edition import make_material

from clientindex import agreement

SEED = np.random.SeedSequence(2026)
RESPONDENTS_PER_CENTRE = 100


def load_edition(folder, size):
    del folder
    return make_material(RESPONDENTS_PER_CENTRE * size.centres, size.centres)


def assess(material):
    with threadpool_limits(limits=1):
        return agreement.assess(
            material.sources,
            methodology=material.methodology,
            moments=material.moments,
            survey_stars=material.survey_stars,
            find_stars=material.find_stars,
            seed=SEED,
        )


STAGE = Quantity(
    key="stage",
    title="The stage of agreement",
    what=(
        "`agreement.assess` with the standard numbers of replicates, on simulated surveys "
        f"({RESPONDENTS_PER_CENTRE} respondents a centre) and checklists. Nobody else does the "
        "same."
    ),
    prepare=lambda size, folder: None,
    patience=4.0,
    warm=Size(centres=60),
    sizes=tuple(Size(centres=n) for n in (200, 600, 2_000, 6_000)),
    quick=tuple(Size(centres=n) for n in (60, 120)),
    contenders=(Contender(name="clientindex", load=load_edition, run=assess),),
)
