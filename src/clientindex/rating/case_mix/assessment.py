"""Adjust scores of centres for the traits of their clients, set by set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import norm, spearmanr

from clientindex.counts import (
    Adjustment,
    compute_weighted_moments,
    count_cells,
    make_cells,
    point_values,
)
from clientindex.rating.bands import settle
from clientindex.rating.case_mix.design import TraitDesign, make_design
from clientindex.rating.case_mix.regression import CellSums, WithinFit, find_usable, fit_within
from clientindex.rating.scores import compute_scores
from clientindex.results.base import ALL_SEGMENTS
from clientindex.results.case_mix import CaseMix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import CellCounts, Cells, CentreMoments
    from clientindex.intake.tables import Responses
    from clientindex.methodology import Methodology
    from clientindex.methodology.case_mix_settings import CaseMixSettings
    from clientindex.results import Scores

    FindStars = Callable[[NDArray[np.float64]], NDArray[np.int64]]

NOTHING_TO_ADJUST = "nothing_to_adjust"
NO_ANSWERS = "no_answers"

LEFT_OUT = ["set", "segment", "trait", "level", "reason", "detail"]
_NUMBERS = dict.fromkeys(("estimate", "std_error", "ci_low", "ci_high"), "float64")
COLUMNS: dict[str, dict[str, str]] = {
    "coefficients": {
        **dict.fromkeys(("set", "segment", "indicator", "trait", "level", "reference"), "str"),
        **_NUMBERS,
        "n": "int64",
    },
    "levels": {
        **dict.fromkeys(("set", "segment", "trait", "level"), "str"),
        "n": "int64",
        "share": "float64",
        "use": "str",
    },
    "centres": {
        **dict.fromkeys(("set", "centre"), "str"),
        "n": "int64",
        **dict.fromkeys(("unadjusted", "unadjusted_error"), "float64"),
        **dict.fromkeys(("adjusted", "adjusted_error"), "float64"),
        **dict.fromkeys(("difference", "difference_error"), "float64"),
        **dict.fromkeys(("star_unadjusted", "star_adjusted"), "Int64"),
    },
    "variance": {
        **dict.fromkeys(("set", "segment", "indicator"), "str"),
        "n": "int64",
        **dict.fromkeys(("within_variance", "explained"), "float64"),
    },
    "summary": {
        **dict.fromkeys(("set", "traits"), "str"),
        "n_centres": "int64",
        **dict.fromkeys(("correlation", "rank_correlation"), "float64"),
        **dict.fromkeys(("difference_sd", "largest_difference"), "float64"),
        **dict.fromkeys(("n_starred", "n_star_changed"), "int64"),
    },
}
"""Columns of frames with their types, which also hold without rows."""

FEWEST_CORRELATED = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdjustedAnswers:
    """Adjusted scores.

    Attributes
    ----------
    moments : mapping of str to CentreMoments
        By set of traits: adjusted means with their covariance, the regression's error in it;
        scores, errors and stars follow as from unadjusted ones. Means can leave 0-100 slightly.
    result : CaseMix
    """

    moments: Mapping[str, CentreMoments]
    result: CaseMix


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """What an adjustment starts from.

    Attributes
    ----------
    responses : Responses
    weight : ndarray of shape (N,) or None
        Weights of the respondents where the settings ask for them.
    age_bands : sequence of int
        First years of all age groups but the youngest.
    visitors : mapping of str to float
        Number of visitors by centre, for the finite-population correction.
    """

    responses: Responses
    weight: NDArray[np.float64] | None = None
    age_bands: Sequence[int] = ()
    visitors: Mapping[str, float] | None = None


def adjust_case_mix(
    survey: Survey,
    methodology: Methodology,
    *,
    settings: CaseMixSettings,
    find_stars: FindStars,
    score: Callable[..., Scores] = compute_scores,
) -> AdjustedAnswers:
    """Adjust the scores of centres for traits of their clients, as patient-mix adjustment does.

    In every segment the points of every indicator are regressed on indicators of the levels of the
    traits and a constant of every centre, over all who answered it. With the coefficients ``b``,
    the mean mix ``x_c`` of the centre and ``x`` of all, ``adjusted = mean - (x_c - x) b``: what the
    centre's mean would be with everybody's mix. Since ``b`` compares clients of the same centre,
    good centres that serve special clients do not enter it.

    The covariance is that of the answers less ``(z - x) b`` within the centre, plus
    ``(x_c - x)' V (x_c - x)`` of the coefficients; the two are uncorrelated under the model. The
    error of ``x``, the same for all centres, is left out. Missing answers: every indicator uses
    those who answered it, also for the mix. Unknown traits are a level of their own.

    Parameters
    ----------
    survey : Survey
    methodology : Methodology
    settings : CaseMixSettings
    find_stars : callable
        Stars of an array of indices.
    score : callable
        Scores from moments, called like :func:`clientindex.rating.compute_scores`.

    Returns
    -------
    AdjustedAnswers

    Raises
    ------
    CountsError
        If the survey lacks a trait, or combinations of traits are too many.

    References
    ----------
    O'Malley A. J. et al. Case-mix adjustment of the CAHPS Hospital Survey. Health Services
    Research, 2005, 40(6), 2162-2181. doi:10.1111/j.1475-6773.2005.00470.x
    """
    weight = survey.weight if settings.weighted else None
    survey = replace(survey, weight=weight)
    plain = compute_weighted_moments(survey.responses, methodology, weight=weight)
    sheets = _Sheets(level=methodology.intervals.level)
    moments = {}
    before = _take_index(score(plain, methodology, visitors=survey.visitors))
    for name, traits in settings.sets.items():
        adjusted, regression = _adjust(survey, methodology, settings, (name, traits), sheets=sheets)
        moments[name] = adjusted
        after = _take_index(score(adjusted, methodology, visitors=survey.visitors))
        error = _take_index(score(regression, methodology))["std_error"]
        centres = _compare(before, after, error, methodology=methodology, find_stars=find_stars)
        sheets.centres.append(centres.assign(set=name)[["set", *centres]])
        sheets.summary.append({"set": name, "traits": ", ".join(traits), **_summarise(centres)})
    return AdjustedAnswers(
        moments=moments,
        result=CaseMix(
            **sheets.frames(),
            level=methodology.intervals.level,
            minimum_respondents=settings.minimum_respondents,
            weighted=weight is not None,
            published=settings.published or "",
        ),
    )


class _Sheets:
    """Collects the rows of all sets."""

    def __init__(self, *, level: float) -> None:
        self._quantile = float(norm.ppf((1 + level) / 2))
        self.coefficients: list[pd.DataFrame] = []
        self.levels: list[pd.DataFrame] = []
        self.centres: list[pd.DataFrame] = []
        self.variance: list[pd.DataFrame] = []
        self.summary: list[dict[str, Any]] = []
        self.left_out: list[tuple[str, ...]] = []

    def add_design(self, name: str, segment: str, design: TraitDesign) -> None:
        levels = design.levels.assign(set=name, segment=segment)
        share = levels["n"] / levels.groupby("trait")["n"].transform("sum")
        columns = ["set", "segment", "trait", "level", "n", "share", "use"]
        self.levels.append(levels.assign(share=share)[columns])
        self.left_out += [(name, segment, *row) for row in design.left_out]

    def add_fit(
        self,
        name: str,
        segment: str,
        design: TraitDesign,
        fit: WithinFit,
        *,
        indicators: tuple[str, ...],
        n: NDArray[np.float64],
    ) -> None:
        n_items, q = fit.estimate.shape
        error = np.sqrt(np.einsum("aqaq->aq", fit.covariance)).ravel()
        estimate, counts = fit.estimate.ravel(), n.astype(np.int64)
        frame = pd.DataFrame(
            {
                "set": name,
                "segment": segment,
                "indicator": np.repeat(np.array(indicators, dtype=object), q),
                "trait": [trait for trait, _ in design.columns] * n_items,
                "level": [level for _, level in design.columns] * n_items,
                "reference": [design.reference[trait] for trait, _ in design.columns] * n_items,
                "estimate": estimate,
                "std_error": error,
                "ci_low": estimate - self._quantile * error,
                "ci_high": estimate + self._quantile * error,
                "n": np.repeat(counts, q),
            }
        )
        self.coefficients.append(frame)
        self.variance.append(
            pd.DataFrame(
                {
                    "set": name,
                    "segment": segment,
                    "indicator": indicators,
                    "n": counts,
                    "within_variance": fit.variance,
                    "explained": fit.explained,
                }
            )
        )

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return the frames of the result."""
        parts = {name: getattr(self, name) for name in COLUMNS if name != "summary"}
        frames = {name: _stack(frames, COLUMNS[name]) for name, frames in parts.items()}
        frames["summary"] = _stack([pd.DataFrame(self.summary)], COLUMNS["summary"])
        frames["left_out"] = pd.DataFrame(self.left_out, columns=LEFT_OUT, dtype="str")
        return frames


