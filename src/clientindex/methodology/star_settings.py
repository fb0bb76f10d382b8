"""The star rule of a methodology: cut points stated or found, caps, and what withholds a star."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray  # noqa: TC002 - pydantic reads annotations when the class is made
from pydantic import Field, model_validator

from clientindex.methodology.texts import Key  # noqa: TC001 - as above
from clientindex.settings import Settings

RuleName = Literal["fixed", "quantiles", "k_means", "optimal_k_means", "hierarchical"]
ALL_PEERS = "all"
"""Name of the one peer group of all centres, where the methodology makes none."""

HOLDS = ("1", "yes", "true", "да")
"""Texts of the register that mean that a flag holds, unless a cap lists others."""


class StarBand(Settings):
    """Scores that earn one number of stars: closed below, open above.

    With half stars, `stars` is the place of the band: 1, 2, 3 ... for 1, 1.5, 2 ... stars.
    """

    stars: int = Field(ge=1)
    lower: float = Field(alias="from")
    upper: float = Field(alias="to")


class KMeansSettings(Settings):
    """How k-means starts, and which scores may move a centre of a cluster.

    `start`: "quantile_medians" (medians of the bins that quantiles divide), "quantiles" or the
    start centres themselves, rising. `quantile_type`: 1 to 9 (Hyndman and Fan). `outlier_limit`:
    after the plain run once more, from where it settled, with scores farther than this from every
    centre not moving one; in units of the score.
    """

    start: Literal["quantile_medians", "quantiles"] | tuple[float, ...] = "quantile_medians"
    quantile_type: int = Field(default=7, ge=1, le=9)
    outlier_limit: float | None = Field(default=None, gt=0)


class QuantileSettings(Settings):
    """Share of centres for each star, lowest first (equal shares unless given), and the type."""

    shares: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = ()
    quantile_type: int = Field(default=7, ge=1, le=9)


class PeerGroups(Settings):
    """Centres that are compared with each other only: cut points are found inside each group.

    `by`: "groups" (number of groups of indicators that have at least the indicators which the
    requirements ask for), "region", or "attribute" (the column of the register that the edition
    names under `attributes`). A peer group of fewer than `minimum_centres` gives no stars.
    """

    by: Literal["groups", "region", "attribute"]
    attribute: Key | None = None
    minimum_centres: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _check_attribute(self) -> PeerGroups:
        if (self.by == "attribute") != (self.attribute is not None):
            msg = "an attribute is named for peer groups by attribute, and only for them"
            raise ValueError(msg)
        return self


class Requirements(Settings):
    """What a centre must have for a star, beside the minimum sample.

    A group counts when at least `minimum_indicators_per_group` of its indicators have a value.
    `minimum_groups` groups must count, and, where `any_of` names groups, one of those. Each segment
    of visitors that has a weight needs `minimum_per_segment` respondents, so that no few answers
    have much of the weight; 0 asks for none, and then a segment without answers leaves its weight
    to the others.
    """

    minimum_groups: int = Field(default=0, ge=0)
    minimum_indicators_per_group: int = Field(default=1, ge=1)
    any_of: tuple[Key, ...] = ()
    minimum_per_segment: int = Field(default=0, ge=0)


class Cap(Settings):
    """No more than `at_most` stars where a condition holds.

    One of: `score` of the group (or of the index, without `group`) below this; `stars` below this
    by the same cut points (of `group`: its score against the cut points of the index); `flag`, an
    attribute of the register whose text is one of `holds`.
    """

    reason: Key
    at_most: float = Field(ge=1)
    group: Key | None = None
    score_below: float | None = None
    stars_below: float | None = None
    flag: Key | None = None
    holds: tuple[str, ...] = HOLDS

    @model_validator(mode="before")
    @classmethod
    def _read_holds(cls, data: Any) -> Any:
        """Accept numbers among the texts of a flag: YAML reads 1 as one."""
        if isinstance(data, dict) and isinstance(data.get("holds"), list):
            return {**data, "holds": [str(text) for text in data["holds"]]}
        return data

    @model_validator(mode="after")
    def _check_condition(self) -> Cap:
        given = [v is not None for v in (self.score_below, self.stars_below, self.flag)]
        if sum(given) != 1 or (self.flag is not None and self.group is not None):
            msg = (
                "a cap has one condition: score_below or stars_below (of a group, or without one "
                "score_below of the index), or a flag"
            )
            raise ValueError(msg)
        if self.stars_below is not None and self.group is None:
            msg = "stars_below is a condition on the stars of a group: name the group"
            raise ValueError(msg)
        return self


class GuardrailSettings(Settings):
    """Cut points stay near the previous ones: the narrower of two limits counts.

    `previous`: cut points of the previous edition, by peer group ("all" without peer groups).
    `absolute`: in units of the score. `relative`: share of `span`, or of the previous cut point
    itself where no span is given.
    """

    previous: dict[str, tuple[float, ...]] = Field(min_length=1)
    absolute: float | None = Field(default=None, ge=0)
    relative: float | None = Field(default=None, ge=0, lt=1)
    span: float | None = Field(default=None, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _accept_one_row(cls, data: Any) -> Any:
        """Accept a plain list of cut points for the one group of all centres."""
        if isinstance(data, dict) and isinstance(data.get("previous"), (list, tuple)):
            return {**data, "previous": {ALL_PEERS: data["previous"]}}
        if isinstance(data, dict) and isinstance(data.get("previous"), dict):
            return {**data, "previous": {str(key): v for key, v in data["previous"].items()}}
        return data

    @model_validator(mode="after")
    def _check_limits(self) -> GuardrailSettings:
        if self.absolute is None and self.relative is None:
            msg = "a guardrail needs an absolute limit, a relative one, or both"
            raise ValueError(msg)
        return self


class StarRule(Settings):
    """How the index becomes stars.

    `rule`: "fixed" takes the cut points from `bands`; the others find them in the scores of all
    centres that may have a star, for `stars` stars. `half_stars`: levels lie half a star apart, so
    5 stars have 9 levels from 1 to 5. `minimum_sample`: respondents below which a star is
    withheld; 0 asks for none, and then a star needs no standard error either.
    """

    minimum_sample: int = Field(ge=0)
    rule: RuleName = "fixed"
    bands: tuple[StarBand, ...] = ()
    stars: int | None = Field(default=None, ge=2)
    half_stars: bool = False
    quantiles: QuantileSettings = Field(default_factory=QuantileSettings)
    k_means: KMeansSettings = Field(default_factory=KMeansSettings)
    linkage: Literal["ward", "average", "complete"] = "ward"
    peer_groups: PeerGroups | None = None
    requirements: Requirements = Field(default_factory=Requirements)
    caps: tuple[Cap, ...] = ()
    guardrail: GuardrailSettings | None = None

    @property
    def n_levels(self) -> int:
        """Number of levels K that the rule can give; whole stars unless there are half stars."""
        if self.rule == "fixed":
            return len(self.bands)
        stars = self.stars or 0
        return 2 * stars - 1 if self.half_stars else stars

    @property
    def star_values(self) -> NDArray[np.float64]:
        """Stars of each level, rising, shape (K,)."""
        first = self.bands[0].stars if self.bands and not self.half_stars else 1
        step = 0.5 if self.half_stars else 1.0
        return first + step * np.arange(self.n_levels, dtype=np.float64)

    @property
    def is_stated(self) -> bool:
        """Whether the cut points stand in the methodology, the same for all centres."""
        return self.rule == "fixed"
