"""Results on weights for the command: those of the last run, or computed where they are old."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clientindex.cli.rated import Rated, read_rated
from clientindex.cli.reporter import make_reporter
from clientindex.pipeline.data_check import check_data
from clientindex.pipeline.material import prepare_material
from clientindex.pipeline.stages import run_stages

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.cli.rated import Check
    from clientindex.edition import Edition
    from clientindex.methodology import Methodology

WEIGHT_RESULTS = (
    "weight_importance",
    "optimised_weights",
    "weight_sources",
    "weight_stability",
    "weight_bounds",
    "multiverse",
    "sobol_indices",
    "joint_doubt",
    "leave_out",
    "rank_reversals",
)
"""Results that the command tells, by their names in the bundle."""

NEEDED = ("scores", "stars", "score_parts", *WEIGHT_RESULTS)
"""The same with those that they are read beside."""

SOURCES = ("reliability", "factors")
"""Stages whose results are sources of weights, where an edition asks for them."""


def read_weights(path: Path, *, check: Check) -> Rated:
    """Read or compute the results on weights, see :func:`clientindex.cli.rated.read_rated`."""
    return read_rated(path, names=NEEDED, check=check, compute=_compute)


def _compute(edition: Edition, methodology: Methodology, check: Check) -> Rated:
    """Compute the results that the bundle of the edition would have; nothing is written."""
    checked = check_data(edition, methodology)
    tables = checked.require_tables()
    check(tables.register)
    stages = (*(stage for stage in SOURCES if stage in edition.stages), "sensitivity")
    with make_reporter() as reporter:
        with reporter.step("counting answers"):
            material = prepare_material(
                edition.model_copy(update={"stages": stages}),
                methodology,
                tables=tables,
                warnings=pd.DataFrame(),
                counted=checked.counts,
            )
        results = run_stages(material, reporter)
    return Rated(
        edition=edition,
        methodology=methodology,
        results={name: results[name] for name in NEEDED},
        up_to_date=False,
    )
