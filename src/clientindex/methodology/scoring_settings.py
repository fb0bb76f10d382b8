"""How answers and measures become indicator, group and index scores."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from clientindex.settings import Settings

MeanKind = Literal["arithmetic", "geometric", "harmonic", "power", "median"]
LevelName = Literal["group", "index", "segments", "periods"]
Missing = Literal["refuse", "reweight", "impute_group_mean", "impute_region_mean"]
NormaliserKind = Literal[
    "min_max", "z", "target", "goalposts", "rank", "percentile", "distance_to_best", "share_of_best"
]


def _check_power(kind: MeanKind, power: float | None) -> None:
    if (power is not None) != (kind == "power"):
        msg = "the mean 'power', and no other, has a power, for example 'power: 0.5'"
        raise ValueError(msg)


class MeanRule(Settings):
    """A kind of mean, written as its name or as ``{kind: power, power: 0.5}``.

    The lower the power, the less a high value makes up for a low one: arithmetic 1, geometric 0,
    harmonic -1.
    """

    kind: MeanKind = "arithmetic"
    power: float | None = Field(default=None, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _accept_name(cls, data: Any) -> Any:
        return {"kind": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _check_power(self) -> MeanRule:
        _check_power(self.kind, self.power)
        return self


class Normaliser(Settings):
    """How a measure is brought to the scale of scores, written as its name or with parameters.

    Fitted on all centres of the edition that report the measure; the direction is the indicator's.

    ================ ===========================================================================
    min_max          worst value to the lower end of `to`, best to the upper
    z                mean and standard deviation (n - 1) become `mean` and `deviation`
    target           worst value to the lower end of `to`, `target` to the upper; more counts as it
    goalposts        `low` and `high` to the ends of `to`; beyond counts as on them
    rank             100 (1 + centres strictly worse) / centres
    percentile       100 (centres strictly worse) / (centres - 1)
    distance_to_best 100 (1 - distance to the best value / range): min_max to 0-100 by another name
    share_of_best    100 value / best, or 100 best / value where less is better
    ================ ===========================================================================
    """

    kind: NormaliserKind = "min_max"
    to: tuple[float, float] = (0.0, 100.0)
    mean: float | None = None
    deviation: Annotated[float, Field(gt=0)] | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _accept_name(cls, data: Any) -> Any:
        return {"kind": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _check_parameters(self) -> Normaliser:
        needed = {"target": {"target"}, "goalposts": {"low", "high"}}.get(self.kind, set())
        allowed = {"z": {"mean", "deviation"}}.get(self.kind, needed)
        given = {
            name
            for name in ("mean", "deviation", "target", "low", "high")
            if getattr(self, name) is not None
        }
        if not needed <= given or not given <= allowed:
            names = ", ".join(sorted(allowed)) or "none of mean, deviation, target, low and high"
            msg = f"the normaliser {self.kind} takes {names}"
            raise ValueError(msg)
        if self.low is not None and self.high is not None and not self.low < self.high:
            msg = f"goalposts must rise, but {self.high:g} follows {self.low:g}"
            raise ValueError(msg)
        if not self.to[0] < self.to[1]:
            msg = f"the ends must rise, but {self.to[1]:g} follows {self.to[0]:g}"
            raise ValueError(msg)
        return self


class Periods(Settings):
    """Weights of the periods (for example quarters) of an edition.

    Indicator means of the periods are combined by these weights before anything else; a period
    without answers to an indicator shares its weight among the others. Periods that are not listed
    are not used.
    """

    weights: dict[str, Annotated[float, Field(ge=0)]] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _read_names(cls, data: Any) -> Any:
        """Accept numbers as names of periods: YAML reads 2026 as one."""
        if isinstance(data, dict) and isinstance(data.get("weights"), dict):
            return {**data, "weights": {str(key): w for key, w in data["weights"].items()}}
        return data


class Scoring(Settings):
    """How indicator scores become group scores and the index.

    `scale`: "points" (0-100; scores and intervals end there) or "standard" (unbounded).
    `aggregation` (with its `power`, for "power") is the mean at every level that `levels` does not
    name: "group" (indicators to a group), "index" (groups to the index), "segments" and "periods".
    `answers`: "linear" in the answer, or "top_box", the share of answers at or above
    `top_box_from` (for a negative direction, at or below its mirror image on the scale).
    `missing_indicator`, `missing_group`: no score; the weight shared among those present; or a
    value in its place, the mean of the others of the same parent in the centre, or the mean of the
    centres of the region.
    `normalise_groups`: "z" brings each group score to mean 0 and standard deviation 1 (n - 1) over
    all centres that have it, before groups are combined.
    """

    scale: Literal["points", "standard"] = "points"
    aggregation: MeanKind = "arithmetic"
    power: float | None = Field(default=None, allow_inf_nan=False)
    levels: dict[LevelName, MeanRule] = Field(default_factory=dict)
    answers: Literal["linear", "top_box"] = "linear"
    top_box_from: int | None = None
    missing_indicator: Missing = "reweight"
    missing_group: Missing = "refuse"
    normalise_groups: Literal["none", "z"] = "none"
    periods: Periods | None = None

    @model_validator(mode="after")
    def _check_power(self) -> Scoring:
        _check_power(self.aggregation, self.power)
        return self

    def mean_of(self, level: LevelName) -> MeanRule:
        """Return the mean by which a level is reached."""
        return self.levels.get(level) or MeanRule(kind=self.aggregation, power=self.power)

    @property
    def imputes_from_regions(self) -> bool:
        """Whether scores of a centre need those of its region."""
        return "impute_region_mean" in (self.missing_indicator, self.missing_group)

    @property
    def is_linear(self) -> bool:
        """Whether every score is a weighted sum of the indicator means of the centre alone."""
        kinds = {self.mean_of(level).kind for level in ("group", "index", "segments")}
        shared = {self.missing_indicator, self.missing_group} <= {"refuse", "reweight"}
        plain = self.scale == "points" and self.normalise_groups == "none"
        return kinds == {"arithmetic"} and shared and plain
