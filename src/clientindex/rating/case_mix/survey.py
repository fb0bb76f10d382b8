"""The survey that an adjustment for clients starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from clientindex.intake.tables import Responses


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """What an adjustment starts from.

    Attributes
    ----------
    responses : Responses
    weight : ndarray of shape (N,) or None
        Weights of the respondents where the settings ask for them.
    age_bands : sequence of int
        First years of all age groups but the youngest.
    visitors : mapping of str to float
        Number of visitors by centre, for the finite-population correction.
    """

    responses: Responses
    weight: NDArray[np.float64] | None = None
    age_bands: Sequence[int] = ()
    visitors: Mapping[str, float] | None = None
