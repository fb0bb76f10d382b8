r"""What a simulated year has of the later one: the questions of both, and centres as they were.

The part of a centre in the halo and in the group factors, and that of its region, are each

.. math:: e_{earlier} = r\, e_{later} + \sqrt{1 - r^2}\, e_{new},

so they vary as in the later year and correlate :math:`r` with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.simulate.change import find_common
from clientindex.simulate.earlier_register import CLOSED, EarlierCentres
from clientindex.simulate.latent import LatentModel, draw_effects, draw_model
from clientindex.simulate.world import World, tabulate_regions

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology


def carry_model(
    earlier: Methodology, later: Methodology, *, model: LatentModel, rng: Generator
) -> LatentModel:
    """Draw the latent model of the earlier year.

    Parameters
    ----------
    earlier, later : Methodology
    model : LatentModel
        Of the later year.
    rng : Generator

    Returns
    -------
    LatentModel
        Indicators whose answers give the same points in both years have the later loadings and
        thresholds, groups of both the later ties; all else is drawn.
    """
    fresh = draw_model(earlier, rng=rng)
    loadings, thresholds, ties = fresh.loadings.copy(), list(fresh.thresholds), fresh.ties.copy()
    for key in find_common(later, earlier):
        here, there = earlier.indicator_keys.index(key), later.indicator_keys.index(key)
        group = 1 + earlier.group_keys.index(earlier.group_of(key))
        loadings[here, 0] = model.loadings[there, 0]
        loadings[here, group] = model.loadings[there, 1:].sum()
        thresholds[here] = model.thresholds[there]
    for here, there in _pair_groups(earlier, later):
        ties[here] = model.ties[there]
    return replace(fresh, loadings=loadings, thresholds=tuple(thresholds), ties=ties)


def carry_effects(
    centres: EarlierCentres,
    model: LatentModel,
    *,
    later: World,
    methodologies: tuple[Methodology, Methodology],
    correlation: float,
    rng: Generator,
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Draw the effects of the earlier year.

    Parameters
    ----------
    centres : EarlierCentres
        V centres.
    model : LatentModel
        Of the earlier year.
    later : World
    methodologies : tuple of Methodology
        The earlier and the later one.
    correlation : float
        Of effects in both years; those of groups that only the earlier year has are drawn.
    rng : Generator

    Returns
    -------
    region_effects : DataFrame
        ``region``, ``halo`` and one column a group.
    effects : ndarray of shape (V, 1 + G)
        Of centres with the region that they were of.
    """
    region_of, regions = pd.factorize(centres.register["region"])
    by_region, total = draw_effects(model, region_of, rng=rng)
    own = total - by_region[region_of]
    there = later.region_effects.set_index("region")
    later_regions = there.loc[regions].to_numpy(float)
    later_own = later.effects - there.loc[later.register["region"]].to_numpy(float)
    kept = centres.source != CLOSED
    source = centres.source[kept]
    pairs = [(0, 0), *((1 + a, 1 + b) for a, b in _pair_groups(*methodologies))]
    for here, other in pairs:
        by_region[:, here] = _blend(by_region[:, here], later_regions[:, other], correlation)
        own[kept, here] = _blend(own[kept, here], later_own[source, other], correlation)
    table = tabulate_regions(by_region, regions, methodologies[0])
    return table, by_region[region_of] + own


def _pair_groups(earlier: Methodology, later: Methodology) -> list[tuple[int, int]]:
    """Return the places of every group of both."""
    keys = later.group_keys
    return [(n, keys.index(key)) for n, key in enumerate(earlier.group_keys) if key in keys]


def _blend(fresh: NDArray[np.float64], known: NDArray[np.float64], r: float) -> NDArray[np.float64]:
    return np.asarray(r * known + np.sqrt(1 - r**2) * fresh)
