"""What the star rule of a methodology must satisfy beyond single fields."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from clientindex.methodology.model import SCORE_MAX, SCORE_MIN
from clientindex.settings import Location, SettingFault, find_nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clientindex.methodology.model import Methodology

SUM_TOLERANCE = 1e-6


def check_star_rule(m: Methodology) -> Iterator[SettingFault]:
    """Return every fault of the star rule."""
    few = m.disclosure.fewest
    if 0 < m.stars.minimum_sample < few and m.answer_keys:
        yield SettingFault(
            location=("stars", "minimum_sample"),
            read=str(m.stars.minimum_sample),
            allowed=f"{few} or more: of fewer people nothing is published (disclosure.fewest)",
        )
    if m.stars.minimum_sample == 0 and all(i.kind == "answers" for i in m.indicators):
        yield SettingFault(
            location=("stars", "minimum_sample"),
            read="0",
            allowed="1 or more; only measures, which have no respondents, may ask for none",
        )
    if m.stars.rule == "fixed":
        yield from _fixed(m)
    else:
        yield from _found(m)
    yield from _requirements(m)
    yield from _caps(m)
    yield from _guardrail(m)


def _fixed(m: Methodology) -> Iterator[SettingFault]:
    rule = m.stars
    if len(rule.bands) < 2:
        yield SettingFault(
            location=("stars", "bands"),
            read=f"{len(rule.bands)} bands",
            allowed="fixed cut points need two bands or more; other rules find them in the scores",
        )
        return
    if rule.stars is not None:
        yield SettingFault(
            location=("stars", "stars"),
            read=str(rule.stars),
            allowed="with fixed cut points the bands say how many stars there are",
        )
    if rule.peer_groups is not None:
        yield SettingFault(
            location=("stars", "peer_groups"),
            read="peer groups with fixed cut points",
            allowed="fixed cut points are the same for all; other rules find them in each group",
        )
    if rule.half_stars and rule.bands[0].stars != 1:
        yield SettingFault(
            location=("stars", "bands", 0, "stars"),
            read=str(rule.bands[0].stars),
            allowed="with half stars bands are numbered 1, 2, 3 ... for 1, 1.5, 2 ... stars",
        )
    yield from _bands(m)


def _bands(m: Methodology) -> Iterator[SettingFault]:
    bands = m.stars.bands
    if m.scoring.scale == "points":
        yield from _band_ends(m)
    for position, band in enumerate(bands):
        if band.upper <= band.lower:
            yield SettingFault(
                location=("stars", "bands", position, "to"),
                read=f"{band.upper:g}",
                allowed=f"it must exceed the band's start {band.lower:g}",
            )
    for position, (before, after) in enumerate(pairwise(bands), start=1):
        location = ("stars", "bands", position)
        if after.stars != before.stars + 1:
            yield SettingFault(
                location=(*location, "stars"),
                read=str(after.stars),
                allowed=f"stars rise by one; {before.stars + 1} is next",
            )
        if after.lower != before.upper:
            word = "a gap" if after.lower > before.upper else "an overlap"
            yield SettingFault(
                location=(*location, "from"),
                read=f"{after.lower:g}, which leaves {word} after {before.upper:g}",
                allowed=f"each band starts where the one before ends ({before.upper:g})",
            )


def _band_ends(m: Methodology) -> Iterator[SettingFault]:
    bands = m.stars.bands
    ends = (
        (0, "from", bands[0].lower, SCORE_MIN),
        (len(bands) - 1, "to", bands[-1].upper, SCORE_MAX),
    )
    for position, name, read, wanted in ends:
        if read != wanted:
            yield SettingFault(
                location=("stars", "bands", position, name),
                read=f"{read:g}",
                allowed=f"the bands must reach {wanted:g}, or some scores have no star",
            )


def _found(m: Methodology) -> Iterator[SettingFault]:
    rule = m.stars
    if rule.bands:
        yield SettingFault(
            location=("stars", "bands"),
            read=f"{len(rule.bands)} bands",
            allowed=f"the rule {rule.rule} finds its cut points: leave out the bands",
        )
    if rule.stars is None:
        yield SettingFault(
            location=("stars", "stars"),
            read="nothing",
            allowed=f"the rule {rule.rule} needs the number of stars",
        )
        return
    shares = rule.quantiles.shares
    if shares and (len(shares) != rule.n_levels or abs(sum(shares) - 1) > SUM_TOLERANCE):
        yield SettingFault(
            location=("stars", "quantiles", "shares"),
            read=f"{len(shares)} shares that sum to {sum(shares):.6g}",
            allowed=f"{rule.n_levels} shares, lowest star first, that sum to 1",
        )
    start = rule.k_means.start
    if not isinstance(start, str):
        location = ("stars", "k_means", "start")
        yield from _rising(location, start, n=rule.n_levels, what="start centres")


def _rising(
    location: Location, values: Sequence[float], *, n: int, what: str
) -> Iterator[SettingFault]:
    if len(values) != n or any(after <= before for before, after in pairwise(values)):
        yield SettingFault(
            location=location,
            read=", ".join(f"{value:g}" for value in values) or "nothing",
            allowed=f"{n} {what} that rise",
        )


def _requirements(m: Methodology) -> Iterator[SettingFault]:
    needed, location = m.stars.requirements, ("stars", "requirements")
    if needed.minimum_groups > len(m.groups):
        yield SettingFault(
            location=(*location, "minimum_groups"),
            read=str(needed.minimum_groups),
            allowed=f"up to {len(m.groups)}, the number of groups",
        )
    for position, key in enumerate(needed.any_of):
        yield from _known_group(m, (*location, "any_of", position), key)
    if needed.minimum_per_segment > 0 and not m.answer_keys:
        yield SettingFault(
            location=(*location, "minimum_per_segment"),
            read=str(needed.minimum_per_segment),
            allowed="0: a methodology of measures alone has no respondents",
        )
    largest = max(len(group.indicators) for group in m.groups)
    if needed.minimum_indicators_per_group > largest:
        yield SettingFault(
            location=(*location, "minimum_indicators_per_group"),
            read=str(needed.minimum_indicators_per_group),
            allowed=f"up to {largest}, the number of indicators of the largest group",
        )


def _known_group(m: Methodology, location: Location, key: str) -> Iterator[SettingFault]:
    if key not in m.group_keys:
        yield SettingFault(
            location=location,
            read=f"the unknown group {key!r}",
            allowed=f"groups are {', '.join(m.group_keys)}",
            nearest=find_nearest(key, m.group_keys),
        )


def _caps(m: Methodology) -> Iterator[SettingFault]:
    values = m.stars.star_values
    reasons = [cap.reason for cap in m.stars.caps]
    for position, cap in enumerate(m.stars.caps):
        location = ("stars", "caps", position)
        if cap.reason in reasons[:position]:
            yield SettingFault(
                location=(*location, "reason"),
                read=f"the reason {cap.reason!r} a second time",
                allowed="every cap has a reason of its own",
            )
        if cap.group is not None:
            yield from _known_group(m, (*location, "group"), cap.group)
        for name in ("at_most", "stars_below"):
            stars = getattr(cap, name)
            if stars is not None and len(values) and stars not in values:
                yield SettingFault(
                    location=(*location, name),
                    read=f"{stars:g}",
                    allowed=f"one of the stars {', '.join(f'{v:g}' for v in values)}",
                )


def _guardrail(m: Methodology) -> Iterator[SettingFault]:
    guard = m.stars.guardrail
    if guard is None:
        return
    if m.stars.is_stated:
        yield SettingFault(
            location=("stars", "guardrail"),
            read="a guardrail on fixed cut points",
            allowed="guardrails hold cut points that a rule finds; change the bands instead",
        )
        return
    for name, cuts in guard.previous.items():
        location = ("stars", "guardrail", "previous", name)
        n = max(m.stars.n_levels - 1, 0)
        yield from _rising(location, cuts, n=n, what="cut points")
