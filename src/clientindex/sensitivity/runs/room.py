"""The model of runs put to an edition."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.rating.posterior import Posterior, find_posterior
from clientindex.rating.score_inputs import ScoreInputs, gather_inputs
from clientindex.rating.score_plan import weigh_scored
from clientindex.rating.scores import correct_finite_population
from clientindex.rating.star_doubt.given import depends_on_scores
from clientindex.rating.star_doubt.stated import restate_rule
from clientindex.sensitivity.runs.choices import STAR_RULE, Choices, list_choices
from clientindex.sensitivity.runs.errors import MeanErrors
from clientindex.sensitivity.runs.methods import Scorer
from clientindex.sensitivity.runs.model import NO_DRAW, Published, RunInputs, RunModel
from clientindex.sensitivity.runs.rules import make_rules
from clientindex.sensitivity.starred_rows import find_starred_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.methodology.sobol_settings import MethodAlternatives
    from clientindex.rating.measures import MeasureScores
    from clientindex.rating.weighting import WeightPlan
    from clientindex.results import Stars

SAME = 1e-6
"""Indices that differ by less, relative to their size, are the same but for rounding."""

NOTHING_MISSING, NO_ALTERNATIVE = "nothing_missing", "no_alternative"
_OF_MISSING = ("missing_indicator", "missing_group")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunSetup:
    """A model of an edition with its names.

    Attributes
    ----------
    model : RunModel
    choices : Choices
    starred : DataFrame
        Rows of ``Stars`` that have a star, in their order.
    region_of : int ndarray of shape (C,)
        Place among `regions` of every centre of the model.
    regions : tuple of str
        Of centres with an index.
    left_out : tuple of dict
        Choices that cannot change anything: ``kind``, ``key``, ``reason``, ``detail``.
    """

    model: RunModel
    choices: Choices
    starred: pd.DataFrame
    region_of: NDArray[np.intp]
    regions: tuple[str, ...]
    left_out: tuple[dict[str, str], ...]


def set_up_runs(
    moments: CentreMoments,
    stars: Stars,
    methodology: Methodology,
    *,
    alternatives: MethodAlternatives,
    seed: np.random.SeedSequence,
    visitors: Mapping[str, float] | None = None,
    regions: Mapping[str, str] | None = None,
    measures: MeasureScores | None = None,
) -> RunSetup:
    """Make the model of an edition.

    Parameters
    ----------
    moments : CentreMoments
        Behind `stars`.
    stars : Stars
        As published, two of them or more.
    methodology : Methodology
    alternatives : MethodAlternatives
    seed : numpy.random.SeedSequence
        Of draws of indicator means.
    visitors, regions, measures : optional
        As in :func:`clientindex.rating.compute_scores`. Without `regions`, those of `stars`.

    Raises
    ------
    StatisticsError
        If runs without any change do not give the published indices, i.e. the inputs do not belong
        together; if alternatives cannot be combined.
    """
    own_regions = dict(zip(stars.frame["centre"], stars.frame["region"], strict=True))
    known = own_regions | dict(regions or {})
    factor = correct_finite_population(moments, visitors or {})
    inputs = gather_inputs(moments, methodology, measures=measures, factor=factor)
    plan = weigh_scored(methodology, measures)
    idle = _find_idle(inputs, plan)
    choices = list_choices(methodology, alternatives, idle=idle)
    codes, names = pd.factorize(pd.Index([known[centre] for centre in inputs.centres]), sort=True)
    region_of = np.asarray(codes, dtype=np.intp)
    bounded = methodology.scoring.scale == "points"
    errors = MeanErrors.of(inputs, bounded=bounded, seed=seed)
    model = RunModel(
        errors=errors,
        plan=plan,
        scorers=tuple(
            Scorer.of(method, errors.value, plan, region_of=region_of) for method in choices.methods
        ),
        rescaled=choices.rescaled,
        rules=make_rules(choices.options[STAR_RULE], stars, methodology),
        published=_take_published(stars, inputs, methodology),
    )
    _check(model)
    return RunSetup(
        model=replace(model, posterior=_find_posterior(model, methodology)),
        choices=choices,
        starred=_take_starred(stars),
        region_of=region_of,
        regions=tuple(str(name) for name in names),
        left_out=_list_closed(choices, idle),
    )


def run_published(model: RunModel) -> RunInputs:
    """Return the inputs of the one run that changes nothing."""
    inner, outer = model.weigh(np.ones((1, len(model.plan.inner) + len(model.plan.outer))))
    zero = np.zeros(1, dtype=np.intp)
    return RunInputs(draw=np.full(1, NO_DRAW), method=zero, rule=zero, inner=inner, outer=outer)


def _find_idle(inputs: ScoreInputs, plan: WeightPlan) -> tuple[str, ...]:
    """Return the rules for missing scores that have nothing to do."""
    there = ~np.isnan(inputs.value)
    needed = plan.inner > 0
    groups = np.logical_or.reduceat(there & needed, plan.starts, axis=-1)
    lost_items = (~there & needed & groups[..., plan.group_of]).any()
    asked = plan.outer > 0
    lost_groups = (~groups & asked & (groups & asked).any(axis=-1, keepdims=True)).any()
    lost = dict(zip(_OF_MISSING, (lost_items, lost_groups), strict=True))
    return tuple(name for name, is_lost in lost.items() if not is_lost)


def _take_starred(stars: Stars) -> pd.DataFrame:
    return stars.frame[stars.frame["withheld"] == ""]


def _take_published(stars: Stars, inputs: ScoreInputs, methodology: Methodology) -> Published:
    starred = _take_starred(stars)
    values = methodology.stars.star_values
    return Published(
        places=find_starred_rows(inputs.centres, starred["centre"].tolist()),
        index=starred["estimate"].to_numpy(float),
        std_error=starred["std_error"].to_numpy(float),
        ranks=starred["rank"].to_numpy(np.int64),
        levels=np.searchsorted(values, starred["star"].to_numpy(float)).astype(np.int64) + 1,
        limits=restate_rule(stars, methodology).limits,
    )


def _find_posterior(model: RunModel, methodology: Methodology) -> Posterior | None:
    """Return where true indices lie, for a rule of the methodology that looks at them."""
    published = model.published
    if not depends_on_scores(model.rules[0]) or np.isnan(published.std_error).any():
        return None
    return find_posterior(
        published.index,
        published.std_error,
        estimator=methodology.doubt.shrinkage.estimator,
        level=methodology.intervals.level,
    )


def _check(model: RunModel) -> None:
    found = model.run(run_published(model))
    own = model.published
    off = np.abs(found.index[0, own.places] - own.index)
    if (off > SAME * np.maximum(np.abs(own.index), 1.0)).any():
        msg = (
            f"runs stand around other indices than those that have stars, up to {off.max():g} "
            "away: give the moments, regions and measures of the scores"
        )
        raise StatisticsError(msg)
    if (found.levels[0] != own.levels).any():
        msg = "the star rule of the methodology does not give the stars that were given"
        raise StatisticsError(msg)


def _list_closed(choices: Choices, idle: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    return tuple(
        {
            "kind": "choice",
            "key": name,
            "reason": NOTHING_MISSING if name in idle else NO_ALTERNATIVE,
            "detail": options[0],
        }
        for name, options in choices.options.items()
        if name not in choices.open
    )
