"""Index and group scores of all centres drawn to their mean and to a regression."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from clientindex.agreement.inflation import estimate_between
from clientindex.errors import StatisticsError
from clientindex.methodology.doubt_settings import DoubtSettings
from clientindex.rating.degrees import take_degrees
from clientindex.rating.posterior import count_fewest, shrink
from clientindex.rating.shrinkage.covariates import Covariates, gather_covariates
from clientindex.rating.shrinkage.fay_herriot import FayHerriot, fit_fay_herriot
from clientindex.rating.shrinkage.robust import RobustIntervals, compute_robust_intervals
from clientindex.rating.stars import check_registered
from clientindex.results import ALL_SEGMENTS, INDEX, Scores, Unavailable
from clientindex.results.shrinkage import ShrunkenScores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement import TwoSources
    from clientindex.methodology import Methodology
    from clientindex.rating.shrinkage.empirical_bayes import Shrunken

STAGE = "rating"
NO_ANSWERS, NO_SCORE, SMALL_SAMPLE = "no_answers", "no_score", "small_sample"
UNKNOWN_ERROR, NO_SAMPLING_ERROR = "unknown_error", "no_sampling_error"
TOO_FEW_CENTRES, DEPENDENT, ONE_REGION = "too_few_centres", "dependent_covariates", "one_region"
NO_VARIANCE_LEFT = "no_variance_left"

FEWEST_ROBUST = 2

_LEFT_OUT = ["subject", "centre", "statistic", "reason", "detail"]
_MODEL = ["subject", "statistic", "method", "estimate", "std_error", "ci_low", "ci_high", "n"]
_ESTIMATORS = ("reml", "ml", "dersimonian_laird", "paule_mandel")
_EMPTY = (
    *("shrunk", "shrunk_error", "ci_low", "ci_high", "factor"),
    *("robust", "robust_low", "robust_high", "synthetic", "fay_herriot", "fay_herriot_mse"),
    *("fay_herriot_error", "fay_herriot_low", "fay_herriot_high"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Room:
    """What all subjects have in common, and what they leave."""

    settings: DoubtSettings
    minimum_sample: int
    level: float
    models: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def tell(self, subject: str, method: str, n: int, **statistics: Any) -> None:
        """Add rows of a model: an estimate, or (estimate, error, low, high)."""
        for name, value in statistics.items():
            found = value if isinstance(value, tuple) else (value, np.nan, np.nan, np.nan)
            row = (subject, name, method, *found, n)
            self.models.append(dict(zip(_MODEL, row, strict=True)))

    def tell_coefficients(self, subject: str, names: tuple[str, ...], fit: FayHerriot) -> None:
        """Add the coefficients of a regression with normal intervals."""
        margin = float(norm.ppf((1 + self.level) / 2)) * fit.coefficient_errors
        method = self.settings.shrinkage.model_variance
        found = (fit.coefficients, fit.coefficient_errors, margin)
        for name, estimate, error, wide in zip(("intercept", *names), *found, strict=True):
            told = {f"coefficient.{name}": (estimate, error, estimate - wide, estimate + wide)}
            self.tell(subject, method, len(fit.estimate), **told)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Known:
    """Scores of C centres with their sampling variances and the degrees of freedom of these."""

    estimate: NDArray[np.float64]
    variance: NDArray[np.float64]
    df: NDArray[np.float64]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> _Known:
        return cls(
            estimate=frame["estimate"].to_numpy(float),
            variance=frame["std_error"].to_numpy(float) ** 2,
            df=frame["df"].to_numpy(float),
        )


def assess_shrinkage(
    scores: Scores,
    methodology: Methodology,
    *,
    register: pd.DataFrame,
    sources: TwoSources | None = None,
    settings: DoubtSettings | None = None,
) -> ShrunkenScores | Unavailable:
    """Draw the index and group scores of all centres together.

    Parameters
    ----------
    scores : Scores
    methodology : Methodology
        Groups, minimum sample, level of intervals.
    register : DataFrame
        ``centre``, ``region``, ``visitors``; one row a centre.
    sources : TwoSources, optional
        Gives checklist scores; without it no centre has one.
    settings : DoubtSettings, optional
        By default the standard ones.

    Returns
    -------
    ShrunkenScores or Unavailable
        Reason ``too_few_centres``: no subject has two centres or more with a positive error.

    Raises
    ------
    StatisticsError
        If a scored centre is not in the register.

    Notes
    -----
    Weights take errors as known, so centres with fewer respondents than the minimum of the star
    rule are left out: an error of a few answers that happen to agree would make them the surest of
    all. Intervals are those of Student's t with the degrees of freedom of the errors.
    So are scores without sampling error, which are either all answers alike or nothing known.

    The common mean and the regression take different centres where a covariate is missing; both
    say their number. Robust intervals stand about the common mean too: their second moment takes no
    account of fitted coefficients, and with a dozen regions of a few centres it would be too small.
    Covariates are known without error by assumption, a checklist is not.
    """
    settings = settings or DoubtSettings()
    check_registered(scores.frame["centre"], register)
    room = _Room(
        settings=settings,
        minimum_sample=methodology.stars.minimum_sample,
        level=settings.level or methodology.intervals.level,
    )
    whole = scores.frame[scores.frame["segment"] == ALL_SEGMENTS]
    parts = []
    for subject in (INDEX, *methodology.group_keys):
        of_kind = whole["kind"] == ("index" if subject == INDEX else "group")
        own = whole[of_kind & (whole["key"] == subject)]
        parts.append(_shrink_subject(subject, own, register, sources, room))
    centres = pd.concat(parts, ignore_index=True)
    if not centres["shrunk"].notna().any() and not centres["robust"].notna().any():
        return Unavailable(stage=STAGE, reason=TOO_FEW_CENTRES, detail=str(len(centres)))
    return ShrunkenScores(
        centres=centres,
        models=pd.DataFrame(room.models, columns=_MODEL),
        left_out=pd.DataFrame(room.left_out, columns=_LEFT_OUT, dtype="str"),
        estimator=settings.shrinkage.estimator,
        model_variance=settings.shrinkage.model_variance,
        covariates=settings.shrinkage.covariates,
        minimum_sample=room.minimum_sample,
        level=room.level,
    )


def _shrink_subject(
    subject: str,
    own: pd.DataFrame,
    register: pd.DataFrame,
    sources: TwoSources | None,
    room: _Room,
) -> pd.DataFrame:
    """Return the rows of one subject."""
    columns = ["centre", "n", "estimate", "std_error", "df"]
    told_of = own.assign(df=take_degrees(own))[columns]
    frame = register[["centre", "region", "visitors"]].merge(told_of, on="centre", how="left")
    reasons = _find_reasons(frame, room.minimum_sample)
    room.left_out.extend(
        (subject, centre, "shrunk", reason, "")
        for centre, reason in zip(frame["centre"], reasons, strict=True)
        if reason
    )
    kept = frame[reasons == ""].reset_index(drop=True)
    told: pd.DataFrame = kept[["centre", "region", "n", "estimate", "std_error"]].copy()
    told.insert(0, "subject", subject)
    told[list(_EMPTY)] = np.nan
    known = _Known.of(kept)
    _draw_to_mean(subject, told, known, room)
    _draw_robustly(subject, told, known, room)
    checklist = _take_checklist(subject, kept["centre"], sources)
    covariates = gather_covariates(room.settings.shrinkage.covariates, kept, checklist=checklist)
    _draw_to_regression(subject, told, known, covariates, room)
    return told


def _find_reasons(frame: pd.DataFrame, minimum_sample: int) -> NDArray[np.str_]:
    n, error = frame["n"], frame["std_error"]
    conditions = [
        n.isna() & frame["estimate"].isna() | (n == 0),
        frame["estimate"].isna(),
        ~(n >= minimum_sample),
        error.isna(),
        error == 0,
    ]
    reasons = [NO_ANSWERS, NO_SCORE, SMALL_SAMPLE, UNKNOWN_ERROR, NO_SAMPLING_ERROR]
    return np.asarray(np.select(conditions, reasons, default=""))


def _take_checklist(
    subject: str, centres: pd.Series[str], sources: TwoSources | None
) -> NDArray[np.float64]:
    if sources is None:
        return np.full(len(centres), np.nan)
    scores = pd.Series(sources.checklist[:, sources.place(subject)], index=list(sources.centres))
    return np.asarray(scores.reindex(centres).to_numpy(), dtype=np.float64)


def _draw_to_mean(subject: str, told: pd.DataFrame, known: _Known, room: _Room) -> None:
    """Fill the columns of the common mean, and tell its model."""
    estimator, y, v = room.settings.shrinkage.estimator, known.estimate, known.variance
    fewest = count_fewest(estimator)
    if len(y) < fewest:
        room.left_out.append((subject, "", "shrunk", TOO_FEW_CENTRES, f"{len(y)}/{fewest}"))
        return
    found: Shrunken = shrink(y, v, estimator=estimator, level=room.level, df=known.df)
    told["shrunk"], told["shrunk_error"] = found.estimate, found.std_error
    told["ci_low"], told["ci_high"] = found.ci_low, found.ci_high
    told["factor"] = found.shrinkage
    margin = float(norm.ppf((1 + room.level) / 2)) * found.mean_error
    mean = (found.mean, found.mean_error, found.mean - margin, found.mean + margin)
    room.tell(subject, estimator, len(y), mean=mean)
    between = estimate_between(y, v, level=room.level)
    for name in _ESTIMATORS:
        value = (getattr(between, name), np.nan, between.ci_low, between.ci_high)
        room.tell(subject, name, len(y), tau2=value)


def _draw_to_regression(
    subject: str,
    told: pd.DataFrame,
    known: _Known,
    covariates: Covariates,
    room: _Room,
) -> None:
    """Fill the columns of the regression, and tell its model."""
    room.left_out.extend(
        (subject, centre, "fay_herriot", reason, "")
        for centre, reason in zip(told["centre"], covariates.reasons, strict=True)
        if reason
    )
    if covariates.one_region:
        room.left_out.append((subject, "", "coefficient.region", ONE_REGION, ""))
    rows = np.flatnonzero(covariates.reasons == "")
    x = covariates.columns[rows]
    fewest = x.shape[1] + 2
    if len(rows) < fewest:
        room.left_out.append((subject, "", "fay_herriot", TOO_FEW_CENTRES, f"{len(rows)}/{fewest}"))
        return
    columns = x if x.shape[1] else None
    try:
        fit = fit_fay_herriot(
            known.estimate[rows],
            known.variance[rows],
            level=room.level,
            covariates=columns,
            estimator=room.settings.shrinkage.model_variance,
            df=known.df[rows],
        )
    except StatisticsError as error:
        room.left_out.append((subject, "", "fay_herriot", DEPENDENT, str(error)))
        return
    _fill_regression(told, rows, fit)
    room.tell(subject, fit.estimator, len(rows), residual_variance=fit.variance)
    if fit.r2 is not None:
        room.tell(subject, fit.estimator, len(rows), r2=fit.r2)
    elif columns is not None:
        room.left_out.append((subject, "", "r2", NO_VARIANCE_LEFT, ""))
    room.tell_coefficients(subject, covariates.names, fit)


def _fill_regression(told: pd.DataFrame, rows: NDArray[np.intp], fit: FayHerriot) -> None:
    columns = {
        "synthetic": fit.synthetic,
        "fay_herriot": fit.estimate,
        "fay_herriot_mse": fit.mse,
        "fay_herriot_error": fit.std_error,
        "fay_herriot_low": fit.ci_low,
        "fay_herriot_high": fit.ci_high,
    }
    for name, values in columns.items():
        told.loc[rows, name] = values


def _draw_robustly(subject: str, told: pd.DataFrame, known: _Known, room: _Room) -> None:
    """Fill the robust columns, and tell their moments."""
    y, v, df = known.estimate, known.variance, known.df
    if len(y) < FEWEST_ROBUST:
        room.left_out.append((subject, "", "robust", TOO_FEW_CENTRES, f"{len(y)}/{FEWEST_ROBUST}"))
        return
    found: RobustIntervals = compute_robust_intervals(y, v, level=room.level, df=df)
    told["robust"], told["robust_low"] = found.estimate, found.ci_low
    told["robust_high"] = found.ci_high
    moments = {"mu2": found.moments.second, "kappa": found.moments.kurtosis}
    room.tell(subject, "posterior_mean_truncation", len(y), **moments)
