"""Scores drawn together by what their sampling errors leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd

_KINDS = {
    "shrunk": ("shrunk", "shrunk_error", "ci_low", "ci_high"),
    "robust": ("robust", None, "robust_low", "robust_high"),
    "fay_herriot": ("fay_herriot", "fay_herriot_error", "fay_herriot_low", "fay_herriot_high"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShrunkenScores:
    """Index and group scores of centres drawn to their mean, and to a regression.

    Attributes
    ----------
    centres : DataFrame
        A row a subject and centre whose score has a positive standard error: ``subject`` ("index"
        or a group's key), ``centre``, ``region``, ``n``, ``estimate``, ``std_error``; ``shrunk``
        (to the common mean, by :attr:`estimator`), ``shrunk_error``, ``ci_low``, ``ci_high``
        (empirical-Bayes interval), ``factor`` (share of the way to the mean, 0-1); ``robust``,
        ``robust_low``, ``robust_high`` (to the common mean with other weights; average coverage
        holds whatever the distribution of true scores); ``synthetic`` (the regression),
        ``fay_herriot``,
        ``fay_herriot_mse``, ``fay_herriot_error`` (its root), ``fay_herriot_low``,
        ``fay_herriot_high``. NaN where the statistic is left out. Ends are not cut at 0 and 100.
        Subjects in the order of the methodology, centres in the order of the register.
    models : DataFrame
        ``subject``, ``statistic``, ``method``, ``estimate``, ``std_error``, ``ci_low``,
        ``ci_high``, ``n`` (centres). "mean" (common mean); "tau2" (variance of true scores about
        it, a row an estimator: "reml", "ml", "dersimonian_laird", "paule_mandel"; the interval,
        Q-profile, stands with each); "residual_variance" (about the regression);
        "mu2" and "kappa" (second moment and kurtosis of true scores about the common mean as the
        robust intervals use them, no interval); "r2" (share of the variance of true scores that
        covariates explain, no interval); "coefficient.intercept",
        "coefficient.region.<region>" (against the first region), "coefficient.log_visitors",
        "coefficient.checklist" (points a point of the checklist's score of the same subject).
    left_out : DataFrame
        ``subject``, ``centre`` ("" for all), ``statistic``, ``reason``, ``detail``. Of a centre,
        statistic "shrunk": ``no_answers``, ``no_score``, ``small_sample``, ``unknown_error``,
        ``no_sampling_error`` (a standard error of 0: all answers equal); statistic "fay_herriot":
        ``no_visitors``, ``no_checklist``. Of a subject: ``too_few_centres``,
        ``dependent_covariates``, ``one_region``, ``no_variance_left``.
    estimator : str
    model_variance : str
    covariates : tuple of str
        Asked for.
    minimum_sample : int
    level : float
    """

    centres: pd.DataFrame
    models: pd.DataFrame
    left_out: pd.DataFrame
    estimator: str
    model_variance: str
    covariates: tuple[str, ...]
    minimum_sample: int
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return the models, then every shrunken score of every centre."""
        models = self.models
        parts = [
            tidy_frame(
                models,
                subject="subject",
                statistic=("statistic", "method"),
                level=self.level,
                method=models["method"].to_numpy(),
                n=models["n"].to_numpy(),
            )
        ]
        parts += [self._tell(kind) for kind in _KINDS]
        return stack_tidy(parts)

    def _tell(self, kind: str) -> pd.DataFrame:
        value, error, low, high = _KINDS[kind]
        known = self.centres[self.centres[value].notna()]
        told = known[["centre", "subject"]].assign(
            estimate=known[value], ci_low=known[low], ci_high=known[high]
        )
        if error is not None:
            told["std_error"] = known[error]
        return tidy_frame(
            told,
            subject=("centre", "subject"),
            statistic=kind,
            fixed=True,
            level=self.level,
            method=self.estimator if kind == "shrunk" else kind,
            n=known["n"].to_numpy(),
        )
