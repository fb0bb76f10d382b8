"""What a passport says of a centre, as frozen values: numbers as the bundle has them, no words."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with its interval and what it rests on; None where something is not known.

    `n` counts respondents or answers of a centre, and centres for a mean of the country. `hidden`:
    whether something is None that is known and not published, because few people answered.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    hidden: bool = False

    def mark_hidden(self, whole: Estimate) -> Estimate:
        """Say whether something is None that another one has."""
        pairs = ((self.value, whole.value), (self.n, whole.n))
        return replace(self, hidden=any(a is None and b is not None for a, b in pairs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A group or an indicator: the survey, the checklist beside it, and the country's mean.

    Attributes
    ----------
    kind : {"group", "indicator"}
    key : str
    survey : Estimate
    checklist : float or None
    country : Estimate or None
        Mean of the centres of the country; groups only.
    """

    kind: str
    key: str
    survey: Estimate
    checklist: float | None
    country: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StarChance:
    """The probability that a centre's true star is this one."""

    star: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A rank among the starred centres of the country or of a region.

    Attributes
    ----------
    scope : str
        "country" or the name of the region.
    rank, of : int or None
        1 = best; number of centres ranked. No rank where a region has a single starred centre.
    low, high : int or None
        Ends of the confidence set of the rank.
    reason : str
        Why there is no rank, or no set; "" otherwise.
    detail : str
        What the reason names.
    """

    scope: str
    rank: int | None
    of: int | None
    low: int | None
    high: int | None
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A centre against the previous edition.

    Attributes
    ----------
    before, after : float or None
        Index of both editions by one method.
    difference : Estimate or None
        In points.
    flagged : {"up", "down", ""}
        Whether it differs from nothing, at the false discovery rate of the result.
    star_before, star_after : float or None
    withheld_before : str
        Why there was no star; "" with one.
    reason : str
        Why there is no difference, or no interval of it; "" otherwise.
    """

    before: float | None
    after: float | None
    difference: Estimate | None
    flagged: str
    star_before: float | None
    star_after: float | None
    withheld_before: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passport:
    """All numbers of the page of one centre.

    Attributes
    ----------
    centre, name, region : str
    star : float or None
    uncapped : float or None
        The star before caps, where a cap took some.
    withheld : str
        Reason as in ``Stars``; "" with a star.
    p_star : float or None
        By the leading route.
    chances : tuple of StarChance
        Of all stars, rising; empty where they are not known.
    index : tuple of (str, Estimate)
        Segment ("all" first) and the index in it.
    standings : tuple of Standing
        The country, then the region; empty without a star.
    scores : tuple of Scored
        Every group, followed by its indicators.
    has_checklist : bool
    small_sample : int or None
        The limit below which a sample is small, where this one is.
    change : Change or None
        None where the edition tells no changes, or none of this centre.
    """

    centre: str
    name: str
    region: str
    star: float | None
    uncapped: float | None
    withheld: str
    p_star: float | None
    chances: tuple[StarChance, ...]
    index: tuple[tuple[str, Estimate], ...]
    standings: tuple[Standing, ...]
    scores: tuple[Scored, ...]
    has_checklist: bool
    small_sample: int | None
    change: Change | None
