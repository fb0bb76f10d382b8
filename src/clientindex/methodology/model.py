"""The shape of a methodology file as frozen pydantic models.

Single fields are checked here; what needs several fields at once (weights that sum to 1, bands
without gaps) is checked in :mod:`clientindex.methodology.checks`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray  # noqa: TC002 - pydantic reads annotations when the class is made
from pydantic import BeforeValidator, Field, model_validator

from clientindex.methodology.agreement_settings import AgreementSettings
from clientindex.methodology.factor_settings import FactorSettings  # noqa: TC001 - pydantic reads it
from clientindex.methodology.reliability_settings import ReliabilitySettings
from clientindex.methodology.texts import Bilingual, Key  # noqa: TC001 - pydantic reads it
from clientindex.methodology.thresholds import Thresholds  # noqa: TC001 - pydantic reads it
from clientindex.settings import Settings

SCORE_MIN, SCORE_MAX = 0.0, 100.0
"""Every indicator, group and index score lies on this range, higher is better."""


def _parse_fraction(value: Any) -> Any:
    """Accept ``1/3`` beside decimal numbers, so that thirds can be written exactly."""
    if isinstance(value, str) and "/" in value:
        try:
            return float(Fraction(value.replace(" ", "")))
        except (ValueError, ZeroDivisionError):
            return value
    return value


Weight = Annotated[float, BeforeValidator(_parse_fraction), Field(ge=0, le=1)]


class MissingCode(Settings):
    """A code that means "no answer", with its reason."""

    key: Key
    ru: str
    en: str


class Scale(Settings):
    """Answer scale of consecutive integers.

    `points` maps answers to scores 0-100 when they are not linear in the answer.
    """

    minimum: int
    maximum: int
    labels: dict[int, Bilingual] = Field(default_factory=dict)
    missing: dict[int, MissingCode] = Field(default_factory=dict)
    points: dict[int, Annotated[float, Field(ge=SCORE_MIN, le=SCORE_MAX)]] | None = None

    @property
    def n_categories(self) -> int:
        """Number of answer categories."""
        return self.maximum - self.minimum + 1

    @property
    def answers(self) -> range:
        """All valid answers in rising order."""
        return range(self.minimum, self.maximum + 1)


class Segment(Settings):
    """A part of the clients for whom the index is computed apart."""

    key: Key
    name: Bilingual
    weight: Weight


class ChecklistItem(Settings):
    """One question of the checklist that the centre's staff fill in."""

    key: Key
    text: Bilingual


class Indicator(Settings):
    """One indicator: a survey question and the checklist items behind it.

    `verifiable`: whether a visitor or a document could show what staff answer in its items.
    """

    key: Key
    name: Bilingual
    question: Bilingual
    direction: Literal["positive", "negative"] = "positive"
    scale: Scale | None = None
    checklist: tuple[ChecklistItem, ...] = ()
    verifiable: bool = True


class Group(Settings):
    """A group of client expectations with the weights of its indicators.

    A plain list of indicator keys means equal weights.
    """

    key: Key
    name: Bilingual
    weight: Weight
    indicators: dict[Key, Weight] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _share_equally(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("indicators"), list):
            keys = data["indicators"]
            if len(set(map(str, keys))) == len(keys):
                return {**data, "indicators": {key: 1 / len(keys) for key in keys}}
        return data


class ChecklistRule(Settings):
    """How checklist answers are written and what they are used for."""

    use: Literal["verify"] = "verify"
    answers: dict[Literal["yes", "no", "not_applicable"], tuple[str | int, ...]]


class Scoring(Settings):
    """How indicator scores become group scores and the index."""

    aggregation: Literal["arithmetic"] = "arithmetic"
    missing_indicator: Literal["refuse", "reweight"] = "reweight"
    missing_group: Literal["refuse", "reweight"] = "refuse"


class StarBand(Settings):
    """Scores that earn one number of stars: closed below, open above."""

    stars: int = Field(ge=1)
    lower: float = Field(alias="from", ge=SCORE_MIN, le=SCORE_MAX)
    upper: float = Field(alias="to", ge=SCORE_MIN, le=SCORE_MAX)


