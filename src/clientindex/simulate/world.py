"""Centres and the latent model of a pilot, before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.random import SeedSequence, default_rng

from clientindex.simulate.latent import (
    LatentModel,
    draw_effects,
    draw_model,
    main_segment,
    segment_shift,
)
from clientindex.simulate.places import share_out, simulate_register
from clientindex.simulate.survey import draw_missing_shares
from clientindex.simulate.traits import ClientMix, draw_mix, mixed_points
from clientindex.simulate.truth import expected_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.edition import Simulation
    from clientindex.methodology import Methodology
    from clientindex.simulate.plan import PilotPlan

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
    "earlier",
    "experts",
)
"""Each task draws from its own stream; a new task is added at the end."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class World:
    """Centres and the latent model.

    Attributes
    ----------
    register : DataFrame
        ``centre``, ``name``, ``region``, ``visitors`` of U centres.
    model : LatentModel
    region_effects : DataFrame
        ``region``, ``halo`` and one column a group.
    effects : ndarray of shape (U, 1 + G)
        Of the centre together with its region.
    missing_shares : ndarray of shape (K,)
    sizes : dict of str to int
        Respondents of every segment that has any.
    mix : ClientMix or None
    points : dict of str to ndarray of shape (U, K)
        By segment: true scores of indicators.
    common_points : dict of str to ndarray of shape (U, K)
        The same if all centres had the same clients.
    change : DataFrame or None
        See :class:`clientindex.simulate.pilot.PilotTruth`.
    """

    register: pd.DataFrame
    model: LatentModel
    region_effects: pd.DataFrame
    effects: NDArray[np.float64]
    missing_shares: NDArray[np.float64]
    sizes: dict[str, int]
    mix: ClientMix | None
    points: dict[str, NDArray[np.float64]]
    common_points: dict[str, NDArray[np.float64]]
    change: pd.DataFrame | None = None


def spread_seed(seed: int) -> dict[str, SeedSequence]:
    """Return the stream of every task."""
    return dict(zip(TASKS, SeedSequence(seed).spawn(len(TASKS)), strict=True))


def size_segments(methodology: Methodology, settings: Simulation) -> dict[str, int]:
    """Return the number of respondents of each segment that has any, in methodology order."""
    main = main_segment(methodology)
    others = [key for key in methodology.segment_keys if key != main]
    sizes = {main: settings.citizens}
    if others:
        shares = share_out(settings.employers, np.ones(len(others)))
        sizes |= dict(zip(others, shares.tolist(), strict=True))
    return {key: sizes[key] for key in methodology.segment_keys if sizes[key]}


def draw_world(plan: PilotPlan) -> World:
    """Draw the world of a pilot that is not earlier than another."""
    stream = spread_seed(plan.seed)
    n_answers = sum(size_segments(plan.methodology, plan.settings).values())
    register = simulate_register(
        plan.settings.centres, n_answers=n_answers, rng=default_rng(stream["register"])
    )
    model = draw_model(plan.methodology, rng=default_rng(stream["model"]))
    region_of, regions = pd.factorize(register["region"])
    by_region, effects = draw_effects(model, region_of, rng=default_rng(stream["effects"]))
    return settle_world(
        plan,
        register=register,
        model=model,
        region_effects=tabulate_regions(by_region, regions, plan.methodology),
        effects=effects,
        mix=draw_client_mix(plan, n_centres=len(register)),
    )


def tabulate_regions(
    by_region: NDArray[np.float64], regions: pd.Index[str], methodology: Methodology
) -> pd.DataFrame:
    """Return the effects of regions with their names."""
    table = pd.DataFrame(by_region, columns=["halo", *methodology.group_keys])
    table.insert(0, "region", regions)
    return table


def draw_client_mix(plan: PilotPlan, *, n_centres: int) -> ClientMix | None:
    """Draw the mix of clients where the settings ask for traits."""
    if not plan.settings.traits:
        return None
    return draw_mix(n_centres, rng=default_rng(spread_seed(plan.seed)["traits"]))


def settle_world(
    plan: PilotPlan,
    *,
    register: pd.DataFrame,
    model: LatentModel,
    region_effects: pd.DataFrame,
    effects: NDArray[np.float64],
    mix: ClientMix | None,
) -> World:
    """Put a world together: what is missing, who is asked, and what centres truly are."""
    points, common = find_points(plan, model, effects, mix=mix)
    missing = draw_missing_shares(
        len(plan.methodology.indicator_keys),
        average=plan.settings.missing_share,
        rng=default_rng(spread_seed(plan.seed)["missing"]),
    )
    return World(
        register=register,
        model=model,
        region_effects=region_effects,
        effects=effects,
        missing_shares=missing,
        sizes=size_segments(plan.methodology, plan.settings),
        mix=mix,
        points=points,
        common_points=common,
    )


def find_points(
    plan: PilotPlan, model: LatentModel, effects: NDArray[np.float64], *, mix: ClientMix | None
) -> tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]]]:
    """Return true scores of indicators by segment, and those with the same clients everywhere."""
    methodology = plan.methodology
    points = {
        key: expected_points(model, effects, shift=segment_shift(key, methodology))
        for key in size_segments(methodology, plan.settings)
    }
    common = dict(points)
    if mix is not None:
        main = main_segment(methodology)
        points[main], common[main] = mixed_points(
            model, effects, shift=segment_shift(main, methodology), mix=mix
        )
    return points, common
