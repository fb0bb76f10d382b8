"""Checklists that the simulated staff fill in: honestly in most centres, flattering in some."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedChecklists:
    """Checklists of U centres with I items, and what they were drawn from.

    Attributes
    ----------
    first : DataFrame
        ``centre``, ``item``, ``answer`` ("yes", "no", "not_applicable") and ``turned`` (bool, an
        honest "no" written as "yes"); one row a centre and item, by centre. Empty when the
        methodology has no checklist items.
    chances : ndarray of shape (U, I)
        Probability of an honest "yes".
    applies : bool ndarray of shape (U, I)
    """

    first: pd.DataFrame
    chances: NDArray[np.float64]
    applies: NDArray[np.bool_]


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
) -> SimulatedChecklists:
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
    SimulatedChecklists
    """
    levels = np.clip(points / 100, LEVEL_MARGIN, 1 - LEVEL_MARGIN)
    noisy = norm.ppf(levels) + ITEM_NOISE_SD * rng.standard_normal(points.shape)
    items = _list_items(methodology)
    chances = norm.cdf(noisy)[:, [k for k, _ in items]]
    honest_yes, turned = _answer(chances, inflation, rng)
    applies = rng.random(chances.shape) >= NOT_APPLICABLE_SHARE
    answers = np.where(applies, np.where(honest_yes | turned, "yes", "no"), "not_applicable")
    filled = _tabulate(centres, items, answers).assign(turned=(turned & applies).ravel())
    return SimulatedChecklists(first=filled, chances=chances, applies=applies)


def simulate_second_checklist(
    methodology: Methodology,
    checklists: SimulatedChecklists,
    *,
    centres: NDArray[np.str_],
    inflation: NDArray[np.float64],
    share: float,
    rng: Generator,
) -> pd.DataFrame:
    """Draw the answers of some centres whose staff fill the checklist in once more.

    Nothing changes between the visits: the same chances, the same items that do not apply, the same
    probability of flattering; only the answers are drawn anew. A share of 0 gives no rows.

    Parameters
    ----------
    methodology : Methodology
    checklists : SimulatedChecklists
    centres : ndarray of shape (U,)
    inflation : ndarray of shape (U,)
    share : float
        Of the centres that are visited again, to the nearest whole number.
    rng : Generator

    Returns
    -------
    DataFrame
        ``centre``, ``item``, ``answer``.
    """
    number = int(np.floor(share * len(centres) + 0.5))
    chosen = np.sort(rng.permutation(len(centres))[:number])
    honest_yes, turned = _answer(checklists.chances[chosen], inflation[chosen], rng)
    applies = checklists.applies[chosen]
    answers = np.where(applies, np.where(honest_yes | turned, "yes", "no"), "not_applicable")
    return _tabulate(centres[chosen], _list_items(methodology), answers)


def _list_items(methodology: Methodology) -> list[tuple[int, str]]:
    return [
        (k, item.key)
        for k, key in enumerate(methodology.indicator_keys)
        for item in methodology.indicator(key).checklist
    ]


def _answer(
    chances: NDArray[np.float64], inflation: NDArray[np.float64], rng: Generator
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the honest "yes" and the honest "no" turned into "yes"."""
    honest_yes = rng.random(chances.shape) < chances
    turned = ~honest_yes & (rng.random(chances.shape) < inflation[:, None])
    return honest_yes, turned


def _tabulate(
    centres: NDArray[np.str_], items: list[tuple[int, str]], answers: NDArray[np.str_]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "centre": np.repeat(centres, len(items)),
            "item": [key for _, key in items] * len(centres),
            "answer": answers.ravel(),
        }
    )