def _stack(parts: Sequence[pd.DataFrame], types: dict[str, str]) -> pd.DataFrame:
    """Put frames under one another, with all columns and types also where there are no rows."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=list(types)).astype(types)
    return pd.concat(filled, ignore_index=True)[list(types)].astype(types)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _SegmentFit:
    """The regression of one segment: its cells, centres, design and fit."""

    here: NDArray[np.bool_]
    centres: pd.Index[str]
    design: TraitDesign
    fit: WithinFit

    @property
    def offset(self) -> NDArray[np.float64]:
        """Points to take from every answer of the segment's cells, shape (h, K)."""
        average = (self.fit.average * self.fit.estimate).sum(axis=1)
        return np.asarray(self.design.z @ self.fit.estimate.T - average)

    @property
    def covariance(self) -> NDArray[np.float64]:
        """Covariance that the coefficients bring to the means of centres, shape (C, K, K)."""
        mix = self.fit.mix
        covariance = self.fit.covariance
        return np.asarray(np.einsum("caq,aqbr,cbr->cab", mix, covariance, mix, optimize=True))


def _adjust(
    survey: Survey,
    methodology: Methodology,
    settings: CaseMixSettings,
    named: tuple[str, Sequence[str]],
    *,
    sheets: _Sheets,
) -> tuple[CentreMoments, CentreMoments]:
    """Return the adjusted moments, and the same with the regression's covariance alone."""
    name, traits = named
    responses = survey.responses
    cells = make_cells(responses, traits, age_bands=survey.age_bands)
    counts = count_cells(responses, methodology, cells=cells, weight=survey.weight)
    people = counts if survey.weight is None else count_cells(responses, methodology, cells=cells)
    fits: dict[str, _SegmentFit] = {}
    for segment in methodology.segment_keys:
        here = (cells.frame["segment"] == segment).to_numpy()
        if here.any():
            centre, centres = pd.factorize(cells.frame["centre"][here], sort=True)
            sums = _sum_cells(counts, people, here, centre, methodology)
            design, silent = _design_segment(people, here, sums, traits, settings, methodology)
            sheets.add_design(name, segment, design)
            if silent or not design.columns:
                reason = NO_ANSWERS if silent else NOTHING_TO_ADJUST
                sheets.left_out.append((name, segment, "", "", reason, ", ".join(silent)))
                continue
            fit = fit_within(design.z, sums)
            keys = methodology.indicator_keys
            sheets.add_fit(name, segment, design, fit, indicators=keys, n=sums.n)
            fits[segment] = _SegmentFit(
                here=here, centres=pd.Index(centres), design=design, fit=fit
            )
    return _compute_moments(survey, methodology, cells, fits)


