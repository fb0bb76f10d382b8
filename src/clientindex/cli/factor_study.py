"""Settings and answers of an edition for the command ``clientindex factors``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli import study

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.factors.confirmatory import Estimator
    from clientindex.methodology import Methodology


def load_settings(path: Path, estimators: Sequence[Estimator]) -> tuple[Edition, Methodology]:
    """Load an edition and its methodology, with other estimators where they are given."""
    edition, methodology = study.load_settings(path)
    if estimators:
        factors = methodology.factors.model_copy(update={"estimators": tuple(estimators)})
        methodology = methodology.model_copy(update={"factors": factors})
    return edition, methodology


def read_study(edition: Edition, methodology: Methodology) -> study.Study:
    """Read and count the answers of an edition; print how many there are."""
    return study.read_study(edition, methodology, subject="the structure of the indicators")
