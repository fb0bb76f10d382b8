"""Guardrails: cut points move from one edition to the next by no more than a stated amount.

References
----------
Code of Federal Regulations, title 42, section 422.162(a) (absolute percentage cap, restricted range
cap) and section 422.166(a)(2): the guardrails of the Medicare Advantage star ratings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.bands import settle
from clientindex.rating.star_rules.cuts import check_cuts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from clientindex.rating.star_rules.cuts import StarRule

FREE, ABSOLUTE, RELATIVE = "", "absolute", "relative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """How far a cut point may move, up or down; the narrower of two limits counts.

    Attributes
    ----------
    absolute : float, optional
        In points of the score.
    relative : float, optional
        Share of `span`, from 0 to below 1.
    span : float, optional
        What `relative` is a share of, in points, for example the range of the previous scores
        without outliers; None takes the previous cut point itself.

    Raises
    ------
    StatisticsError
        If there is no limit, or one is negative, or `relative` is 1 or more.
    """

    absolute: float | None = None
    relative: float | None = None
    span: float | None = None

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.absolute is None and self.relative is None:
            msg = "a guardrail needs an absolute limit, a relative one, or both"
            raise StatisticsError(msg)
        bad_relative = self.relative is not None and not 0 <= self.relative < 1
        bad_span = self.span is not None and not self.span > 0
        if bad_relative or bad_span or (self.absolute is not None and not self.absolute >= 0):
            msg = (
                "a guardrail has an absolute limit of 0 or more, a relative one from 0 to below 1 "
                f"and a positive span, got {self.absolute}, {self.relative} and {self.span}"
            )
            raise StatisticsError(msg)

    def find_limits(
        self, previous: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the largest absolute and relative movement of each cut point, inf where none."""
        absolute = np.full(previous.shape, np.inf if self.absolute is None else self.absolute)
        if self.relative is None:
            return absolute, np.full(previous.shape, np.inf)
        span = np.abs(previous) if self.span is None else np.full(previous.shape, self.span)
        return absolute, self.relative * span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GuardedCuts:
    """Cut points after the guardrail.

    Attributes
    ----------
    cuts, wanted, previous : ndarray of shape (K - 1,)
        Cut points that hold, those the rule found, those of the previous edition.
    bit : tuple of str
        For each cut point: ``""`` where it moved freely, else which limit held it, ``absolute`` or
        ``relative`` (``absolute`` where both are the same).
    """

    cuts: NDArray[np.float64]
    wanted: NDArray[np.float64]
    previous: NDArray[np.float64]
    bit: tuple[str, ...]


def guard_cuts(wanted: ArrayLike, previous: ArrayLike, *, guardrail: Guardrail) -> GuardedCuts:
    """Keep cut points near those of the previous edition.

    Parameters
    ----------
    wanted, previous : array_like of shape (K - 1,)
        Rising.
    guardrail : Guardrail

    Raises
    ------
    StatisticsError
        If there are not as many cut points as before, or they do not rise.

    Notes
    -----
    ``clip(wanted, previous - limit, previous + limit)``. Both ends rise with the previous cut
    points, so guarded cut points rise too.

    Examples
    --------
    >>> held = guard_cuts([50, 66], [48, 60], guardrail=Guardrail(absolute=5))
    >>> held.cuts.tolist(), held.bit
    ([50.0, 65.0], ('', 'absolute'))
    """
    new, old = check_cuts(wanted), check_cuts(previous)
    if len(new) != len(old):
        msg = f"{len(new)} cut points cannot be held near {len(old)} of the previous edition"
        raise StatisticsError(msg)
    absolute, relative = guardrail.find_limits(old)
    limit = np.minimum(absolute, relative)
    held = np.clip(new, old - limit, old + limit)
    moved = settle(held) != settle(new)
    which = np.where(absolute <= relative, ABSOLUTE, RELATIVE)
    return GuardedCuts(
        cuts=held,
        wanted=new,
        previous=old,
        bit=tuple(np.where(moved, which, FREE).tolist()),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GuardedRule:
    """A rule whose cut points are kept near those of the previous edition.

    Attributes
    ----------
    rule : StarRule
        With one row of cut points; with peer groups, guard the rule of each group.
    previous : ndarray of shape (K - 1,)
    guardrail : Guardrail
    """

    rule: StarRule
    previous: NDArray[np.float64]
    guardrail: Guardrail

    @property
    def n_stars(self) -> int:
        """Number of stars."""
        return self.rule.n_stars

    def find_cuts(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Find cut points by the rule and hold them."""
        return self.guard(scores).cuts

    def guard(self, scores: NDArray[np.float64]) -> GuardedCuts:
        """Find cut points by the rule and hold them, with what bit."""
        wanted = self.rule.find_cuts(scores)
        return guard_cuts(wanted, self.previous, guardrail=self.guardrail)
