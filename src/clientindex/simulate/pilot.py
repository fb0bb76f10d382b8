"""The simulated pilot as a whole: every table a real pilot would deliver, and the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.random import SeedSequence, default_rng

from clientindex.errors import EditionError
from clientindex.simulate.checklists import (
    draw_inflation,
    simulate_checklist,
    simulate_second_checklist,
)
from clientindex.simulate.earlier import draw_earlier_world
from clientindex.simulate.experts import ExpertSheets, simulate_experts
from clientindex.simulate.latent import main_segment, segment_shift
from clientindex.simulate.plan import PilotPlan, plan_pilot
from clientindex.simulate.survey import SurveyPlan, assign_centres, simulate_survey
from clientindex.simulate.traits import tabulate_effects
from clientindex.simulate.truth import (
    combine_segments,
    tabulate_correlations,
    tabulate_loadings,
    tabulate_scores,
)
from clientindex.simulate.world import World, draw_world, spread_seed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.edition import Edition, Simulation
    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PilotTruth:
    """What a real pilot never knows.

    Attributes
    ----------
    centres : DataFrame of shape (U, 7 + G)
        ``centre``, ``name``, ``region``, ``index`` (segments combined by their weights), one column
        a group, ``is_inflated``, ``inflation`` (probability of turning "no" into "yes"),
        ``items_turned`` (number of items so answered). Scores are 0-100, higher is better.
    segments : DataFrame
        ``centre``, ``segment``, ``index`` and one column a group.
    indicators : DataFrame
        ``centre``, ``segment`` and one column an indicator: expected score 0-100.
    loadings : DataFrame with K rows
        ``indicator``, ``group``, ``direction``, ``halo_loading``, ``group_loading``,
        ``uniqueness``, ``missing_share``, ``threshold_1`` and on.
    factor_correlations : DataFrame of shape (1 + G, 2 + G)
        ``factor``, ``halo`` and one column a group.
    region_effects : DataFrame
        ``region``, ``halo`` and one column a group, in standard deviations of the factor.
    common_mix : DataFrame or None
        ``centre``, ``index`` and one column a group: scores if every centre had the same mix of
        clients; None where clients have no traits, as `centres` then says it.
    trait_effects : DataFrame or None
        ``trait``, ``level``, ``share`` (of all clients), ``effect`` on the latent quality.
    change : DataFrame or None
        Of a pilot that is earlier than another, one row a centre of either, those of the later one
        first: ``centre`` (its identifier there, or the only one), ``region``, ``region_before``,
        ``status`` ("both", "moved", "new", "gone"), ``merged`` (earlier centres that became this
        one), ``improved``, ``before``, ``after`` (index of each year by its own methodology),
        ``one_method_before``, ``one_method_after`` (index by the later methodology with the
        indicators and segments of both) and ``change`` (of these two); empty where there is none.
        Scores of several earlier centres are their mean weighted by visitors.
    """

    centres: pd.DataFrame
    segments: pd.DataFrame
    indicators: pd.DataFrame
    loadings: pd.DataFrame
    factor_correlations: pd.DataFrame
    region_effects: pd.DataFrame
    common_mix: pd.DataFrame | None = None
    trait_effects: pd.DataFrame | None = None
    change: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedPilot:
    """A synthetic pilot.

    Attributes
    ----------
    seed : int
    register : DataFrame
        ``centre``, ``name``, ``region``, ``visitors``.
    surveys : mapping of segment key to DataFrame
        ``respondent``, ``centre``, ``period``, indicators in methodology order, ``channel``, and
        in the main segment ``sex``, ``age``, ``education`` where the settings ask for traits; only
        segments with respondents.
    checklist : DataFrame
        ``centre``, ``item``, ``answer`` (as the methodology writes it: the first of its codes).
    second_checklist : DataFrame
        The same of the centres that are visited once more.
    experts : ExpertSheets
        What experts answer about weights.
    truth : PilotTruth
    """

    seed: int
    register: pd.DataFrame
    surveys: Mapping[str, pd.DataFrame]
    checklist: pd.DataFrame
    second_checklist: pd.DataFrame
    experts: ExpertSheets
    truth: PilotTruth


def simulate_pilot(methodology: Methodology, settings: Simulation, *, seed: int) -> SimulatedPilot:
    """Simulate a pilot of the index with known truth.

    Parameters
    ----------
    methodology : Methodology
        Any groups, indicators, scales, directions, segments and checklist items.
    settings : Simulation
        Sizes. ``citizens`` is the size of the main segment (``citizens``, else the first);
        ``employers`` is shared equally among the others.
    seed : int
        0 or more. Every task draws from its own stream, so changing one size leaves the draws of
        other tasks alone.

    Returns
    -------
    SimulatedPilot
        The same values for the same arguments.

    Examples
    --------
    >>> pilot = simulate_pilot(methodology, Simulation(), seed=0)  # doctest: +SKIP
    >>> len(pilot.register)  # doctest: +SKIP
    240
    """
    return simulate_plan(PilotPlan(methodology=methodology, settings=settings, seed=seed))


def simulate_plan(plan: PilotPlan) -> SimulatedPilot:
    """Simulate the pilot of a plan, which may be earlier than that of another.

    Parameters
    ----------
    plan : PilotPlan

    Returns
    -------
    SimulatedPilot
        The same values for the same plan; the later pilot does not depend on the earlier one.

    Raises
    ------
    EditionError
        If the settings ask for an earlier year that cannot be.
    """
    methodology, settings, seed = plan.methodology, plan.settings, plan.seed
    stream = spread_seed(seed)
    world = _draw(plan)
    inflation = draw_inflation(
        len(world.register), share=settings.inflating_share, rng=default_rng(stream["inflation"])
    )
    centres = world.register["centre"].to_numpy(dtype=str)
    checklists = simulate_checklist(
        methodology,
        centres=centres,
        points=world.common_points[main_segment(methodology)],
        inflation=inflation,
        rng=default_rng(stream["checklist"]),
    )
    second = simulate_second_checklist(
        methodology,
        checklists,
        centres=centres,
        inflation=inflation,
        share=settings.second_share,
        rng=default_rng(stream["second"]),
    )
    return SimulatedPilot(
        seed=seed,
        register=world.register,
        surveys=_simulate_surveys(methodology, world, stream=stream["surveys"]),
        checklist=_code_checklist(checklists.first, methodology),
        second_checklist=_code_checklist(second, methodology),
        experts=simulate_experts(methodology, rng=default_rng(stream["experts"])),
        truth=_tabulate_truth(methodology, world, inflation=inflation, checklist=checklists.first),
    )


def simulate_edition(edition: Edition) -> SimulatedPilot:
    """Simulate the pilot of an edition.

    Raises
    ------
    EditionError
        If the edition has no simulation, or one that cannot be: see :func:`plan_pilot` and
        :func:`clientindex.simulate.earlier.draw_earlier_world`.
    """
    return simulate_plan(plan_pilot(edition))


def _draw(plan: PilotPlan) -> World:
    if plan.later is None and plan.settings.earlier_than is None:
        return draw_world(plan)
    if plan.later is None:
        msg = "a year that is earlier than another needs the plan of the later edition"
        raise EditionError(msg)
    return draw_earlier_world(plan, later=_draw(plan.later))


def _simulate_surveys(
    methodology: Methodology, world: World, *, stream: SeedSequence
) -> dict[str, pd.DataFrame]:
    centres = world.register["centre"].to_numpy(dtype=str)
    visitors = world.register["visitors"].to_numpy(dtype=np.float64)
    surveys = {}
    for (key, size), child in zip(world.sizes.items(), stream.spawn(len(world.sizes)), strict=True):
        centre_of = assign_centres(visitors, n_respondents=size)
        plan = SurveyPlan(
            segment=key,
            shift=segment_shift(key, methodology),
            centres=centres[centre_of],
            effects=world.effects[centre_of],
            missing_shares=world.missing_shares,
            centre_of=centre_of,
            mix=world.mix if key == main_segment(methodology) else None,
        )
        surveys[key] = simulate_survey(methodology, world.model, plan, rng=default_rng(child))
    return surveys


def _code_checklist(checklist: pd.DataFrame, methodology: Methodology) -> pd.DataFrame:
    rule = methodology.checklist
    codes = {} if rule is None else {answer: written[0] for answer, written in rule.answers.items()}
    coded = [codes.get(answer, answer) for answer in checklist["answer"]]
    return checklist[["centre", "item"]].assign(answer=coded)


def _tabulate_truth(
    methodology: Methodology,
    world: World,
    *,
    inflation: NDArray[np.float64],
    checklist: pd.DataFrame,
) -> PilotTruth:
    register, keys = world.register, list(methodology.indicator_keys)
    scores = {key: tabulate_scores(points, methodology) for key, points in world.points.items()}
    indicators = {key: pd.DataFrame(points, columns=keys) for key, points in world.points.items()}
    turned = checklist.groupby("centre")["turned"].sum().reindex(register["centre"], fill_value=0)
    centres = register[["centre", "name", "region"]].join(combine_segments(scores, methodology))
    centres["is_inflated"] = inflation > 0
    centres["inflation"] = inflation
    centres["items_turned"] = turned.to_numpy()
    return PilotTruth(
        centres=centres,
        segments=_stack_segments(scores, register["centre"]),
        indicators=_stack_segments(indicators, register["centre"]),
        loadings=tabulate_loadings(world.model, methodology, missing_shares=world.missing_shares),
        factor_correlations=tabulate_correlations(world.model, methodology),
        region_effects=world.region_effects,
        common_mix=None if world.mix is None else _tabulate_common(methodology, world),
        trait_effects=None if world.mix is None else tabulate_effects(),
        change=world.change,
    )


def _tabulate_common(methodology: Methodology, world: World) -> pd.DataFrame:
    """Return the scores of centres with the same mix of clients everywhere."""
    scores = {
        key: tabulate_scores(points, methodology) for key, points in world.common_points.items()
    }
    return world.register[["centre"]].join(combine_segments(scores, methodology))


def _stack_segments(tables: Mapping[str, pd.DataFrame], centres: pd.Series) -> pd.DataFrame:
    """Put the tables of all segments under one another, each row named by centre and segment."""
    parts = []
    for segment, table in tables.items():
        part = table.copy()
        part.insert(0, "centre", centres.to_numpy())
        part.insert(1, "segment", segment)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
