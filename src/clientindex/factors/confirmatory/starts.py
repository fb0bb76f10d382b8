"""Where the search for a model's parameters starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.layout import Layout, Place
    from clientindex.factors.moments import SampleMoments

GENERAL_LOADING, GROUP_LOADING = 0.6, 0.4
"""Standardised loadings of an indicator on the broadest of its factors, and on others."""


def start_parameters(
    layout: Layout, moments: tuple[SampleMoments, ...], *, scale: float = 1.0
) -> NDArray[np.float64]:
    """Return starts of the distinct free parameters.

    Starts that the model gives are kept. Loadings follow the sign of the indicators' correlation
    with the factor's first principal component; `scale` multiplies them, for a second attempt.
    """
    starts = np.zeros(layout.n_free)
    signs = [_find_signs(layout, own) for own in moments]
    for at in range(len(layout.places) - 1, -1, -1):
        parameter, free = layout.spec.parameters[at], layout.position[at]
        if free < 0:
            continue
        own = moments[parameter.group]
        if parameter.value is not None:
            starts[free] = parameter.value
        else:
            starts[free] = _guess(layout, at, own, signs[parameter.group], scale)
    return starts


def _find_signs(layout: Layout, own: SampleMoments) -> dict[int, NDArray[np.float64]]:
    """Return the sign of every indicator on the first component of each factor's indicators."""
    sd = np.sqrt(np.diag(own.matrix))
    r = own.matrix / np.outer(sd, sd)
    signs = {}
    for factor in range(len(layout.spec.factors)):
        rows = sorted(_list_indicators(layout, factor))
        signs[factor] = np.ones(len(sd))
        if len(rows) > 1:
            first = np.linalg.eigh(r[np.ix_(rows, rows)])[1][:, -1]
            first = first * (1.0 if first.sum() >= 0 else -1.0)
            signs[factor][rows] = np.where(first < 0, -1.0, 1.0)
    return signs


def _list_indicators(layout: Layout, factor: int) -> set[int]:
    return {p.row for p in layout.places if p.matrix == "loading" and p.column == factor}


def _guess(
    layout: Layout,
    at: int,
    own: SampleMoments,
    signs: dict[int, NDArray[np.float64]],
    scale: float,
) -> float:
    place = layout.places[at]
    sd = np.sqrt(np.diag(own.matrix))
    if place.matrix == "loading":
        sign = float(signs[place.column][place.row])
        return scale * sign * _guess_loading(layout, place, sd)
    if place.matrix == "residual":
        return 0.5 * float(sd[place.row] ** 2) if place.row == place.column else 0.0
    if place.matrix == "factor":
        return _guess_variance(layout, place, sd) if place.row == place.column else 0.0
    if place.matrix == "regression":
        return 0.5
    if place.matrix == "threshold":
        return float(own.thresholds[place.row][place.column])
    if place.matrix == "intercept":
        return float(own.means[place.row])
    return 1.0 if place.matrix == "scale" else 0.0


def _guess_loading(layout: Layout, place: Place, sd: NDArray[np.float64]) -> float:
    marker = _find_marker(layout, place.column)
    if marker is not None:
        return float(sd[place.row] / sd[marker])
    others = {p.column for p in layout.places if p.matrix == "loading" and p.row == place.row}
    breadth = {column: len(_list_indicators(layout, column)) for column in others}
    broadest = max(breadth, key=lambda column: (breadth[column], -column)) == place.column
    return (GENERAL_LOADING if broadest else GROUP_LOADING) * float(sd[place.row])


def _guess_variance(layout: Layout, place: Place, sd: NDArray[np.float64]) -> float:
    marker = _find_marker(layout, place.row)
    return 0.5 * float(sd[marker] ** 2) if marker is not None else 0.5


def _find_marker(layout: Layout, factor: int) -> int | None:
    """Return the indicator whose loading on the factor is fixed to 1."""
    for at, place in enumerate(layout.places):
        own = place.matrix == "loading" and place.column == factor
        if own and layout.position[at] < 0 and layout.fixed[at] == 1.0:
            return place.row
    return None
