"""How far weights may move when the largest and the smallest index of a centre are sought."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from clientindex.settings import Settings


class WeightBoundsSettings(Settings):
    """Exact answers on weights that move within a band.

    `band_pct`: every weight moves by up to plus-minus this per cent of its stated value. `moves`:
    weights of groups and those of indicators inside groups ("both"), or of one level only.
    `weights`: "within_band" leaves every weight in its band, the sum inside a parent being 1;
    "rescaled" multiplies weights by factors in the band and re-scales them to sum to 1, as random
    weightings do, so that a weight may leave its band a little. `tolerance_pct`: how exactly the
    smallest band is told at which a star changes or two centres swap.
    """

    band_pct: float = Field(default=25.0, gt=0, le=100)
    moves: Literal["both", "groups", "indicators"] = "both"
    weights: Literal["within_band", "rescaled"] = "within_band"
    tolerance_pct: float = Field(default=0.001, ge=1e-6, le=1)
