"""Answers 1-5 of respondents in centres, and methodologies that ask for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from clientindex.intake.tables import Responses
from clientindex.methodology import Methodology, load_methodology

METHODOLOGY = Path(__file__).parents[2] / "methodology" / "2026.yml"
N_CENTRES = 2_000
N_GROUPS = 5
LOADING = 0.75
CUTS = np.array([-1.8, -1.0, -0.3, 0.5])


def draw_answers(n_respondents, *, group_size=4, n_centres=N_CENTRES):
    """Draw answers 1-5 in five groups: correlated factors, centres that differ a little."""
    rng = np.random.default_rng(1)
    centre = np.sort(rng.integers(0, n_centres, n_respondents))
    place = rng.standard_normal((n_centres, 1))[centre]
    general = np.sqrt(0.1) * place + np.sqrt(0.9) * rng.standard_normal((n_respondents, 1))
    special = rng.standard_normal((n_respondents, N_GROUPS))
    factors = np.sqrt(0.6) * general + np.sqrt(0.4) * special
    latent = LOADING * factors.repeat(group_size, axis=1)
    latent += np.sqrt(1 - LOADING**2) * rng.standard_normal(latent.shape)
    return np.searchsorted(CUTS, latent).astype(np.uint8) + np.uint8(1), centre


def make_methodology(groups=None):
    """Return the methodology of 2026, or the same with other groups of indicators and one segment.

    `groups` maps the key of a group to the keys of its indicators.
    """
    methodology = load_methodology(METHODOLOGY)
    if groups is None:
        return methodology
    name = {"ru": "имя", "en": "name"}
    changed = {
        "checklist": None,
        "segments": [{"key": "citizens", "name": name, "weight": 1}],
        "groups": [
            {"key": key, "name": name, "weight": 1 / len(groups), "indicators": list(members)}
            for key, members in groups.items()
        ],
        "indicators": [
            {"key": key, "name": name, "question": name}
            for members in groups.values()
            for key in members
        ],
    }
    return Methodology.model_validate(methodology.model_dump(by_alias=True) | changed)


def make_responses(codes, centre, methodology, *, segment=None):
    """Return answers as they are given: the other way for reverse-keyed questions.

    `segment` numbers the segment of every respondent; all are of the first unless it is given.
    """
    turned = [
        methodology.indicator(key).direction == "negative" for key in methodology.indicator_keys
    ]
    names = [f"c{number:07d}" for number in range(centre.max() + 1)]
    given = np.where(turned, np.uint8(6) - codes, codes)
    if segment is None:
        units = pd.DataFrame({"centre": names, "segment": "citizens", "period": ""})
        return Responses(units=units, unit_of=centre.astype(np.int32), codes=given)
    keys = methodology.segment_keys
    pairs = pd.MultiIndex.from_product([names, keys], names=["centre", "segment"])
    units = pairs.to_frame(index=False).assign(period="")
    unit_of = centre * len(keys) + segment
    seen, of_seen = np.unique(unit_of, return_inverse=True)
    return Responses(
        units=units.iloc[seen].reset_index(drop=True),
        unit_of=of_seen.astype(np.int32),
        codes=given,
    )


def list_regions(centres, n_regions):
    """Return the region of every centre, as equal in size as can be."""
    return {centre: f"r{at % n_regions:02d}" for at, centre in enumerate(centres)}
