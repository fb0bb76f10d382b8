"""Traits of simulated clients: they colour answers, and their mix differs between centres."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.simulate.truth import expected_points

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from clientindex.simulate.latent import LatentModel

TRAITS: dict[str, dict[str, tuple[float, float]]] = {
    "sex": {"женский": (0.58, 0.08), "мужской": (0.42, -0.08)},
    "age": {
        "0-24": (0.14, -0.15),
        "25-44": (0.38, -0.05),
        "45-59": (0.33, 0.08),
        "60+": (0.15, 0.30),
    },
    "education": {"среднее": (0.55, 0.12), "высшее": (0.45, -0.12)},
}
"""Trait -> level -> share of all clients, and what it adds to the latent quality of every
indicator, in standard deviations. Older clients are content with more and educated ones with less,
as surveys of services find."""

MIX_SPREAD = 0.6
"""SD between centres of the log odds of every level: shares of a third then run from about a
seventh to three fifths."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClientMix:
    """Shares of the levels of every trait in U centres.

    Attributes
    ----------
    shares : dict of str to ndarray of shape (U, L)
        By trait, in the order of :data:`TRAITS`; traits are independent in a centre.
    """

    shares: dict[str, NDArray[np.float64]]


def draw_mix(n_centres: int, *, rng: Generator) -> ClientMix:
    """Draw the mix of clients of every centre."""
    shares = {}
    for name, levels in TRAITS.items():
        base = np.log([share for share, _ in levels.values()])
        odds = np.exp(base + MIX_SPREAD * rng.standard_normal((n_centres, len(levels))))
        shares[name] = odds / odds.sum(axis=1, keepdims=True)
    return ClientMix(shares=shares)


def draw_traits(
    mix: ClientMix, centre_of: NDArray[np.intp], *, rng: Generator
) -> tuple[dict[str, NDArray[np.str_]], NDArray[np.float64]]:
    """Draw the traits of respondents.

    Parameters
    ----------
    mix : ClientMix
    centre_of : ndarray of shape (N,)
        Centre of each respondent.
    rng : Generator

    Returns
    -------
    levels : dict of str to ndarray of shape (N,)
    effect : ndarray of shape (N,)
        What the traits add to the latent quality.
    """
    levels, effect = {}, np.zeros(len(centre_of))
    for name, known in TRAITS.items():
        steps = np.cumsum(mix.shares[name], axis=1)[centre_of, :-1]
        drawn = (rng.random(len(centre_of))[:, None] > steps).sum(axis=1)
        levels[name] = np.array(list(known))[drawn]
        effect += np.array([add for _, add in known.values()])[drawn]
    return levels, effect


def mixed_points(
    model: LatentModel,
    centre_effects: NDArray[np.float64],
    *,
    shift: float,
    mix: ClientMix,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the expected scores of every indicator with the centre's mix, and with that of all.

    Returns
    -------
    own : ndarray of shape (U, K)
        What an unlimited survey of the centre would show.
    common : ndarray of shape (U, K)
        What it would show if the centre had the clients of :data:`TRAITS`.
    """
    n_centres, n_items = len(centre_effects), len(model.thresholds)
    own, common = (np.zeros((n_centres, n_items)) for _ in range(2))
    choices = [list(enumerate(known.values())) for known in TRAITS.values()]
    for combination in product(*choices):
        shares = [
            mix.shares[name][:, at] for name, (at, _) in zip(TRAITS, combination, strict=True)
        ]
        effect = sum(add for _, (_, add) in combination)
        points = expected_points(model, centre_effects, shift=shift + effect)
        own += np.prod(shares, axis=0)[:, None] * points
        common += np.prod([share for _, (share, _) in combination]) * points
    return own, common


def tabulate_effects() -> pd.DataFrame:
    """Return the share and the effect of every level, one row each."""
    rows = [
        (name, level, share, effect)
        for name, levels in TRAITS.items()
        for level, (share, effect) in levels.items()
    ]
    return pd.DataFrame(rows, columns=["trait", "level", "share", "effect"])
