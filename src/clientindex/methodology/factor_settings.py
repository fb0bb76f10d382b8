"""How the structure of the indicators is analysed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from clientindex.methodology.texts import Bilingual, Key  # noqa: TC001 - pydantic reads it
from clientindex.settings import Settings


class ZeroCells(Settings):
    """What is added to an empty cell of a two-way table before a polychoric correlation.

    The defaults are those of R ``lavaan``: one half in a 2 x 2 table, where an empty cell makes
    the correlation 1; nothing in a larger one.
    """

    two_by_two: float = Field(default=0.5, ge=0, le=1)
    larger: float = Field(default=0.0, ge=0, le=1)


class FactorModel(Settings):
    """A confirmatory model of one's own, in the syntax of lavaan."""

    key: Key
    name: Bilingual
    syntax: str = Field(min_length=1)


class FactorSettings(Settings):
    """Settings of the factor analyses.

    `correlations` is what exploratory analysis, validity and suitability lead with; the other kind
    stands beside it. `estimators` fit the confirmatory models; the first one leads.
    """

    n_factors: int = Field(ge=1)
    method: Literal["minres", "ml", "principal_axis"] = "minres"
    rotation: Literal["oblimin", "promax", "varimax", "geomin", "bifactor", "target", "none"] = (
        "oblimin"
    )
    salient_loading: float = Field(default=0.4, gt=0, lt=1)
    correlations: Literal["polychoric", "pearson"] = "polychoric"
    polychoric: Literal["two_step", "ml"] = "two_step"
    zero_cells: ZeroCells = Field(default_factory=ZeroCells)
    random_replicates: int = Field(default=200, ge=20)
    random_quantile: float = Field(default=0.95, gt=0.5, lt=1)
    estimators: tuple[Literal["ml", "mlr", "uls", "wlsmv"], ...] = Field(
        default=("wlsmv", "mlr"), min_length=1
    )
    models: tuple[FactorModel, ...] = ()
    invariance: tuple[Literal["segment", "region", "channel", "period"], ...] = (
        "segment",
        "region",
        "channel",
        "period",
    )
