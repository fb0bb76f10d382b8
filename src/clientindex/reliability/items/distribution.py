"""Distribution of the answers to every indicator, from how often each answer was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATISTICS = ("missing", "mean", "sd", "skew", "kurtosis", "floor", "ceiling")


def describe_distribution(
    margins: NDArray[np.float64], values: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    r"""Compute the statistics of :data:`STATISTICS`.

    With central moments :math:`m_k = \sum (x - \bar x)^k / n` and :math:`s^2 = m_2 n / (n - 1)`:
    skew :math:`m_3 / s^3`, kurtosis :math:`m_4 / s^4 - 3` (``type = 3`` of R ``psych::describe``).
    Floor and ceiling are the shares of the worst and the best answer among those who answered,
    missing is the share of those who did not among everybody.

    Parameters
    ----------
    margins : ndarray of shape (B, K, C + 1)
        Answers by category; category 0 is no answer.
    values : ndarray of shape (K, C + 1)
        Keyed answer behind each category; 0 where a scale lacks it.

    Returns
    -------
    dict of ndarray of shape (B, K)
        NaN where nobody (or, for the spread, nobody else) answered or all answers are equal.
    """
    answers, x = margins[:, :, 1:], values[:, 1:]
    n = answers.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.einsum("bkc,kc->bk", answers, x) / n
        deviation = x - mean[:, :, None]
        second, third, fourth = (
            (answers * deviation**power).sum(axis=2) / n for power in (2, 3, 4)
        )
        variance = np.where(n > 1, second * n / (n - 1), np.nan)
        some = np.where(variance > 0, variance, np.nan)
        return {
            "missing": margins[:, :, 0] / margins.sum(axis=2),
            "mean": mean,
            "sd": np.sqrt(variance),
            "skew": third / some**1.5,
            "kurtosis": fourth / some**2 - 3,
            "floor": _take(answers, np.where(x > 0, x, np.inf).argmin(axis=1)) / n,
            "ceiling": _take(answers, x.argmax(axis=1)) / n,
        }


def _take(answers: NDArray[np.float64], category: NDArray[np.intp]) -> NDArray[np.float64]:
    return answers[:, np.arange(len(category)), category]


def compute_shares(margins: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the share of every answer among those who answered, shape (B, K, C)."""
    answers = margins[:, :, 1:]
    with np.errstate(invalid="ignore"):
        return np.asarray(answers / answers.sum(axis=2, keepdims=True))
