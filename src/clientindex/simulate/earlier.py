"""A year earlier than a simulated one: the same centres, not yet what they became.

Centres are carried back (`carried`). The halo of those that improved is then lowered until their
true change is the one asked for, and that of all others by one amount, until the mean true change
of centres of both years is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import default_rng
from scipy.optimize import brentq

from clientindex.errors import EditionError
from clientindex.simulate.carried import carry_effects, carry_model
from clientindex.simulate.change import OneMethodIndex, find_index, fold, tabulate_change
from clientindex.simulate.earlier_register import CLOSED, EarlierCentres, draw_earlier_centres
from clientindex.simulate.world import (
    World,
    draw_client_mix,
    find_points,
    settle_world,
    size_segments,
    spread_seed,
)

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from clientindex.edition import EarlierThan
    from clientindex.simulate.latent import LatentModel
    from clientindex.simulate.plan import PilotPlan

FURTHEST_HALO = 6.0
"""No halo is moved by more standard deviations."""

LOWEST_INDEX = 20.0
"""Only centres that would still have had this index are chosen to have improved."""

HALVINGS = 60
"""Of the interval of halos: to the accuracy of numbers."""


def draw_earlier_world(plan: PilotPlan, *, later: World) -> World:
    """Draw the world of a year from that of the later one.

    Parameters
    ----------
    plan : PilotPlan
        With the plan of the later year.
    later : World

    Returns
    -------
    World
        With ``change``. Effects of centres hold what their halo was lowered by; those of regions do
        not.

    Raises
    ------
    EditionError
        If the years have nothing in common, the register cannot be (see
        :func:`clientindex.simulate.earlier_register.draw_earlier_centres`), there are too few
        centres to improve so much, or the mean change is out of reach.
    """
    settings, after = plan.settings.earlier_than, plan.later
    if settings is None or after is None:
        msg = "the plan of a later edition and 'simulation.earlier_than' go together"
        raise EditionError(msg)
    stream = spread_seed(plan.seed)
    rng = default_rng(stream["earlier"])
    centres = draw_earlier_centres(later.register, settings, renamed=after.renamed, rng=rng)
    model = carry_model(
        plan.methodology,
        after.methodology,
        model=later.model,
        rng=default_rng(stream["model"]),
    )
    region_effects, effects = carry_effects(
        centres,
        model,
        later=later,
        methodologies=(plan.methodology, after.methodology),
        correlation=settings.correlation,
        rng=default_rng(stream["effects"]),
    )
    years = TwoYears(plan, centres, model=model, later=later)
    improved = _choose_improved(years, settings, rng=rng)
    effects = _lower_halos(years, effects, improved=improved, settings=settings)
    world = settle_world(
        plan,
        register=centres.register,
        model=model,
        region_effects=region_effects,
        effects=effects,
        mix=years.mix,
    )
    change = tabulate_change(
        later.register,
        centres,
        index=(
            find_index(world.points, plan.methodology),
            find_index(later.points, after.methodology),
        ),
        one_method=(years.score_before(effects), years.after),
        improved=improved,
    )
    return replace(world, change=change)


class TwoYears:
    """Both years by one method.

    Attributes
    ----------
    centres : EarlierCentres
    mix : ClientMix or None
        Of the earlier year.
    after : ndarray of shape (U,)
        True index of the later year.
    """

    def __init__(
        self, plan: PilotPlan, centres: EarlierCentres, *, model: LatentModel, later: World
    ) -> None:
        assert plan.later is not None
        segments = {*size_segments(plan.methodology, plan.settings)} & {*later.sizes}
        self._plan, self._model = plan, model
        self._method = OneMethodIndex(plan.later.methodology, plan.methodology, segments=segments)
        self.centres = centres
        self.mix = draw_client_mix(plan, n_centres=len(centres.register))
        self.after = self._method.score(later.points, plan.later.methodology)

    def score_before(self, effects: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the true index of the V earlier centres with these effects."""
        points, _ = find_points(self._plan, self._model, effects, mix=self.mix)
        return self._method.score(points, self._plan.methodology)

    def find_mean_change(self, effects: NDArray[np.float64]) -> float:
        """Return the mean true change of centres of both years."""
        before = fold(self.score_before(effects), self.centres, n_later=len(self.after))
        return float(np.nanmean(self.after - before))


def _choose_improved(
    years: TwoYears, settings: EarlierThan, *, rng: Generator
) -> NDArray[np.bool_]:
    """Choose among centres that were one centre, and whose index allows it."""
    source = years.centres.source
    alone = np.bincount(source[source != CLOSED], minlength=len(years.after)) == 1
    fits = alone & (years.after - settings.improvement >= LOWEST_INDEX)
    free = np.flatnonzero((source != CLOSED) & fits[source])
    if settings.improved > len(free):
        msg = (
            f"'simulation.earlier_than.improved': {settings.improved} centres by "
            f"{settings.improvement:g} points; only {len(free)} were one centre and would have had "
            f"an index of {LOWEST_INDEX:g} or more before"
        )
        raise EditionError(msg)
    improved = np.zeros(len(source), dtype=bool)
    improved[rng.permutation(free)[: settings.improved]] = True
    return improved


def _lower_halos(
    years: TwoYears,
    effects: NDArray[np.float64],
    *,
    improved: NDArray[np.bool_],
    settings: EarlierThan,
) -> NDArray[np.float64]:
    """Lower the halos of improved centres one by one, then those of all others by one amount."""
    wanted = years.after[years.centres.source] - settings.improvement
    low = np.full(len(effects), -FURTHEST_HALO)
    high = -low
    for _ in range(HALVINGS if improved.any() else 0):
        middle = (low + high) / 2
        above = years.score_before(_move_halos(effects, middle)) > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    moved = _move_halos(effects, np.where(improved, low, 0.0))

    def miss(move: float) -> float:
        by = np.where(improved, 0.0, move)
        return years.find_mean_change(_move_halos(moved, by)) - settings.change

    if miss(-FURTHEST_HALO) < 0 or miss(FURTHEST_HALO) > 0:
        msg = (
            f"'simulation.earlier_than.change': a mean change of {settings.change:g} points is out "
            "of reach; choose one nearer to 0, or fewer centres that improved"
        )
        raise EditionError(msg)
    move = float(brentq(miss, -FURTHEST_HALO, FURTHEST_HALO, xtol=1e-12))
    return _move_halos(moved, np.where(improved, 0.0, move))


def _move_halos(effects: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    moved = effects.copy()
    moved[:, 0] += by
    return moved