class StarRule(Settings):
    """Fixed cut points, and the sample below which no star is given."""

    minimum_sample: int = Field(ge=1)
    bands: tuple[StarBand, ...] = Field(min_length=2)


class Intervals(Settings):
    """Level of every interval and number of bootstrap replicates."""

    level: float = Field(gt=0.5, lt=1)
    bootstrap_replicates: int = Field(ge=100)


class MissingAnswers(Settings):
    """Which respondents enter a covariance."""

    correlations: Literal["pairwise", "complete"] = "pairwise"


class Aggregates(Settings):
    """What is assumed where only totals were delivered."""

    assumed_correlation: float = Field(default=1.0, ge=0, le=1)


class Sensitivity(Settings):
    """Random weightings: every weight moves by up to plus-minus `band_pct` per cent.

    Two draws are the fewest that have a spread, and so a Monte Carlo error.
    """

    draws: int = Field(default=1000, ge=2)
    band_pct: float = Field(default=25.0, gt=0, le=100)


class Methodology(Settings):
    """One methodology version, checked."""

    schema_version: Literal[1] = Field(alias="schema")
    id: str = Field(min_length=1)
    title: Bilingual
    status: Bilingual
    source: Bilingual
    scale: Scale
    segments: tuple[Segment, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = Field(min_length=1)
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    checklist: ChecklistRule | None = None
    scoring: Scoring
    stars: StarRule
    intervals: Intervals
    missing_answers: MissingAnswers
    aggregates: Aggregates = Field(default_factory=Aggregates)
    sensitivity: Sensitivity
    agreement: AgreementSettings = Field(default_factory=AgreementSettings)
    reliability: ReliabilitySettings = Field(default_factory=ReliabilitySettings)
    factors: FactorSettings
    thresholds: Thresholds

    @cached_property
    def indicator_keys(self) -> tuple[str, ...]:
        """Indicator keys in the order of the groups; every array of K indicators follows it."""
        return tuple(key for group in self.groups for key in group.indicators)

    @cached_property
    def group_keys(self) -> tuple[str, ...]:
        """Group keys in the order of the file."""
        return tuple(group.key for group in self.groups)

    @cached_property
    def segment_keys(self) -> tuple[str, ...]:
        """Segment keys in the order of the file."""
        return tuple(segment.key for segment in self.segments)

    @cached_property
    def n_categories(self) -> int:
        """Largest number of answer categories of any indicator."""
        return max(self.scale_of(key).n_categories for key in self.indicator_keys)

    def indicator(self, key: str) -> Indicator:
        """Return the indicator with this key (KeyError when absent)."""
        return self._indicators[key]

    @cached_property
    def _indicators(self) -> dict[str, Indicator]:
        return {indicator.key: indicator for indicator in self.indicators}

    def group(self, key: str) -> Group:
        """Return the group with this key (KeyError when absent)."""
        return {group.key: group for group in self.groups}[key]

    def group_of(self, indicator_key: str) -> str:
        """Return the key of the group that holds the indicator."""
        return next(g.key for g in self.groups if indicator_key in g.indicators)

    def scale_of(self, indicator_key: str) -> Scale:
        """Return the indicator's own scale, or the common one."""
        return self.indicator(indicator_key).scale or self.scale

    def points_of(self, indicator_key: str) -> NDArray[np.float64]:
        """Return the score 0-100 of every answer category in rising order of the answer.

        Linear from the scale with the direction respected, unless the scale lists its own points:
        ``100 (a - min) / (max - min)``, reversed for a negative direction.

        Returns
        -------
        ndarray of shape (n_categories,)
        """
        scale = self.scale_of(indicator_key)
        if scale.points is not None:
            points = np.array([scale.points[answer] for answer in scale.answers])
        else:
            points = np.linspace(SCORE_MIN, SCORE_MAX, scale.n_categories)
        reversed_key = self.indicator(indicator_key).direction == "negative"
        return np.asarray(points[::-1] if reversed_key else points, dtype=np.float64)

    @cached_property
    def effective_weights(self) -> NDArray[np.float64]:
        """Weight of each indicator in the index, shape (K,): group weight times inner weight."""
        return np.array([g.weight * w for g in self.groups for w in g.indicators.values()])
