"""Checklists that the simulated staff fill in: honestly in most centres, flattering in some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology

ITEM_NOISE_SD = 0.3
"""Noise of the checklist on the probit scale, shared by the items of one indicator in a centre:
staff and visitors do not look at quite the same thing."""

NOT_APPLICABLE_SHARE = 0.04
"""Share of items that do not apply to a centre."""

INFLATION = (0.4, 0.8)
"""Range of the probability with which a flattering centre turns an honest "no" into "yes"."""

LEVEL_MARGIN = 1e-6
"""Levels are kept this far from 0 and 1, where the probit is infinite."""


def draw_inflation(n_centres: int, *, share: float, rng: Generator) -> NDArray[np.float64]:
    """Draw the probability with which each centre turns an honest "no" into "yes".

    Exactly `share` of the centres, to the nearest whole number, flatter; the others have 0.

    Returns
    -------
    ndarray of shape (n_centres,)
    """
    probability = np.zeros(n_centres)
    chosen = rng.permutation(n_centres)[: int(np.floor(share * n_centres + 0.5))]
    probability[chosen] = rng.uniform(*INFLATION, size=len(chosen))
    return probability


def simulate_checklist(
    methodology: Methodology,
    *,
    centres: NDArray[np.str_],
    points: NDArray[np.float64],
    inflation: NDArray[np.float64],
    rng: Generator,
) -> pd.DataFrame:
    """Draw the checklist answers of all centres.

    An honest "yes" to an item of indicator k in centre c has probability
    Phi(probit(points_ck / 100) + noise_ck); so the expected honest checklist score is near the
    true survey score. A flattering centre turns each honest "no" into "yes" with its probability.

    Parameters
    ----------
    methodology : Methodology
    centres : ndarray of shape (U,)
    points : ndarray of shape (U, K)
        True scores 0-100 of indicators.
    inflation : ndarray of shape (U,)
        Probability of turning "no" into "yes".
    rng : Generator

    Returns
    -------
    DataFrame
        ``centre``, ``item``, ``answer`` ("yes", "no", "not_applicable") and ``turned`` (bool, an
        honest "no" written as "yes"); one row a centre and item, by centre. Empty when the
        methodology has no checklist items.
    """
    items = [
        (k, item.key)
        for k, key in enumerate(methodology.indicator_keys)
        for item in methodology.indicator(key).checklist
    ]
    levels = np.clip(points / 100, LEVEL_MARGIN, 1 - LEVEL_MARGIN)
    noisy = norm.ppf(levels) + ITEM_NOISE_SD * rng.standard_normal(points.shape)
    chances = norm.cdf(noisy)[:, [k for k, _ in items]]
    honest_yes = rng.random(chances.shape) < chances
    turned = ~honest_yes & (rng.random(chances.shape) < inflation[:, None])
    applies = rng.random(chances.shape) >= NOT_APPLICABLE_SHARE
    answers = np.where(applies, np.where(honest_yes | turned, "yes", "no"), "not_applicable")
    return pd.DataFrame(
        {
            "centre": np.repeat(centres, len(items)),
            "item": [key for _, key in items] * len(centres),
            "answer": answers.ravel(),
            "turned": (turned & applies).ravel(),
        }
    )
