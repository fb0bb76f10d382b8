"""The structure of the indicators within centres and between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import draw_centre_weights
from clientindex.factors.centre_sums import compute_centre_sums
from clientindex.factors.intervals import compute_percentile_interval, find_unstable
from clientindex.factors.levels.components import (
    combine_terms,
    leave_one_out,
    read_terms,
    to_correlations,
)
from clientindex.factors.levels.models import fit_levels, make_level_moments
from clientindex.factors.levels.structure import fit_structure
from clientindex.factors.polychoric.smooth import smooth
from clientindex.results import Levels, Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.levels.components import LevelCovariances, LevelTerms
    from clientindex.factors.levels.structure import LevelStructure
    from clientindex.factors.polychoric.smooth import Smoothed
    from clientindex.factors.sample import FactorSample
    from clientindex.methodology import Methodology

STAGE = "factors"

REPLICATES = 300
"""Most bootstrap replicates: ends of a 95 % interval are then known to a tenth of its length."""

MIN_CENTRES_SHARE = 1.0
"""Centres needed for each indicator: with fewer the between matrix has no full rank."""


def compare_levels(
    sample: FactorSample, methodology: Methodology, *, seed: np.random.SeedSequence
) -> Levels | Unavailable:
    """Compare correlations, factors and confirmatory models within and between centres.

    Covariances of answers as numbers by moments; a between matrix that is not positive definite is
    smoothed, and said so. Exploratory factors are minres, rotated to the groups. Intervals are
    percentiles over centres drawn inside their regions, up to 300 replicates. Missing answers: as
    the methodology says.

    Parameters
    ----------
    sample : FactorSample
    methodology : Methodology
    seed : numpy.random.SeedSequence

    Returns
    -------
    Levels or Unavailable
        Unavailable with reason ``single_respondent_centres`` (no centre has two respondents),
        ``too_few_centres`` (fewer centres than indicators; detail "12/20"),
        ``no_between_variance`` (detail names the indicators) or ``unstable_resampling``.
    """
    centre_sums = compute_centre_sums(sample.counts, methodology)
    terms = read_terms(centre_sums.sums)
    n_centres = len(centre_sums.centres)
    found = combine_terms(terms, np.ones(n_centres))
    if (obstacle := _find_obstacle(found, sample, n_centres)) is not None:
        return obstacle
    drawn = min(REPLICATES, methodology.intervals.bootstrap_replicates)
    weights = draw_centre_weights(sample.regions, drawn, np.random.default_rng(seed))
    replicates = _select(combine_terms(terms, weights))
    if (obstacle := find_unstable(len(replicates.within), drawn, stage=STAGE)) is not None:
        return obstacle
    return _Assembly(sample, methodology, found, replicates, terms).build()


def _find_obstacle(
    found: LevelCovariances, sample: FactorSample, n_centres: int
) -> Unavailable | None:
    if np.isnan(found.within).any():
        return Unavailable(stage=STAGE, reason="single_respondent_centres")
    size = len(sample.indicators)
    if n_centres < MIN_CENTRES_SHARE * size:
        return Unavailable(stage=STAGE, reason="too_few_centres", detail=f"{n_centres}/{size}")
    flat = np.diag(found.between) <= 0
    if flat.any():
        names = [key for key, none in zip(sample.indicators, flat, strict=True) if none]
        return Unavailable(stage=STAGE, reason="no_between_variance", detail=", ".join(names))
    return None


def _select(replicates: LevelCovariances) -> LevelCovariances:
    """Keep replicates in which every indicator varies at both levels."""
    variances = np.stack(
        [np.diagonal(m, axis1=1, axis2=2) for m in (replicates.within, replicates.between)]
    )
    usable = (np.nan_to_num(variances) > 0).all(axis=(0, 2))
    return type(replicates)(
        within=replicates.within[usable],
        between=replicates.between[usable],
        size=replicates.size[usable],
    )


class _Assembly:
    """Builds the frames of the result; every interval is of the same replicates."""

    def __init__(
        self,
        sample: FactorSample,
        methodology: Methodology,
        found: LevelCovariances,
        replicates: LevelCovariances,
        terms: LevelTerms,
    ) -> None:
        self._sample, self._methodology = sample, methodology
        self._found, self._replicates, self._terms = found, replicates, terms
        self._level = methodology.intervals.level
        self._raw = {
            "within": to_correlations(found.within),
            "between": to_correlations(found.between),
        }
        self._smoothed: dict[str, Smoothed] = {name: smooth(r) for name, r in self._raw.items()}
        self._drawn = {
            "within": to_correlations(replicates.within),
            "between": to_correlations(replicates.between),
        }

    def build(self) -> Levels:
        structure = self._fit_structure()
        fit, parameters = self._fit_models()
        between = self._smoothed["between"]
        return Levels(
            correlations=self._tabulate_correlations(),
            variances=self._tabulate_variances(),
            eigenvalues=self._tabulate_eigenvalues(),
            loadings=self._tabulate_loadings(structure),
            fit=fit,
            parameters=parameters,
            congruence=self._tabulate_congruence(structure),
            smoothed=between.changed,
            smallest_eigenvalue=between.smallest_eigenvalue,
            n=self._sample.n,
            n_centres=len(self._sample.counts.units),
            mean_size=float(np.diag(self._found.size).mean()),
            replicates=len(self._replicates.within),
            confidence=self._level,
        )

    def _fit_structure(self) -> LevelStructure | None:
        definite = {
            name: np.array([smooth(r).matrix for r in drawn]) for name, drawn in self._drawn.items()
        }
        levels = [(self._smoothed[name].matrix, definite[name]) for name in ("within", "between")]
        return fit_structure(levels[0], levels[1], self._methodology)

    def _fit_models(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        indicators = self._sample.indicators
        centres = tuple(self._sample.counts.units["centre"])
        left_out = leave_one_out(self._terms)
        n_respondents = float(self._sample.n)
        moments = {
            "within": make_level_moments(
                self._found.within,
                left_out.within,
                indicators=indicators,
                centres=centres,
                n=n_respondents - len(centres),
            ),
            "between": make_level_moments(
                self._found.between,
                left_out.between,
                indicators=indicators,
                centres=centres,
                n=float(len(centres)),
            ),
        }
        return fit_levels(moments, self._methodology)  # type: ignore[arg-type]  # keys are the two levels

    def _tabulate_correlations(self) -> pd.DataFrame:
        rows, columns = np.triu_indices(len(self._sample.indicators), 1)
        keys = np.array(self._sample.indicators)
        parts = []
        for name, r in self._raw.items():
            low, high = self._span(self._drawn[name][:, rows, columns])
            parts.append(
                pd.DataFrame(
                    {
                        "level": name,
                        "indicator": keys[rows],
                        "other": keys[columns],
                        "estimate": r[rows, columns],
                        "ci_low": low,
                        "ci_high": high,
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def _tabulate_variances(self) -> pd.DataFrame:
        low, high = self._span(self._replicates.icc)
        return pd.DataFrame(
            {
                "indicator": self._sample.indicators,
                "within": np.diag(self._found.within),
                "between": np.diag(self._found.between),
                "estimate": self._found.icc,
                "ci_low": low,
                "ci_high": high,
            }
        )

    def _tabulate_eigenvalues(self) -> pd.DataFrame:
        parts = []
        for name, r in self._raw.items():
            low, high = self._span(np.asarray(np.linalg.eigvalsh(self._drawn[name])[:, ::-1]))
            parts.append(
                pd.DataFrame(
                    {
                        "level": name,
                        "position": np.arange(1, len(r) + 1),
                        "estimate": np.linalg.eigvalsh(r)[::-1],
                        "ci_low": low,
                        "ci_high": high,
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def _tabulate_loadings(self, structure: LevelStructure | None) -> pd.DataFrame:
        columns = ["level", "indicator", "factor", "estimate", "ci_low", "ci_high"]
        if structure is None:
            return pd.DataFrame(columns=columns)
        keys, groups = self._sample.indicators, self._methodology.group_keys
        levels = {
            "within": (structure.within, structure.within_replicates),
            "between": (structure.between, structure.between_replicates),
        }
        parts = []
        for name, (loadings, drawn) in levels.items():
            low, high = self._span(drawn)
            parts.append(
                pd.DataFrame(
                    {
                        "level": name,
                        "indicator": np.repeat(keys, len(groups)),
                        "factor": np.tile(groups, len(keys)),
                        "estimate": loadings.ravel(),
                        "ci_low": low.ravel(),
                        "ci_high": high.ravel(),
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def _tabulate_congruence(self, structure: LevelStructure | None) -> pd.DataFrame:
        if structure is None:
            return pd.DataFrame(columns=["factor", "estimate", "ci_low", "ci_high"])
        low, high = self._span(structure.congruence_replicates)
        return pd.DataFrame(
            {
                "factor": self._methodology.group_keys,
                "estimate": structure.congruence,
                "ci_low": low,
                "ci_high": high,
            }
        )

    def _span(self, drawn: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the interval, NaN where fewer than half of the replicates are defined."""
        if len(drawn) < max(2, len(self._replicates.within) / 2):
            nothing = np.full(drawn.shape[1:], np.nan)
            return nothing, nothing.copy()
        return compute_percentile_interval(drawn, self._level)
