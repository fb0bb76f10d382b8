"""The change of a centre since the previous edition, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.change import ABSENT
from clientindex.tables.rating.names import name_condition, say_reason
from clientindex.wording.sentences.rating.counting import name_stars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.methodology import Methodology
    from clientindex.publishing.passports.values import Change, Estimate
    from clientindex.wording import Wording


def tell_change(
    change: Change | None, methodology: Methodology, wording: Wording, *, fdr: float
) -> str:
    """Say how index and stars changed, or why this is not known.

    Parameters
    ----------
    change : Change or None
    methodology : Methodology
    wording : Wording
    fdr : float
        False discovery rate at which centres are flagged.
    """
    if change is None:
        return wording.text("passport.change.unknown")
    sentences = [*_tell_index(change, methodology, wording, fdr=fdr)]
    sentences += _tell_stars(change, methodology, wording)
    return " ".join(sentences)


def _tell_index(
    change: Change, methodology: Methodology, wording: Wording, *, fdr: float
) -> Iterator[str]:
    reason = say_reason(change.reason, methodology, wording)
    found = change.difference
    if found is None or change.before is None or change.after is None:
        yield reason or wording.text("passport.change.unknown")
        return
    values = {
        "before": wording.number(change.before),
        "after": wording.number(change.after),
        "difference": _write_signed(found, wording),
    }
    if found.low is None or found.high is None:
        said = reason or wording.missing
        yield wording.text("passport.change.no_interval", **values, reason=said)
        return
    interval = wording.interval(found.low, found.high)
    yield wording.text("passport.change.index", **values, interval=interval)
    verdict = f"passport.change.{change.flagged or 'same'}"
    yield reason or wording.text(verdict, fdr=wording.percent(fdr))


def _tell_stars(change: Change, methodology: Methodology, wording: Wording) -> Iterator[str]:
    both = change.star_before is None and change.star_after is None
    if both or change.withheld_before == ABSENT:
        return
    before, none = change.star_before, wording.text("passport.change.no_stars")
    told = none
    if before is not None:
        told = name_stars(before, wording)
    elif change.withheld_before:
        reason = name_condition(change.withheld_before, methodology, wording) or wording.missing
        told = wording.text("passport.change.no_stars_before", reason=_lower_first(reason))
    after = none if change.star_after is None else name_stars(change.star_after, wording)
    yield wording.text("passport.change.stars", before=told, after=after)


def _write_signed(estimate: Estimate, wording: Wording) -> str:
    value = estimate.value or 0.0
    written = wording.number(value)
    return f"+{written}" if value > 0 else written


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
