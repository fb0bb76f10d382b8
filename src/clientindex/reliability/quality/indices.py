"""Indices of every respondent behind the rules of answer quality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.reliability.quality.outliers import compute_outlyingness
from clientindex.reliability.quality.runs import find_longest_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.intake.tables import Responses
    from clientindex.methodology.reliability_settings import QualityRule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Checked:
    """What one rule says of N respondents.

    Attributes
    ----------
    able : bool ndarray of shape (N,)
        Whether the rule applies to the respondent.
    flagged : bool ndarray of shape (N,)
        False where it does not apply.
    """

    able: NDArray[np.bool_]
    flagged: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """The answers of N respondents with what the rules compare them to.

    Attributes
    ----------
    responses : Responses
    values : ndarray of shape (K, C + 1)
        Keyed answer behind each category.
    mean : ndarray of shape (K,)
        Of keyed answers.
    cov : ndarray of shape (K, K)
    """

    responses: Responses
    values: NDArray[np.float64]
    mean: NDArray[np.float64]
    cov: NDArray[np.float64]

    @property
    def n_answered(self) -> NDArray[np.intp]:
        """Indicators answered, shape (N,)."""
        return np.asarray((self.responses.codes > 0).sum(axis=1))

    @property
    def half(self) -> NDArray[np.bool_]:
        """Who answered at least half of the indicators, and at least two."""
        return np.asarray(self.n_answered >= max(2, self.responses.codes.shape[1] / 2))


def check_straight_lining(answers: Answers, rule: QualityRule) -> Checked:
    """Flag who gave one option, as given, to all of many indicators."""
    codes = answers.responses.codes
    able = answers.n_answered >= min(rule.limit, codes.shape[1])
    lowest = np.where(codes > 0, codes, np.uint8(255)).min(axis=1)
    return _check(able, codes.max(axis=1) == lowest)


def check_longest_run(answers: Answers, rule: QualityRule) -> Checked:
    """Flag who gave one option to a large share of the indicators in a row."""
    runs = find_longest_runs(np.ascontiguousarray(answers.responses.codes))
    return _check(answers.half, runs >= rule.limit * answers.n_answered)


def check_speeding(answers: Answers, rule: QualityRule) -> Checked | str:
    """Flag who took too few seconds for an indicator answered."""
    duration = answers.responses.duration
    if duration is None:
        return "no_duration"
    able = np.isfinite(duration) & (answers.n_answered > 0)
    return _check(able, np.nan_to_num(duration) < rule.limit * answers.n_answered)


def check_outlier(answers: Answers, rule: QualityRule) -> Checked | str:
    """Flag who lies beyond a quantile of chi-square in Mahalanobis distance."""
    found = compute_outlyingness(answers.responses.codes, answers.values, answers.mean, answers.cov)
    if found is None:
        return "singular"
    return _check(answers.half, np.nan_to_num(found) > rule.limit)


def check_duplicates(answers: Answers, rule: QualityRule) -> Checked:
    """Flag equal answers to everything in one centre and day (period, where no day is known)."""
    codes = np.ascontiguousarray(answers.responses.codes)
    rows = codes.view(np.dtype((np.void, codes.shape[1])))[:, 0]
    _, vector = np.unique(rows, return_inverse=True)
    group = group_by_day(answers.responses)
    cell = vector.astype(np.int64) * (int(group.max(initial=0)) + 1) + group
    _, place, copies = np.unique(cell, return_inverse=True, return_counts=True)
    return _check(answers.half, copies[place] >= rule.limit)


def group_by_day(responses: Responses) -> NDArray[np.int64]:
    """Return a number for every centre and day, or period where the day is unknown."""
    units = responses.units
    centre = units.groupby("centre", sort=False).ngroup().to_numpy()[responses.unit_of]
    period = units.groupby("period", sort=False).ngroup().to_numpy()[responses.unit_of]
    day = period + 1
    if responses.day is not None:
        known = responses.day >= 0
        day = np.where(known, -1 - responses.day.astype(np.int64), day)
    _, group = np.unique(np.stack([centre, day]), axis=1, return_inverse=True)
    return np.asarray(group.ravel(), dtype=np.int64)


def check_person_total(answers: Answers, rule: QualityRule) -> Checked:
    """Flag whose answers go against the means of all over the indicators that they answered."""
    codes = answers.responses.codes
    answered = codes > 0
    x = np.where(answered, answers.values[np.arange(codes.shape[1]), codes], 0.0)
    m = np.where(answered, answers.mean, 0.0)
    n = np.maximum(answers.n_answered, 1)
    cross = (x * m).sum(axis=1) - x.sum(axis=1) * m.sum(axis=1) / n
    spread = (x**2).sum(axis=1) - x.sum(axis=1) ** 2 / n
    around = (m**2).sum(axis=1) - m.sum(axis=1) ** 2 / n
    able = answers.half & (spread > 1e-9) & (around > 1e-9)
    product = np.where(able, spread * around, 1.0)
    return _check(able, cross / np.sqrt(product) < rule.limit)


def _check(able: NDArray[np.bool_], suspicious: NDArray[np.bool_]) -> Checked:
    able = np.asarray(able)
    return Checked(able=able, flagged=np.asarray(able & suspicious))


CHECKS = {
    "straight_lining": check_straight_lining,
    "longest_run": check_longest_run,
    "speeding": check_speeding,
    "outlier": check_outlier,
    "duplicates": check_duplicates,
    "person_total": check_person_total,
}
"""By name of the rule in the methodology."""
