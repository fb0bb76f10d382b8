"""Do survey and checklist sort centres into the same categories: stars, and bands of indicators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from clientindex.agreement.coefficients import (
    MINIMUM_PAIRS,
    Estimate,
    compare_margins,
    estimate_categorical,
    estimate_cohen,
)
from clientindex.agreement.coefficients.ordinal_table import compute_ordinal_alpha
from clientindex.agreement.inflation.outlying import adjust_p
from clientindex.agreement.left_out import (
    STAGE,
    TOO_FEW_CENTRES,
    leave_out,
    tabulate_left_out,
)
from clientindex.counts import draw_centre_weights
from clientindex.factors.intervals import compute_percentile_interval, find_unstable
from clientindex.results import INDEX, CategoryAgreement, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.agreement.sources import TwoSources
    from clientindex.methodology import Methodology

    FindStars = Callable[[NDArray[np.float64]], NDArray[np.int64]]

STARS, INDICATOR = "stars", "indicator"

SAMPLES_HELD = 4
"""Sets of resamples that are kept for subjects that come later: more would fill memory."""

MARGINS, ALPHA = "margins", "alpha_ordinal"

ONE_CATEGORY, NEVER_DIFFER = "one_category", "never_differ"

Weights = Literal["unweighted", "linear", "quadratic"]
COHEN: dict[str, Weights] = {
    "kappa": "unweighted",
    "kappa_linear": "linear",
    "kappa_quadratic": "quadratic",
}
GWET: dict[str, tuple[Literal["percent", "gwet"], Weights]] = {
    "percent": ("percent", "unweighted"),
    "ac1": ("gwet", "unweighted"),
    "ac2": ("gwet", "quadratic"),
}

LABEL = ("kind", "subject")
FRAME = (*LABEL, "statistic", "estimate", "std_error", "ci_low", "ci_high", "method", "n")
MARGINS_COLUMNS = (*LABEL, "statistic", "df", "p_value", "n")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Subject:
    """Pairs of categories of one subject.

    Attributes
    ----------
    kind, key : str
    survey, checklist : ndarray of shape (n,)
        Stars.
    kept : bool ndarray of shape (C,)
        Centres with both.
    """

    kind: str
    key: str
    survey: NDArray[np.float64]
    checklist: NDArray[np.float64]
    kept: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """Centres with both."""
        return len(self.survey)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Settings:
    """Categories, level, and number of resamples."""

    categories: NDArray[np.float64]
    level: float
    replicates: int


def assess_categories(
    sources: TwoSources,
    methodology: Methodology,
    *,
    survey_stars: pd.Series[int],
    find_stars: FindStars,
    seed: np.random.SeedSequence,
) -> CategoryAgreement | Unavailable:
    """Compare the stars of both sources, and their indicators sorted into the bands of stars.

    Kappas fall where most centres have one star although both sources agree, and with a common
    shift; AC1 and AC2 do not fall with the first. None of them can say which source is right.

    Parameters
    ----------
    sources : TwoSources
    methodology : Methodology
        Its stars are the categories, used or not.
    survey_stars : Series
        Star of the survey by centre, nullable: centres whose star is withheld have no pair.
    find_stars : callable
        Scores, without missing values, to stars: the rule of the rating.
    seed : numpy.random.SeedSequence
        Of the resamples behind the interval of alpha.

    Returns
    -------
    CategoryAgreement or Unavailable
        Reason: ``too_few_centres`` (no subject has three centres with both categories; the detail
        is the largest number).

    Notes
    -----
    Missing data: indicators are compared over all centres with both scores, whatever their sample.

    Kappas have large-sample intervals, percent, AC1 and AC2 Gwet's linearisation; alpha has
    percentiles of the bootstrap over centres, stratified by region. Alpha's ordinal differences are
    Krippendorff's own, of mid-ranks; irrCAC's "ordinal" weights are others. Regions are no
    strata of the first two, which is on the safe side.

    What is not defined stands in ``left_out``: ``too_few_centres`` (statistic "": all of them),
    ``one_category`` (all categories of both sources are one), ``never_differ`` (the test of
    "margins": nothing tells them apart), ``unstable_resampling`` (the interval of alpha only).
    """
    settings = _Settings(
        categories=np.array([band.stars for band in methodology.stars.bands], dtype=float),
        level=methodology.intervals.level,
        replicates=methodology.intervals.bootstrap_replicates,
    )
    subjects = [
        _take_stars(sources, survey_stars, find_stars),
        *(_take_indicator(sources, key, find_stars) for key in sources.keys("indicator")),
    ]
    most = max(subject.n for subject in subjects)
    if most < MINIMUM_PAIRS:
        return Unavailable(stage=STAGE, reason=TOO_FEW_CENTRES, detail=f"{most}/{MINIMUM_PAIRS}")
    rows: list[Row] = []
    margins: list[Row] = []
    left_out: list[dict[str, str]] = []

    @lru_cache(SAMPLES_HELD)
    def draw(kept: bytes) -> NDArray[np.float64]:
        regions = list(sources.regions[np.frombuffer(kept, dtype=bool)])
        return draw_centre_weights(regions, settings.replicates, np.random.default_rng(seed))

    for subject in subjects:
        if subject.n < MINIMUM_PAIRS:
            left_out.append(
                leave_out(subject.key, "", TOO_FEW_CENTRES, f"{subject.n}/{MINIMUM_PAIRS}")
            )
            continue
        # Drawing costs more than all the rest: subjects of the same centres share resamples.
        rows += _estimate(subject, settings, draw(subject.kept.tobytes()), left_out)
        margins += _compare_margins(subject, settings, left_out)
    return CategoryAgreement(
        frame=pd.DataFrame(rows, columns=list(FRAME)),
        margins=_adjust(pd.DataFrame(margins, columns=list(MARGINS_COLUMNS))),
        table=pd.concat([_cross(s, settings.categories) for s in subjects], ignore_index=True),
        left_out=tabulate_left_out(left_out),
        level=settings.level,
    )


def _take_stars(
    sources: TwoSources, survey_stars: pd.Series[int], find_stars: FindStars
) -> _Subject:
    given = survey_stars.reindex(list(sources.centres))
    stars = np.asarray(given.to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
    checklist = sources.checklist[:, sources.place(INDEX)]
    both = np.isfinite(stars) & np.isfinite(checklist)
    return _Subject(
        kind=STARS,
        key=STARS,
        survey=stars[both],
        checklist=find_stars(checklist[both]).astype(float),
        kept=both,
    )


def _take_indicator(sources: TwoSources, key: str, find_stars: FindStars) -> _Subject:
    both, at = sources.has_both(key), sources.place(key)
    return _Subject(
        kind=INDICATOR,
        key=key,
        survey=find_stars(sources.survey[both, at]).astype(float),
        checklist=find_stars(sources.checklist[both, at]).astype(float),
        kept=both,
    )


def _estimate(
    subject: _Subject,
    settings: _Settings,
    weights: NDArray[np.float64],
    left_out: list[dict[str, str]],
) -> list[Row]:
    """Estimate every coefficient of a subject."""
    if len(np.unique([subject.survey, subject.checklist])) == 1:
        names = ("percent", *COHEN, "ac1", "ac2", ALPHA)
        left_out += [leave_out(subject.key, name, ONE_CATEGORY) for name in names]
        return []
    ratings = np.column_stack([subject.survey, subject.checklist])
    shared: dict[str, Any] = {"level": settings.level, "categories": settings.categories}
    found = {
        name: estimate_categorical(ratings, coefficient=kind, weights=by, **shared).coefficient
        for name, (kind, by) in GWET.items()
    } | {
        name: estimate_cohen(subject.survey, subject.checklist, weights=by, **shared)
        for name, by in COHEN.items()
    }
    found[ALPHA] = _estimate_alpha(subject, settings, weights, left_out)
    order = ("percent", *COHEN, "ac1", "ac2", ALPHA)
    return [
        {
            **dict(zip(LABEL, (subject.kind, subject.key), strict=True)),
            "statistic": name,
            **{part: getattr(found[name], part) for part in FRAME[3:]},
        }
        for name in order
    ]


def _estimate_alpha(
    subject: _Subject,
    settings: _Settings,
    weights: NDArray[np.float64],
    left_out: list[dict[str, str]],
) -> Estimate:
    """Estimate ordinal alpha, its interval from centres drawn inside regions."""
    q = len(settings.categories)
    survey, checklist = (
        np.searchsorted(settings.categories, stars) for stars in (subject.survey, subject.checklist)
    )
    cell = np.zeros((subject.n, q * q))
    cell[np.arange(subject.n), survey * q + checklist] = 1.0
    value = float(compute_ordinal_alpha(cell.sum(axis=0).reshape(q, q)))
    drawn = compute_ordinal_alpha((weights @ cell).reshape(-1, q, q))
    known = drawn[np.isfinite(drawn)]
    shared: dict[str, Any] = {"estimate": value, "level": settings.level, "n": subject.n}
    unstable = find_unstable(len(known), len(drawn), stage=STAGE)
    if unstable:
        left_out.append(leave_out(subject.key, ALPHA, unstable.reason, unstable.detail))
        return Estimate(**shared, method="no interval")
    low, high = compute_percentile_interval(known, settings.level)
    return Estimate(
        **shared,
        std_error=float(known.std(ddof=1)),
        ci_low=float(low),
        ci_high=float(high),
        method="bootstrap over centres, percentiles",
    )


def _compare_margins(
    subject: _Subject, settings: _Settings, left_out: list[dict[str, str]]
) -> list[Row]:
    found = compare_margins(subject.survey, subject.checklist, categories=settings.categories)
    if np.isnan(found.statistic):
        left_out.append(leave_out(subject.key, MARGINS, NEVER_DIFFER))
        return []
    values = (subject.kind, subject.key, found.statistic, found.df, found.p_value, found.n)
    return [dict(zip(MARGINS_COLUMNS, values, strict=True))]


def _adjust(margins: pd.DataFrame) -> pd.DataFrame:
    """Add q-values: over indicators, and of stars the p-value."""
    p = margins["p_value"].to_numpy(dtype=float)
    of_indicators = (margins["kind"] == INDICATOR).to_numpy()
    q = p.copy()
    q[of_indicators] = adjust_p(p[of_indicators])
    margins.insert(len(margins.columns) - 1, "q_value", q)
    return margins


def _cross(subject: _Subject, categories: NDArray[np.float64]) -> pd.DataFrame:
    """Return how many centres have every pair of categories."""
    one, two = (a.ravel() for a in np.meshgrid(categories, categories, indexing="ij"))
    pairs = subject.survey[:, None] == one, subject.checklist[:, None] == two
    return pd.DataFrame(
        {
            "kind": subject.kind,
            "subject": subject.key,
            "survey": one.astype(np.int64),
            "checklist": two.astype(np.int64),
            "n": (pairs[0] & pairs[1]).sum(axis=0),
        }
    )