def _design_segment(
    people: CellCounts,
    here: NDArray[np.bool_],
    sums: CellSums,
    traits: Sequence[str],
    settings: CaseMixSettings,
    methodology: Methodology,
) -> tuple[TraitDesign, list[str]]:
    """Return the columns of one segment, and the indicators that nobody of it answered."""
    design = make_design(
        people.cells[here],
        people.n[here].astype(np.float64),
        traits=traits,
        minimum=settings.minimum_respondents,
    )
    silent = [key for key, n in zip(methodology.indicator_keys, sums.n, strict=True) if n == 0]
    if design.columns and not silent:
        design = design.keep(find_usable(design.z, sums))
    return design, silent


def _compute_moments(
    survey: Survey, methodology: Methodology, cells: Cells, fits: Mapping[str, _SegmentFit]
) -> tuple[CentreMoments, CentreMoments]:
    """Return moments of the adjusted answers, and with the regression's covariance alone."""
    offset = np.zeros((len(cells.frame), len(methodology.indicator_keys)))
    for found in fits.values():
        offset[found.here] = found.offset
    moments = compute_weighted_moments(
        survey.responses,
        methodology,
        weight=survey.weight,
        adjustment=Adjustment(cells=cells, offset=offset),
    )
    regression = np.zeros(moments.cov_mean.shape)
    for segment, found in fits.items():
        at = pd.Index(moments.centres).get_indexer(found.centres)
        regression[at, methodology.segment_keys.index(segment)] = found.covariance
    return (
        replace(moments, cov_mean=moments.cov_mean + regression),
        replace(moments, cov_mean=regression),
    )


