"""Ours as most areas measure it: with the counting pass and without, and a stage as a whole."""

from __future__ import annotations

import numpy as np
from frame import Contender, Quantity, Size
from threadpoolctl import threadpool_limits

from areas.material import load_counts, load_responses, name_regions, write_survey
from clientindex.counts import count_pairs


def count_first(run):
    """Return what takes answers and counts them for `run`, which takes counts."""

    def run_from_answers(material):
        responses, methodology = material
        return run((count_pairs(responses, methodology), methodology))

    return run_from_answers


def make_ours(run, *, numbers=np.asarray):
    """Return ours twice: from answers, and from counts that are there already."""
    return (
        Contender(
            name="clientindex, counting included",
            load=load_responses,
            run=count_first(run),
            numbers=numbers,
        ),
        Contender(name="clientindex, from counts", load=load_counts, run=run, numbers=numbers),
    )


def make_stage(assess, *, seed, title, what):
    """Return the quantity of a stage that takes counts, regions and a seed; nobody is beside it."""

    def run(material):
        counts, methodology = material
        regions = name_regions(counts.units["centre"].unique())
        with threadpool_limits(limits=1):
            return assess(counts, methodology=methodology, strata=regions, seed=seed)

    return Quantity(
        key="stage",
        title=title,
        what=what,
        prepare=lambda size, folder: write_survey(size, folder, missing=0.03),
        patience=4.0,
        warm=Size(respondents=1_000, centres=20),
        sizes=(
            Size(respondents=30_000, centres=2_000),
            Size(respondents=1_000_000, centres=200),
            Size(respondents=1_000_000, centres=2_000),
            Size(respondents=10_000_000, centres=2_000),
        ),
        quick=(Size(respondents=1_000, centres=30), Size(respondents=10_000, centres=30)),
        contenders=(Contender(name="clientindex, from counts", load=load_counts, run=run),),
    )
