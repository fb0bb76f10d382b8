"""What ``clientindex factors`` computes before it prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import click
import numpy as np

from clientindex.cli import factor_tables as tables
from clientindex.counts import count_pairs
from clientindex.edition import load_edition
from clientindex.errors import StatisticsError
from clientindex.factors import compute_suitability, fit_exploratory
from clientindex.factors.confirmatory.attempt import BASIS_OF, REPORTED
from clientindex.factors.confirmatory.models import fit_confirmatory, fit_models
from clientindex.factors.confirmatory.own import load_model
from clientindex.factors.number import compute_factor_number
from clientindex.factors.polychoric import estimate_moments
from clientindex.factors.sample import draw_factor_sample
from clientindex.intake import require_tables, run_intake
from clientindex.methodology import load_methodology
from clientindex.results import Unavailable
from clientindex.wording import load_wording
from clientindex.wording.absence import explain_unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientindex.counts import PairCounts
    from clientindex.edition import Edition
    from clientindex.factors.confirmatory.fit import Estimator
    from clientindex.factors.moments import SampleMoments
    from clientindex.factors.sample import Basis
    from clientindex.methodology import Methodology
    from clientindex.results import ConfirmatoryModels

Kind = TypeVar("Kind")

FAULTY_DATA = 1
WRONG_USE = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Study:
    """The answers of an edition, counted."""

    edition: Edition
    methodology: Methodology
    counts: PairCounts
    strata: dict[str, str]


def tell_structure(path: Path, *, estimators: tuple[Estimator, ...]) -> int:
    """Print the analysis of an edition; return the exit code.

    A part that is not available is said in words, and the others follow.
    """
    study = _read(path, load_edition(path), estimators)
    _tell_answers(study)
    seeds = np.random.SeedSequence(study.edition.seed).spawn(2)
    sample = draw_factor_sample(study.counts, study.methodology, strata=study.strata, seed=seeds[0])
    if isinstance(sample, Unavailable):
        _tell_unavailable("structure of the indicators", sample, study.methodology)
        return FAULTY_DATA
    methodology = study.methodology
    parts = _Parts(methodology)
    parts.tell("Suitability", compute_suitability(sample, methodology), tables.tell_suitability)
    number = compute_factor_number(sample, methodology, seed=seeds[1])
    parts.tell("Number of factors", number, tables.tell_number)
    parts.tell("Exploratory model", fit_exploratory(sample, methodology), tables.tell_verdicts)
    models = fit_confirmatory(sample, methodology)
    parts.tell("Confirmatory models", models, tables.tell_comparison)
    return 0


def tell_model(path: Path, model: Path, *, estimators: tuple[Estimator, ...]) -> int:
    """Print the fit of a model from a file; return the exit code.

    Wrong use (2) when the model is not identified, faulty data (1) when they do not allow its fit.
    """
    edition = load_edition(path)
    spec = load_model(model, indicators=load_methodology(edition.methodology).indicator_keys)
    study = _read(path, edition, estimators)
    methodology = study.methodology
    _tell_answers(study)
    moments: dict[Basis, SampleMoments] = {}
    for basis in dict.fromkeys(BASIS_OF[each] for each in methodology.factors.estimators):
        found = estimate_moments(study.counts, methodology, basis)
        if isinstance(found, Unavailable):
            _tell_unavailable(f"Fit to {basis} correlations", found, methodology)
            return FAULTY_DATA
        moments[basis] = found
    centres = study.counts.sum_over("segment", "channel", "period")
    fitted = fit_models({model.stem: spec}, centres, moments, methodology)
    tables.tell_model(fitted)
    return _choose_code(fitted)


def _choose_code(fitted: ConfirmatoryModels) -> int:
    statuses = set(fitted.models["status"])
    if "unidentified" in statuses:
        return WRONG_USE
    return 0 if statuses <= set(REPORTED) else FAULTY_DATA


def _read(path: Path, edition: Edition, estimators: tuple[Estimator, ...]) -> Study:
    methodology = load_methodology(edition.methodology)
    if estimators:
        factors = methodology.factors.model_copy(update={"estimators": estimators})
        methodology = methodology.model_copy(update={"factors": factors})
    checked = require_tables(run_intake(edition, methodology))
    if checked.responses is None:
        msg = (
            f"{path}: the edition has totals by centre and no answers of respondents; the "
            "structure of the indicators needs the answers"
        )
        raise StatisticsError(msg)
    register = checked.register
    return Study(
        edition=edition,
        methodology=methodology,
        counts=count_pairs(checked.responses, methodology),
        strata=dict(zip(register["centre"], register["region"], strict=True)),
    )


def _tell_answers(study: Study) -> None:
    n_centres = study.counts.units["centre"].nunique()
    click.echo(
        f"{study.edition.id}: {int(study.counts.n.sum())} respondents, {n_centres} centres, "
        f"{len(study.counts.indicators)} indicators in {len(study.methodology.groups)} groups"
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """Prints a part of the analysis, or why it is not available."""

    methodology: Methodology

    def tell(self, title: str, result: Kind | Unavailable, tell: Callable[[Kind], None]) -> None:
        click.echo("")
        if isinstance(result, Unavailable):
            _tell_unavailable(title, result, self.methodology)
        else:
            tell(result)


def _tell_unavailable(title: str, result: Unavailable, methodology: Methodology) -> None:
    """Print why a part is not available, in the words of the English catalogue."""
    click.echo(f"{title}: {explain_unavailable(result, methodology, wording=load_wording('en'))}")
