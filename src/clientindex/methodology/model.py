"""The shape of a methodology file as frozen pydantic models.

Single fields are checked here; what needs several fields at once (weights that sum to 1, bands
without gaps) is checked in :mod:`clientindex.methodology.checks`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray  # noqa: TC002 - pydantic reads annotations when the class is made
from pydantic import BeforeValidator, Field, model_validator

from clientindex.methodology.agreement_settings import AgreementSettings
from clientindex.methodology.answer_weights_settings import AnswerWeightsSettings
from clientindex.methodology.case_mix_settings import CaseMixSettings
from clientindex.methodology.change_settings import ChangeSettings
from clientindex.methodology.disclosure_settings import DisclosureSettings
from clientindex.methodology.doubt_settings import DoubtSettings
from clientindex.methodology.factor_settings import FactorSettings  # noqa: TC001 - pydantic reads it
from clientindex.methodology.regional_settings import RegionalSettings
from clientindex.methodology.reliability_settings import ReliabilitySettings
from clientindex.methodology.scoring_settings import Normaliser, Scoring
from clientindex.methodology.sensitivity_settings import SensitivitySettings  # noqa: TC001 - as above
from clientindex.methodology.sobol_settings import SobolSettings
from clientindex.methodology.star_settings import StarBand, StarRule
from clientindex.methodology.texts import Bilingual, Key, ValueNames  # noqa: TC001 - as above
from clientindex.methodology.thresholds import Thresholds  # noqa: TC001 - pydantic reads it
from clientindex.methodology.together_settings import TogetherSettings
from clientindex.methodology.trait_settings import TraitSettings
from clientindex.methodology.variants_settings import VariantsSettings
from clientindex.methodology.weight_bounds_settings import WeightBoundsSettings
from clientindex.methodology.weight_importance_settings import WeightImportanceSettings
from clientindex.methodology.weight_source_settings import WeightSourceSettings
from clientindex.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

SCORE_MIN, SCORE_MAX = 0.0, 100.0
"""Scores in points lie on this range, higher is better; so does every mean of answers."""

Kind = Literal["answers", "measure"]


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

    `points` maps answers to scores 0-100 when they are not linear in the answer. `top_box_from` is
    the least answer that a top-box share counts, where the common one does not fit this scale.
    """

    minimum: int
    maximum: int
    labels: dict[int, Bilingual] = Field(default_factory=dict)
    missing: dict[int, MissingCode] = Field(default_factory=dict)
    points: dict[int, Annotated[float, Field(ge=SCORE_MIN, le=SCORE_MAX)]] | None = None
    top_box_from: int | None = None

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
    """One indicator: a survey question and the checklist items behind it, or a measure.

    `verifiable`: whether a visitor or a document could show what staff answer in its items.
    `kind`: "answers" of the survey, or a "measure", a number that each centre reports in any unit,
    brought to the scale of scores by its `normaliser`. A measure that fewer than `minimum_centres`
    centres report is dropped and listed; its question is its name unless given.
    """

    key: Key
    name: Bilingual
    question: Bilingual
    direction: Literal["positive", "negative"] = "positive"
    scale: Scale | None = None
    checklist: tuple[ChecklistItem, ...] = ()
    verifiable: bool = True
    kind: Kind = "answers"
    normaliser: Normaliser | None = None
    minimum_centres: int = Field(default=2, ge=2)

    @model_validator(mode="before")
    @classmethod
    def _ask_by_name(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("kind") == "measure":
            return {"question": data.get("name"), "normaliser": "min_max", **data}
        return data


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
    """How checklist answers are written and what they are used for.

    `use`: "verify" never lets a checklist into a score; "blend" gives it the share `weight` of
    every score of the centre that it has too; "precision" takes the composite of the decision rule
    under `agreement`, which weighs survey and checklist by their precision.
    """

    use: Literal["verify", "blend", "precision"] = "verify"
    weight: float | None = Field(default=None, gt=0, lt=1)
    answers: dict[Literal["yes", "no", "not_applicable"], tuple[str | int, ...]]

    @model_validator(mode="after")
    def _check_weight(self) -> ChecklistRule:
        if (self.use == "blend") != (self.weight is not None):
            msg = "a checklist that is blended, and no other, has a weight between 0 and 1"
            raise ValueError(msg)
        return self


class MethodologyChange(Settings):
    """A change against the version before, as those who made it tell it: for the change log.

    `key` says what changed: an indicator or group, or a part of the file such as "stars".
    """

    key: Key
    what: Bilingual
    why: Bilingual


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


class Methodology(Settings):
    """One methodology version, checked."""

    schema_version: Literal[1] = Field(alias="schema")
    id: str = Field(min_length=1)
    title: Bilingual
    status: Bilingual
    source: Bilingual
    changes: tuple[MethodologyChange, ...] = ()
    """Against the version before; documents tell them, nothing is computed from them."""
    scale: Scale = Field(default_factory=lambda: Scale(minimum=0, maximum=1))
    """Of answers; the default stands only where no indicator is of answers."""
    segments: tuple[Segment, ...] = ()
    groups: tuple[Group, ...] = Field(min_length=1)
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    checklist: ChecklistRule | None = None
    value_names: ValueNames = Field(default_factory=dict)
    """Names of values that data deliver, by kind: "channel", "period", "expert", a trait of clients
    or an attribute of the register (its values), "trait" (of traits and attributes themselves) and
    "set" (of sets of traits). A value that is not listed stands in documents as delivered."""
    traits: TraitSettings = Field(default_factory=TraitSettings)
    answer_weights: AnswerWeightsSettings = Field(default_factory=AnswerWeightsSettings)
    case_mix: CaseMixSettings = Field(default_factory=CaseMixSettings)
    scoring: Scoring = Field(default_factory=Scoring)
    stars: StarRule
    doubt: DoubtSettings = Field(default_factory=DoubtSettings)
    regional: RegionalSettings = Field(default_factory=RegionalSettings)
    change: ChangeSettings = Field(default_factory=ChangeSettings)
    disclosure: DisclosureSettings = Field(default_factory=DisclosureSettings)
    intervals: Intervals
    missing_answers: MissingAnswers
    aggregates: Aggregates = Field(default_factory=Aggregates)
    sensitivity: SensitivitySettings
    weight_importance: WeightImportanceSettings = Field(default_factory=WeightImportanceSettings)
    weight_sources: WeightSourceSettings = Field(default_factory=WeightSourceSettings)
    weight_bounds: WeightBoundsSettings = Field(default_factory=WeightBoundsSettings)
    variants: VariantsSettings = Field(default_factory=VariantsSettings)
    sobol: SobolSettings = Field(default_factory=SobolSettings)
    together: TogetherSettings = Field(default_factory=TogetherSettings)
    agreement: AgreementSettings = Field(default_factory=AgreementSettings)
    reliability: ReliabilitySettings = Field(default_factory=ReliabilitySettings)
    factors: FactorSettings
    thresholds: Thresholds

    @cached_property
    def indicator_keys(self) -> tuple[str, ...]:
        """Indicator keys in the order of the groups; every array of K indicators follows it."""
        return tuple(key for group in self.groups for key in group.indicators)

    @cached_property
    def answer_keys(self) -> tuple[str, ...]:
        """Keys of the indicators of answers, in the order of the groups."""
        return tuple(key for key in self.indicator_keys if self.indicator(key).kind == "answers")

    @cached_property
    def measure_keys(self) -> tuple[str, ...]:
        """Keys of the measures, in the order of the groups."""
        return tuple(key for key in self.indicator_keys if self.indicator(key).kind == "measure")

    @cached_property
    def of_answers(self) -> Methodology | None:
        """The methodology of the survey alone: without measures, weights re-scaled to sum to 1.

        It is the methodology itself where there are no measures, None where there is nothing else.
        Whatever speaks of answers (intake, counts, reliability, factors, agreement) takes it.
        """
        if not self.measure_keys:
            return self
        groups = _keep_answers(self.groups, self.answer_keys)
        if not groups:
            return None
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        own = tuple(i for i in self.indicators if i.kind == "answers")
        return Methodology.model_construct(**{**fields, "groups": groups, "indicators": own})

    @cached_property
    def group_keys(self) -> tuple[str, ...]:
        """Group keys in the order of the file."""
        return tuple(group.key for group in self.groups)

    @cached_property
    def segment_keys(self) -> tuple[str, ...]:
        """Segment keys in the order of the file."""
        return tuple(segment.key for segment in self.segments)

    def with_cuts(self, cuts: Sequence[float]) -> Methodology:
        """Return the methodology with the cut points that its rule found stated as bands.

        For what compares scores with the same cut points for all centres. Half stars are numbered
        1, 2, 3 ... for 1, 1.5, 2 ..., as in bands of the file.
        """
        ends = [SCORE_MIN, *cuts, SCORE_MAX]
        bands = tuple(
            StarBand.model_construct(stars=place, lower=lower, upper=upper)
            for place, (lower, upper) in enumerate(pairwise(ends), start=1)
        )
        stated = {"rule": "fixed", "bands": bands, "stars": None, "guardrail": None}
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Methodology.model_construct(
            **{**fields, "stars": self.stars.model_copy(update=stated)}
        )

    @cached_property
    def n_categories(self) -> int:
        """Largest number of answer categories of any indicator; 0 without answers."""
        return max((self.scale_of(key).n_categories for key in self.answer_keys), default=0)

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
        ``100 (a - min) / (max - min)``, reversed for a negative direction. For a top-box share 100
        for the answers counted, else 0; the mean of such points is the share in per cent.

        Returns
        -------
        ndarray of shape (n_categories,)
        """
        scale = self.scale_of(indicator_key)
        if self.scoring.answers == "top_box":
            points = np.where(
                np.array(scale.answers) >= self.top_box_of(indicator_key), SCORE_MAX, 0.0
            )
        elif scale.points is not None:
            points = np.array([scale.points[answer] for answer in scale.answers])
        else:
            points = np.linspace(SCORE_MIN, SCORE_MAX, scale.n_categories)
        reversed_key = self.indicator(indicator_key).direction == "negative"
        return np.asarray(points[::-1] if reversed_key else points, dtype=np.float64)

    def has_linear_points(self, indicator_key: str) -> bool:
        """Return whether the mean score follows from the mean answer."""
        return self.scoring.answers == "linear" and self.scale_of(indicator_key).points is None

    def top_box_of(self, indicator_key: str) -> int:
        """Return the least answer that a top-box share counts, before the direction is looked at.

        Raises
        ------
        ValueError
            If the methodology names none for the indicator; checks refuse such a file.
        """
        own = self.indicator(indicator_key).scale
        least = None if own is None else own.top_box_from
        least = self.scoring.top_box_from if least is None else least
        if least is None:
            msg = f"no top_box_from for {indicator_key}"
            raise ValueError(msg)
        return least

    @cached_property
    def effective_weights(self) -> NDArray[np.float64]:
        """Weight of each indicator in the index, shape (K,): group weight times inner weight."""
        return np.array([g.weight * w for g in self.groups for w in g.indicators.values()])


def _keep_answers(groups: tuple[Group, ...], keys: tuple[str, ...]) -> tuple[Group, ...]:
    """Return groups with these indicators only, weights summing to 1 again.

    Groups and indicators of weight 0 stay; where all that is left weighs 0, it weighs the same.
    """
    kept = [(g, {k: w for k, w in g.indicators.items() if k in keys}) for g in groups]
    kept = [(group, inner) for group, inner in kept if inner]
    outer = _sum_to_one([group.weight for group, _ in kept])
    return tuple(
        group.model_copy(
            update={
                "weight": weight,
                "indicators": dict(zip(inner, _sum_to_one([*inner.values()]), strict=True)),
            }
        )
        for (group, inner), weight in zip(kept, outer, strict=True)
    )


def _sum_to_one(weights: list[float]) -> list[float]:
    total = sum(weights)
    return [w / total if total > 0 else 1 / len(weights) for w in weights]
