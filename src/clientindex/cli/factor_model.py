"""``clientindex factors --model``: the fit of a model from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.factor_study import load_settings, read_study
from clientindex.cli.factor_tables import tell_model
from clientindex.cli.study import FAULTY_DATA, WRONG_USE, tell_unavailable
from clientindex.factors.confirmatory import fit_models, load_model
from clientindex.factors.confirmatory.attempt import BASIS_OF, REPORTED
from clientindex.factors.sample import estimate_moments
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.factors.confirmatory import Estimator
    from clientindex.factors.moments import SampleMoments
    from clientindex.factors.sample import Basis
    from clientindex.results import ConfirmatoryModels


def run_model(path: Path, model: Path, *, estimators: tuple[Estimator, ...]) -> int:
    """Print the fit of a model and return the exit code.

    The model is read before the answers, so that a fault in it is told at once. Wrong use (2) when
    the model is not identified, faulty data (1) when they do not allow its fit.

    Raises
    ------
    ModelSyntaxError
        If the file cannot be read as a model.
    """
    edition, methodology = load_settings(path, estimators)
    spec = load_model(model, indicators=methodology.indicator_keys)
    study = read_study(edition, methodology)
    moments: dict[Basis, SampleMoments] = {}
    for basis in dict.fromkeys(BASIS_OF[each] for each in methodology.factors.estimators):
        found = estimate_moments(study.counts, methodology, basis)
        if isinstance(found, Unavailable):
            tell_unavailable(f"Model {model.name}", found, methodology)
            return FAULTY_DATA
        moments[basis] = found
    centres = study.counts.sum_over("segment", "channel", "period")
    fitted = fit_models({model.stem: spec}, centres, moments, methodology)
    tell_model(fitted)
    return choose_code(fitted)


def choose_code(fitted: ConfirmatoryModels) -> int:
    """Return the exit code: 0 when every estimator has estimates to tell."""
    statuses = set(fitted.models["status"])
    if "unidentified" in statuses:
        return WRONG_USE
    return 0 if statuses <= set(REPORTED) else FAULTY_DATA
