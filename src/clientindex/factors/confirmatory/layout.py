"""Where every parameter of a model stands in its matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.spec import ModelSpec, Parameter

Matrix = Literal[
    "loading", "factor", "regression", "residual", "intercept", "mean", "threshold", "scale"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A cell of a parameter matrix of one group; `column` is 0 for vectors."""

    matrix: Matrix
    row: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Places of all parameters and the way from distinct free ones to all.

    Attributes
    ----------
    spec : ModelSpec
    places : tuple of Place
    position : int ndarray of shape (number of parameters,)
        Place among the Q distinct free parameters; -1 for fixed ones.
    fixed : ndarray of shape (number of parameters,)
        Values of fixed parameters, 0 for free ones.
    has_level : bool
        Whether means or thresholds are modelled; else they are saturated.
    """

    spec: ModelSpec
    places: tuple[Place, ...]
    position: NDArray[np.intp]
    fixed: NDArray[np.float64]
    has_level: bool

    @property
    def n_free(self) -> int:
        """Q."""
        return int(self.position.max(initial=-1)) + 1

    def expand(self, free: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values of all parameters, shape (..., all) from (..., Q)."""
        values = np.broadcast_to(self.fixed, (*free.shape[:-1], len(self.fixed))).copy()
        is_free = self.position >= 0
        values[..., is_free] = free[..., self.position[is_free]]
        return values

    def name_free(self, at: int) -> str:
        """Return the name of a distinct free parameter."""
        parameter = self.spec.parameters[int(np.argmax(self.position == at))]
        return name_parameter(parameter)


def name_parameter(parameter: Parameter) -> str:
    """Return a parameter as people write it."""
    return f"{parameter.lhs} {parameter.op} {parameter.rhs}".strip()


def lay_out(spec: ModelSpec) -> Layout:
    """Find the place of every parameter.

    Raises
    ------
    StatisticsError
        If a parameter names something that is neither a factor nor an indicator of the model, or
        an indicator takes part in a regression.
    """
    labels: dict[str, int] = {}
    position = []
    for parameter in spec.parameters:
        if not parameter.free:
            position.append(-1)
            continue
        key = parameter.label or f"\0{len(position)}"
        position.append(labels.setdefault(key, len(labels)))
    fixed = [0.0 if p.free else float(p.value or 0.0) for p in spec.parameters]
    return Layout(
        spec=spec,
        places=tuple(_find_place(spec, parameter) for parameter in spec.parameters),
        position=np.array(position, dtype=np.intp),
        fixed=np.array(fixed),
        has_level=any(p.op in ("~1", "|") for p in spec.parameters),
    )


def _find_place(spec: ModelSpec, parameter: Parameter) -> Place:
    lhs, op, rhs = parameter.lhs, parameter.op, parameter.rhs
    factors = {name: at for at, name in enumerate(spec.factors)}
    items = {name: at for at, name in enumerate(spec.indicators)}
    if op == "=~" and lhs in factors and rhs in items:
        return Place(matrix="loading", row=items[rhs], column=factors[lhs])
    if op == "=~" and lhs in factors and rhs in factors:
        return Place(matrix="regression", row=factors[rhs], column=factors[lhs])
    if op == "~" and lhs in factors and rhs in factors:
        return Place(matrix="regression", row=factors[lhs], column=factors[rhs])
    for names, matrix in ((factors, "factor"), (items, "residual")):
        if op == "~~" and lhs in names and rhs in names:
            return Place(matrix=matrix, row=names[lhs], column=names[rhs])  # type: ignore[arg-type]  # one of two
    if op == "~1" and lhs in factors:
        return Place(matrix="mean", row=factors[lhs], column=0)
    if op == "~1" and lhs in items:
        return Place(matrix="intercept", row=items[lhs], column=0)
    if op == "|" and lhs in items and rhs[1:].isdigit():
        return Place(matrix="threshold", row=items[lhs], column=int(rhs[1:]) - 1)
    if op == "~*~" and lhs in items:
        return Place(matrix="scale", row=items[lhs], column=0)
    msg = (
        f"the parameter {name_parameter(parameter)!r} cannot be placed: loadings and regressions "
        "join factors with indicators and factors with factors, covariances factors or indicators"
    )
    raise StatisticsError(msg)
