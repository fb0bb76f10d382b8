"""The probability of every star by draws: the whole rule is applied anew to each draw of scores.

So the error of cut points that come from the data, of peer groups and of caps is in it. One draw is
held at a time: memory grows with centres times stars, not with draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.star_doubt.normal import check_errors
from clientindex.rating.star_rules import apply_rule, check_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from clientindex.rating.star_rules import StarRule

    Change = Callable[[NDArray[np.int64]], NDArray[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnStars:
    """Shares of draws in which a centre had each star.

    Attributes
    ----------
    probabilities : ndarray of shape (C, K)
        Rows sum to 1.
    cuts : ndarray of shape (R, K - 1) or None
        Cut points of each draw that was used; None where they differ between centres.
    n_draws, n_refused : int
        Draws used, and draws that the rule refused: they are left out.
    refusal : str
        Why the first was refused; empty where none was.
    """

    probabilities: NDArray[np.float64]
    cuts: NDArray[np.float64] | None
    n_draws: int
    n_refused: int
    refusal: str


def share_stars(
    rule: StarRule,
    draws: Iterable[NDArray[np.float64]],
    *,
    change: Change | None = None,
) -> DrawnStars:
    """Apply a rule to draws of scores, for example bootstrap replicates, and count stars.

    Parameters
    ----------
    rule : StarRule
    draws : iterable of ndarray of shape (C,) or (b, C)
        An array of shape (R, C), or a generator of draws or of blocks of them, which are then
        never in memory together.
    change : function of stars to stars, optional
        Applied to the stars of each draw, for example caps.

    Returns
    -------
    DrawnStars

    Raises
    ------
    StatisticsError
        If there is no draw, or the rule refuses all of them, with the first reason.

    Notes
    -----
    The Monte Carlo error of a share p is ``sqrt(p (1 - p) / n_draws)``. It also spoils calibration
    a little, because shares sorted into bins by their own error look too extreme: take 1,000 draws
    or more.

    Examples
    --------
    >>> import numpy as np
    >>> from clientindex.rating.star_rules import FixedCuts
    >>> draws = np.array([[49.0, 70.0], [51.0, 70.0]])
    >>> share_stars(FixedCuts(cuts=(50.0,)), draws).probabilities.tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    counts: NDArray[np.float64] | None = None
    kept: list[NDArray[np.float64]] = []
    refusals: list[str] = []
    n_draws = 0
    for scores in _iterate(draws):
        try:
            found = apply_rule(rule, scores)
        except StatisticsError as error:
            refusals.append(str(error))
            continue
        stars = found.stars if change is None else change(found.stars)
        if counts is None:
            counts = np.zeros((len(scores), rule.n_stars))
        counts[np.arange(len(stars)), stars - 1] += 1
        n_draws += 1
        if found.cuts.ndim == 1:
            kept.append(found.cuts)
    if counts is None:
        why = f"the rule refuses all of them: {refusals[0]}" if refusals else "there is none"
        msg = f"no star can be counted in the draws: {why}"
        raise StatisticsError(msg)
    return DrawnStars(
        probabilities=counts / n_draws,
        cuts=np.stack(kept) if kept else None,
        n_draws=n_draws,
        n_refused=len(refusals),
        refusal=refusals[0] if refusals else "",
    )


def draw_star_probabilities(
    rule: StarRule,
    scores: NDArray[np.float64],
    std_errors: NDArray[np.float64],
    *,
    n_draws: int,
    rng: np.random.Generator,
    change: Change | None = None,
) -> DrawnStars:
    r"""Find the probability of every star by normal draws of all scores.

    Parameters
    ----------
    rule : StarRule
        Applied to each draw, so that cut points which depend on the data are found anew.
    scores, std_errors : ndarray of shape (C,)
        Centre and spread of the draws, both complete. See Notes on which to give.
    n_draws : int
    rng : Generator
        Draw r uses normals r C to (r + 1) C, whatever else is done with the results.
    change : function of stars to stars, optional

    Returns
    -------
    DrawnStars

    Raises
    ------
    StatisticsError
        If a score or standard error is missing or negative, or there is no draw.

    Notes
    -----
    Estimates already vary by :math:`\tau^2 + se^2`; drawn around them with their standard errors,
    scores vary by :math:`\tau^2 + 2 se^2`. A rule that looks at the data then finds cut points too
    far apart, and the shares answer another question: which star a *repeated* survey would show,
    not which is true. For the true star, give empirical-Bayes means and their standard deviations:
    their draws vary by :math:`\tau^2`, as true scores do, and the probabilities are calibrated.
    With fixed cut points the shares are the normal route up to Monte Carlo error.
    """
    known = check_scores(scores)
    errors = np.asarray(std_errors, dtype=np.float64)
    check_errors(errors)
    if errors.shape != known.shape or not np.isfinite(errors).all():
        msg = "draws need a standard error for every score: leave out centres without one"
        raise StatisticsError(msg)
    draws = (known + errors * rng.standard_normal(len(known)) for _ in range(n_draws))
    return share_stars(rule, draws, change=change)


def _iterate(draws: Iterable[NDArray[np.float64]]) -> Iterator[NDArray[np.float64]]:
    for block in draws:
        yield from np.atleast_2d(block)
