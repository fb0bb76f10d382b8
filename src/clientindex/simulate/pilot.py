"""The simulated pilot as a whole: every table a real pilot would deliver, and the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.random import SeedSequence, default_rng

from clientindex.simulate.checklists import (
    draw_inflation,
    simulate_checklist,
    simulate_second_checklist,
)
from clientindex.simulate.latent import (
    LatentModel,
    draw_effects,
    draw_model,
    main_segment,
    segment_shift,
)
from clientindex.simulate.places import share_out, simulate_register
from clientindex.simulate.survey import (
    SurveyPlan,
    assign_centres,
    draw_missing_shares,
    simulate_survey,
)
from clientindex.simulate.traits import ClientMix, draw_mix, mixed_points, tabulate_effects
from clientindex.simulate.truth import (
    combine_segments,
    expected_points,
    tabulate_correlations,
    tabulate_loadings,
    tabulate_scores,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.edition import Simulation
    from clientindex.methodology import Methodology

TASKS = (
    "register",
    "model",
    "effects",
    "missing",
    "surveys",
    "inflation",
    "checklist",
    "second",
    "traits",
)
"""Each task draws from its own stream; a new task is added at the end."""


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
    """

    centres: pd.DataFrame
    segments: pd.DataFrame
    indicators: pd.DataFrame
    loadings: pd.DataFrame
    factor_correlations: pd.DataFrame
    region_effects: pd.DataFrame
    common_mix: pd.DataFrame | None = None
    trait_effects: pd.DataFrame | None = None


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
    truth : PilotTruth
    """

    seed: int
    register: pd.DataFrame
    surveys: Mapping[str, pd.DataFrame]
    checklist: pd.DataFrame
    second_checklist: pd.DataFrame
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
    streams = SeedSequence(seed).spawn(len(TASKS))
    stream = dict(zip(TASKS, streams, strict=True))
    world = _draw_world(methodology, settings, stream=stream)
    inflation = draw_inflation(
        settings.centres, share=settings.inflating_share, rng=default_rng(stream["inflation"])
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
        truth=_tabulate_truth(methodology, world, inflation=inflation, checklist=checklists.first),
    )


def size_segments(methodology: Methodology, settings: Simulation) -> dict[str, int]:
    """Return the number of respondents of each segment that has any, in methodology order."""
    main = main_segment(methodology)
    others = [key for key in methodology.segment_keys if key != main]
    sizes = {main: settings.citizens}
    if others:
        shares = share_out(settings.employers, np.ones(len(others)))
        sizes |= dict(zip(others, shares.tolist(), strict=True))
    return {key: sizes[key] for key in methodology.segment_keys if sizes[key]}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _World:
    """Centres and the latent model, before anybody is asked."""

    register: pd.DataFrame
    model: LatentModel
    region_effects: pd.DataFrame
    effects: NDArray[np.float64]
    missing_shares: NDArray[np.float64]
    sizes: dict[str, int]
    points: dict[str, NDArray[np.float64]]
    mix: ClientMix | None
    common_points: dict[str, NDArray[np.float64]]


def _draw_world(
    methodology: Methodology, settings: Simulation, *, stream: Mapping[str, SeedSequence]
) -> _World:
    sizes = size_segments(methodology, settings)
    register = simulate_register(
        settings.centres, n_answers=sum(sizes.values()), rng=default_rng(stream["register"])
    )
    model = draw_model(methodology, rng=default_rng(stream["model"]))
    region_of, regions = pd.factorize(register["region"])
    by_region, effects = draw_effects(model, region_of, rng=default_rng(stream["effects"]))
    region_effects = pd.DataFrame(by_region, columns=["halo", *methodology.group_keys])
    region_effects.insert(0, "region", regions)
    points = {
        key: expected_points(model, effects, shift=segment_shift(key, methodology)) for key in sizes
    }
    mix, common = None, dict(points)
    if settings.traits:
        mix, main = (
            draw_mix(settings.centres, rng=default_rng(stream["traits"])),
            main_segment(methodology),
        )
        points[main], common[main] = mixed_points(
            model, effects, shift=segment_shift(main, methodology), mix=mix
        )
    return _World(
        register=register,
        model=model,
        region_effects=region_effects,
        effects=effects,
        missing_shares=draw_missing_shares(
            len(methodology.indicator_keys),
            average=settings.missing_share,
            rng=default_rng(stream["missing"]),
        ),
        sizes=sizes,
        points=points,
        mix=mix,
        common_points=common,
    )


def _simulate_surveys(
    methodology: Methodology, world: _World, *, stream: SeedSequence
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
    world: _World,
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
    )


def _tabulate_common(methodology: Methodology, world: _World) -> pd.DataFrame:
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
