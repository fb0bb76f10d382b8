"""The models of a methodology by its estimators, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.factors.confirmatory import frames
from clientindex.factors.confirmatory.attempt import Attempt, attempt_fit
from clientindex.factors.confirmatory.centre_scores import tabulate_scores
from clientindex.factors.confirmatory.own import build_own_models
from clientindex.factors.confirmatory.pairs import tabulate_nested
from clientindex.factors.confirmatory.standard import (
    FEWEST_FIRST_ORDER,
    STANDARD_MODELS,
    build_standard_models,
    explain_absent_models,
)
from clientindex.results import ConfirmatoryModels, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clientindex.counts import PairCounts
    from clientindex.factors.confirmatory.fit import Estimator
    from clientindex.factors.confirmatory.spec import ModelSpec
    from clientindex.factors.moments import SampleMoments
    from clientindex.factors.sample import Basis, FactorSample
    from clientindex.methodology import Methodology

STAGE = "factors"

UNINFORMATIVE_N = 100_000
"""Respondents beyond which every chi-square test rejects every model."""


def fit_confirmatory(
    sample: FactorSample, methodology: Methodology
) -> ConfirmatoryModels | Unavailable:
    """Fit the standard models and those of the methodology by every estimator that it asks for.

    A model that cannot be fitted is a row with a status; the others are told all the same.

    Parameters
    ----------
    sample : FactorSample
    methodology : Methodology

    Returns
    -------
    ConfirmatoryModels or Unavailable
        Unavailable (``too_few_indicators``, detail their number) with fewer than three indicators:
        no factor model is identified then.

    Raises
    ------
    ModelSyntaxError
        If a model of the methodology cannot be read.
    """
    if len(methodology.indicator_keys) < FEWEST_FIRST_ORDER:
        detail = str(len(methodology.indicator_keys))
        return Unavailable(stage=STAGE, reason="too_few_indicators", detail=detail)
    standard = build_standard_models(methodology)
    absent = explain_absent_models(methodology)
    specs: dict[str, ModelSpec | str] = {
        key: absent.get(key) or standard[key] for key in STANDARD_MODELS
    }
    return fit_models(
        specs | build_own_models(methodology), sample.counts, sample.moments, methodology
    )


def fit_models(
    specs: Mapping[str, ModelSpec | str],
    counts: PairCounts,
    moments: Mapping[Basis, SampleMoments],
    methodology: Methodology,
    *,
    estimators: Sequence[Estimator] | None = None,
) -> ConfirmatoryModels:
    """Fit models by name; a text in place of a model is the reason why it is not identified.

    Parameters
    ----------
    specs : mapping
    counts : PairCounts
        One unit a centre, for the mean scores of centres.
    moments : mapping of SampleMoments
        Those that the estimators need: "pearson" for ml and mlr, "polychoric" for uls and wlsmv.
    methodology : Methodology
    estimators : sequence of str, optional
        In place of those of the methodology; the first one leads.
    """
    chosen = tuple(estimators or methodology.factors.estimators)
    attempts = [
        Attempt(model=key, estimator=estimator, status="unidentified", detail=spec, spec=None)
        if isinstance(spec, str)
        else attempt_fit(key, spec, moments, estimator)
        for estimator in chosen
        for key, spec in specs.items()
    ]
    level = methodology.intervals.level
    n = int(min(own.n for own in moments.values()))
    return ConfirmatoryModels(
        models=frames.tabulate_models(attempts),
        fit=frames.tabulate_fit(attempts),
        parameters=frames.tabulate_parameters(attempts, level=level),
        nested=tabulate_nested(attempts),
        residuals=frames.tabulate_residuals(attempts),
        modifications=frames.tabulate_modifications(attempts),
        scores=tabulate_scores(attempts, counts, methodology),
        main=chosen[0],
        n=n,
        n_centres=len(counts.units),
        missing=methodology.missing_answers.correlations,
        uninformative=n > UNINFORMATIVE_N,
        level=level,
    )