def _sum_cells(
    counts: CellCounts,
    people: CellCounts,
    here: NDArray[np.bool_],
    centre: NDArray[np.intp],
    methodology: Methodology,
) -> CellSums:
    values = point_values(methodology)[:, 1:]
    given = counts.margins[here][:, :, 1:]
    return CellSums(
        centre=centre,
        weight=given.sum(axis=2),
        points=np.einsum("hkc,kc->hk", given, values),
        squares=np.einsum("hkc,kc->hk", given, values**2),
        n=people.margins[here][:, :, 1:].sum(axis=(0, 2)),
    )


def _take_index(scores: Scores) -> pd.DataFrame:
    """Return the index of all segments by centre: ``estimate``, ``std_error``, ``n``."""
    frame = scores.frame
    whole = frame[(frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == "index")]
    return whole.set_index("centre")[["estimate", "std_error", "n"]]


def _compare(
    before: pd.DataFrame,
    after: pd.DataFrame,
    difference_error: pd.Series[float],
    *,
    methodology: Methodology,
    find_stars: FindStars,
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "centre": before.index,
            "n": before["n"].to_numpy(),
            "unadjusted": before["estimate"].to_numpy(),
            "unadjusted_error": before["std_error"].to_numpy(),
            "adjusted": after["estimate"].to_numpy(),
            "adjusted_error": after["std_error"].to_numpy(),
            "difference": (after["estimate"] - before["estimate"]).to_numpy(),
            "difference_error": difference_error.to_numpy(),
        }
    )
    enough = frame["n"] >= methodology.stars.minimum_sample
    given = (
        enough & frame["unadjusted_error"].notna() & frame["adjusted_error"].notna()
    ).to_numpy()
    for kind in ("unadjusted", "adjusted"):
        stars = pd.Series(pd.NA, index=frame.index, dtype="Int64")
        if given.any():
            stars[given] = find_stars(frame.loc[given, kind].to_numpy(float))
        frame[f"star_{kind}"] = stars
    return frame


def _summarise(centres: pd.DataFrame) -> dict[str, Any]:
    known = centres.dropna(subset=["unadjusted", "adjusted"])
    first, second = known["unadjusted"].to_numpy(float), known["adjusted"].to_numpy(float)
    starred = centres.dropna(subset=["star_unadjusted"])
    changed = starred["star_unadjusted"] != starred["star_adjusted"]
    able = len(known) >= FEWEST_CORRELATED and np.ptp(first) > 0 and np.ptp(second) > 0
    difference = second - first
    return {
        "n_centres": len(known),
        "correlation": float(np.corrcoef(first, second)[0, 1]) if able else np.nan,
        "rank_correlation": float(spearmanr(settle(first), settle(second))[0]) if able else np.nan,
        "difference_sd": float(difference.std(ddof=1)) if len(known) > 1 else np.nan,
        "largest_difference": float(np.abs(difference).max()) if len(known) else np.nan,
        "n_starred": len(starred),
        "n_star_changed": int(changed.sum()),
    }
