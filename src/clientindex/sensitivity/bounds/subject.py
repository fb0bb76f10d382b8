"""The starred centres of an edition, ready for bounds: units, and checklists in the index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.sensitivity.bounds.units import Units

SAME = 1e-6
"""Points by which the published index may differ from that of the stated weights by rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """C starred centres in the order of their ranks.

    The published index is ``slope`` times that of the survey plus ``level``: slope 1 and level 0
    where no checklist is blended in.

    Attributes
    ----------
    units : Units
    slope, level : ndarray of shape (C,)
    """

    units: Units
    slope: NDArray[np.float64]
    level: NDArray[np.float64]

    @classmethod
    def of(
        cls, units: Units, centres: list[str], checklists: pd.DataFrame | None, weight: float | None
    ) -> Subject:
        """Let in checklists as :func:`clientindex.rating.blend.blend_checklists` does.

        Parameters
        ----------
        units : Units
            Of these centres.
        checklists : DataFrame or None
            ``centre``, ``key``, ``estimate``.
        weight : float or None
            Share of the checklist.
        """
        slope, level = np.ones(len(centres)), np.zeros(len(centres))
        if checklists is not None and weight is not None:
            index = checklists[(checklists["key"] == "index").to_numpy()].set_index("centre")
            other = index["estimate"].reindex(centres).to_numpy(np.float64)
            both = ~np.isnan(other)
            slope, level = np.where(both, 1 - weight, 1.0), np.where(both, weight * other, 0.0)
        return cls(units=units, slope=slope, level=level)

    @property
    def n(self) -> int:
        """Number of centres C."""
        return self.units.n_centres

    def find_index(
        self, rows: NDArray[np.intp], band: NDArray[np.float64], largest: bool
    ) -> NDArray[np.float64]:
        """Return the largest or smallest index of some centres, each in its own band."""
        units = self.units if len(rows) == self.n else self.units.select(rows)
        found = units.find_index(band=band, largest=largest)
        return self.slope[rows] * found + self.level[rows]

    def find_range(self, band: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the smallest and the largest index of all centres in one band."""
        rows, bands = np.arange(self.n), np.full(self.n, band)
        return self.find_index(rows, bands, False), self.find_index(rows, bands, True)

    def find_stated(self) -> NDArray[np.float64]:
        """Return the index under the stated weights."""
        return self.find_index(np.arange(self.n), np.zeros(self.n), True)

    def take_values(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the indicator scores of centres that are one unit, checklists let in.

        With arithmetic means a blended checklist is as if it were blended into every indicator, as
        weights sum to 1. With others it is not, and the values are those of the survey.
        """
        x = self.units.x[np.searchsorted(self.units.centre_of, rows)]
        if not self.is_linear:
            return x
        return self.slope[rows, None] * x + self.level[rows, None]

    @property
    def is_linear(self) -> bool:
        """Whether the index is a weighted sum of the indicators."""
        return self.units.nest.has_one_power and self.units.nest.power_index == 1

    @property
    def blended(self) -> NDArray[np.bool_]:
        """Which centres have a checklist in their index that their values cannot hold."""
        return np.asarray((self.slope != 1) & (not self.is_linear))


def find_known(subject: Subject, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which indicators with weight each centre has, shape (rows, K)."""
    nest = subject.units.nest
    asked = (nest.inner > 0) & (nest.outer[nest.group_of] > 0)
    return np.asarray(~np.isnan(subject.take_values(rows)) & asked)
