"""What of every run is analysed: four kinds of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.results.base import COUNTRY
from clientindex.sensitivity.runs.room import run_published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.sensitivity.runs.model import RunOutputs
    from clientindex.sensitivity.runs.room import RunSetup

RANK_SHIFT, CHANGED_STARS = "mean_rank_shift", "share_changed_stars"
REGION_MEAN, CENTRE_INDEX = "region_mean", "centre_index"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outputs:
    """Q outputs of a run.

    Attributes
    ----------
    names, keys : tuple of str of length Q
        "mean_rank_shift" (mean over starred centres of the distance from the published rank),
        "share_changed_stars" (of starred centres, those with another star than published, or none),
        "region_mean" (mean index of the region's centres that have a published one, and of the
        country's), "centre_index".
    order, starts, sizes : int ndarray
        Centres with an index by region, where each region starts among them, and its size.
    places : int ndarray
        Of the centres whose index is analysed.
    ranks, levels : int64 ndarray of shape (N,)
        Published ones.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...]
    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    sizes: NDArray[np.intp]
    places: NDArray[np.intp]
    ranks: NDArray[np.int64]
    levels: NDArray[np.int64]

    def take(self, found: RunOutputs) -> NDArray[np.float64]:
        """Return the outputs of R runs, shape (R, Q)."""
        shift = np.abs(found.ranks - self.ranks).mean(axis=1)
        changed = (found.levels != self.levels).mean(axis=1)
        sums = np.add.reduceat(found.index[:, self.order], self.starts, axis=1)
        country = sums.sum(axis=1, keepdims=True) / self.sizes.sum()
        singles = [column[:, None] for column in (shift, changed)]
        return np.concatenate(
            [*singles, sums / self.sizes, country, found.index[:, self.places]], axis=1
        )


def list_outputs(setup: RunSetup, *, centres: Sequence[str], n_centres: int) -> Outputs:
    """List the outputs.

    Parameters
    ----------
    setup : RunSetup
    centres : sequence of str
        Whose index is analysed.
    n_centres : int
        How many are taken where none is named, evenly along the ranks.

    Raises
    ------
    StatisticsError
        If a named centre has no star.
    """
    starred = setup.starred
    own = setup.model.published
    unknown = [centre for centre in centres if centre not in set(starred["centre"])]
    if unknown:
        msg = f"sensitivity of the index is asked for centres without a star: {', '.join(unknown)}"
        raise StatisticsError(msg)
    order = np.argsort(own.ranks, kind="stable")
    evenly = np.unique(np.linspace(0, len(order) - 1, min(n_centres, len(order))).round())
    chosen = list(centres) or starred["centre"].iloc[order[evenly.astype(int)]].tolist()
    at = {centre: place for place, centre in enumerate(starred["centre"])}
    has_index = np.flatnonzero(np.isfinite(setup.model.run(run_published(setup.model)).index[0]))
    regions = setup.region_of[has_index]
    numbers, starts, sizes = np.unique(np.sort(regions), return_index=True, return_counts=True)
    names = [setup.regions[number] for number in numbers]
    return Outputs(
        names=(
            RANK_SHIFT,
            CHANGED_STARS,
            *[REGION_MEAN] * (len(names) + 1),
            *[CENTRE_INDEX] * len(chosen),
        ),
        keys=("", "", *names, COUNTRY, *chosen),
        order=has_index[np.argsort(regions, kind="stable")],
        starts=starts,
        sizes=sizes,
        places=own.places[[at[centre] for centre in chosen]],
        ranks=own.ranks,
        levels=own.levels,
    )
