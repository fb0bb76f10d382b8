"""The regression of every segment on the traits of its clients, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import point_values
from clientindex.rating.case_mix.design import TraitDesign, make_design
from clientindex.rating.case_mix.regression import CellSums, WithinFit, find_usable, fit_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.counts import CellCounts
    from clientindex.methodology import Methodology

NOTHING_TO_ADJUST = "nothing_to_adjust"
NO_ANSWERS = "no_answers"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SegmentFit:
    """The regression of one segment.

    Attributes
    ----------
    segment : str
    design : TraitDesign
        Of its h cells.
    fit : WithinFit
    n : ndarray of shape (K,)
        Respondents who answered each indicator.
    here : bool ndarray of shape (H,)
        Whether a cell is of the segment.
    centres : Index of length C
        Its centres, sorted.
    """

    segment: str
    design: TraitDesign
    fit: WithinFit
    n: NDArray[np.float64]
    here: NDArray[np.bool_]
    centres: pd.Index[str]

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnadjustedSegment:
    """A segment whose scores stay as they are.

    Attributes
    ----------
    segment : str
    design : TraitDesign
    reason, detail : str
        See ``left_out`` of :class:`clientindex.results.case_mix.CaseMix`.
    """

    segment: str
    design: TraitDesign
    reason: str
    detail: str


def fit_segments(
    counts: CellCounts,
    people: CellCounts,
    methodology: Methodology,
    *,
    traits: Sequence[str],
    minimum: int,
) -> tuple[SegmentFit | UnadjustedSegment, ...]:
    """Regress the answers of every segment that has respondents.

    Parameters
    ----------
    counts, people : CellCounts
        With and without weights.
    methodology : Methodology
    traits : sequence of str
    minimum : int
        Fewest respondents of a level with a coefficient of its own.
    """
    segment_of = people.cells["segment"]
    places = ((key, (segment_of == key).to_numpy()) for key in methodology.segment_keys)
    return tuple(
        _fit_segment(
            _take_cells(segment, here, counts, people, methodology),
            traits=traits,
            minimum=minimum,
            indicators=methodology.indicator_keys,
        )
        for segment, here in places
        if here.any()
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _SegmentCells:
    """The h cells of one segment: their traits, respondents and sums of answers."""

    segment: str
    here: NDArray[np.bool_]
    cells: pd.DataFrame
    n: NDArray[np.float64]
    centres: pd.Index[str]
    sums: CellSums


def _take_cells(
    segment: str,
    here: NDArray[np.bool_],
    counts: CellCounts,
    people: CellCounts,
    methodology: Methodology,
) -> _SegmentCells:
    cells = people.cells[here]
    centre, centres = pd.factorize(cells["centre"], sort=True)
    values = point_values(methodology)[:, 1:]
    given = counts.margins[here][:, :, 1:]
    return _SegmentCells(
        segment=segment,
        here=here,
        cells=cells,
        n=people.n[here].astype(np.float64),
        centres=pd.Index(centres),
        sums=CellSums(
            centre=centre,
            weight=given.sum(axis=2),
            points=np.einsum("hkc,kc->hk", given, values),
            squares=np.einsum("hkc,kc->hk", given, values**2),
            n=people.margins[here][:, :, 1:].sum(axis=(0, 2)),
        ),
    )


def _fit_segment(
    own: _SegmentCells, *, traits: Sequence[str], minimum: int, indicators: Sequence[str]
) -> SegmentFit | UnadjustedSegment:
    design = make_design(own.cells, own.n, traits=traits, minimum=minimum)
    silent = [key for key, n in zip(indicators, own.sums.n, strict=True) if n == 0]
    if silent:
        return UnadjustedSegment(
            segment=own.segment, design=design, reason=NO_ANSWERS, detail=", ".join(silent)
        )
    if design.columns:
        design = design.keep(find_usable(design.z, own.sums))
    if not design.columns:
        return UnadjustedSegment(
            segment=own.segment, design=design, reason=NOTHING_TO_ADJUST, detail=""
        )
    return SegmentFit(
        segment=own.segment,
        design=design,
        fit=fit_within(design.z, own.sums),
        n=own.sums.n,
        here=own.here,
        centres=own.centres,
    )
