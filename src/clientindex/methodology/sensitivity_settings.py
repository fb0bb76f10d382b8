"""How the weights of a methodology are drawn, to see what depends on them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from clientindex.settings import Settings

DrawKind = Literal["band", "dirichlet", "simplex"]
Varied = Literal["both", "indicators", "groups"]


class SensitivitySettings(Settings):
    """Random weightings.

    `draws`: how many; two are the fewest that have a spread, and so a Monte Carlo error.
    `kind`: "band" moves every weight by up to plus-minus `band_pct` per cent; "dirichlet" draws the
    weights of one parent from a Dirichlet distribution about the stated ones; "simplex" takes any
    weights of one parent for equally likely, whatever is stated. Weights are re-scaled to sum to 1
    inside their parent, and a weight of 0 stays 0. `band_pct` is of "band" only. `concentration` is
    of "dirichlet" only: the larger, the nearer to the stated weights; a weight w has the standard
    deviation ``sqrt(w (1 - w) / (concentration + 1))``.
    `vary`: weights of indicators inside groups, of groups, or both.
    `rank_classes`: classes of ranks, equally wide, whose shares of draws are told for each centre;
    as many as there are centres, or more, tell every rank.
    """

    draws: int = Field(default=1000, ge=2)
    band_pct: float = Field(default=25.0, gt=0, le=100)
    kind: DrawKind = "band"
    concentration: float = Field(default=100.0, ge=1, allow_inf_nan=False)
    vary: Varied = "both"
    rank_classes: int = Field(default=10, ge=1)
