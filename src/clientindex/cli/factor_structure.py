"""``clientindex factors``: the analysis of an edition in a few tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from clientindex.cli.factor_study import load_settings, read_study
from clientindex.cli.factor_tables import (
    tell_comparison,
    tell_number,
    tell_suitability,
    tell_verdicts,
)
from clientindex.cli.study import FAULTY_DATA, tell_unavailable
from clientindex.factors.assessment import assess
from clientindex.pipeline.seeds import split_seed
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientindex.factors.confirmatory import Estimator
    from clientindex.methodology import Methodology

Kind = TypeVar("Kind")


def run_structure(path: Path, *, estimators: tuple[Estimator, ...]) -> int:
    """Print the analysis of an edition and return the exit code.

    A part that is not available is said in words, and the others follow; faulty data (1) when none
    is available.
    """
    edition, methodology = load_settings(path, estimators)
    study = read_study(edition, methodology)
    found = assess(
        study.counts,
        methodology=methodology,
        strata=study.strata,
        seed=split_seed(edition.seed)["factors"],
    )
    told = [
        _tell("Suitability", found.suitability, tell_suitability, methodology),
        _tell("Number of factors", found.factor_number, tell_number, methodology),
        _tell("Exploratory model", found.exploratory, tell_verdicts, methodology),
        _tell("Confirmatory models", found.confirmatory, tell_comparison, methodology),
    ]
    return 0 if any(told) else FAULTY_DATA


def _tell(
    title: str,
    result: Kind | Unavailable,
    tell: Callable[[Kind], None],
    methodology: Methodology,
) -> bool:
    """Print a part, or why it is not available; return whether it is."""
    click.echo("")
    if isinstance(result, Unavailable):
        tell_unavailable(title, result, methodology)
        return False
    tell(result)
    return True
