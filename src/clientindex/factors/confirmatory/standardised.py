"""The completely standardised solution with standard errors by the delta method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.fit import ConfirmatoryFit
    from clientindex.factors.confirmatory.spec import ModelSpec, Parameter

    Complex = NDArray[np.complex128]

STEP = 1e-20
"""Complex step: the derivative is exact to rounding because nothing is subtracted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standardised:
    """Standardised parameters in the order of ``spec.parameters``.

    Attributes
    ----------
    estimates, std_errors : ndarray of shape (number of parameters of the model,)
        NaN where a variance that a parameter is divided by is not positive.
    """

    estimates: NDArray[np.float64]
    std_errors: NDArray[np.float64]


def compute_standardised(fit: ConfirmatoryFit) -> Standardised:
    r"""Compute parameters of the model in which factors and indicators have variance 1.

    A loading is ``lambda sd(factor) / sd(indicator)``, a regression ``b sd(predictor) /
    sd(outcome)``, a (residual) variance its share of the whole variance, a (residual) covariance
    the correlation of the residuals, a mean ``m / sd``, a threshold ``t / sd`` of the latent
    response. Standard errors are ``J V J'`` with the Jacobian by complex differentiation: fixed
    parameters may have one, because what they are divided by was estimated.

    Agrees with lavaan's ``standardizedSolution()``, estimates to 1e-5 and standard errors to 1e-4.

    Parameters
    ----------
    fit : ConfirmatoryFit

    Returns
    -------
    Standardised
    """
    base = np.asarray(fit.estimates, dtype=np.complex128)
    with np.errstate(all="ignore"):
        estimates = _standardise(base, fit).real
        jacobian = np.empty((len(base), len(fit.free)))
        for column in range(len(fit.free)):
            moved = base + 1j * STEP * (fit.position == column)
            jacobian[:, column] = _standardise(moved, fit).imag / STEP
        variances = np.einsum("iq,qr,ir->i", jacobian, fit.covariance, jacobian)
        std_errors = np.sqrt(variances)
    return Standardised(estimates=estimates, std_errors=std_errors)


def _standardise(values: Complex, fit: ConfirmatoryFit) -> Complex:
    """Return the standardised parameters; a root of a negative variance becomes NaN."""
    polychoric = fit.moments[0].kind == "polychoric"
    out = np.empty_like(values)
    for group in range(fit.spec.n_groups):
        moments = _Variances.compute(values, fit.spec, group, polychoric=polychoric)
        for place, parameter in enumerate(fit.spec.parameters):
            if parameter.group == group:
                out[place] = values[place] / moments.scale_of(parameter)
    return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Variances:
    """Whole and residual variances of the variables of one group by name."""

    whole: Mapping[str, complex]
    residual: Mapping[str, complex]

    @classmethod
    def compute(
        cls, values: Complex, spec: ModelSpec, group: int, *, polychoric: bool
    ) -> _Variances:
        loadings, regressions, psi, theta, scales = _place(values, spec, group)
        inverse = np.linalg.inv(np.eye(len(spec.factors)) - regressions)
        factors = inverse @ psi @ inverse.T
        common = np.einsum("pm,mn,pn->p", loadings, factors, loadings)
        observed = 1 / scales**2 if polychoric else common + theta
        residual = observed - common if polychoric else theta
        names = (*spec.indicators, *spec.factors)
        return cls(
            whole=dict(zip(names, (*observed, *np.diag(factors)), strict=True)),
            residual=dict(zip(names, (*residual, *np.diag(psi)), strict=True)),
        )

    def scale_of(self, parameter: Parameter) -> complex:
        """Return what a parameter is divided by."""
        lhs, op, rhs = parameter.lhs, parameter.op, parameter.rhs
        if op == "=~":
            return _root(self.whole[rhs]) / _root(self.whole[lhs])
        if op == "~":
            return _root(self.whole[lhs]) / _root(self.whole[rhs])
        if op == "~~" and lhs == rhs:
            return self.whole[lhs]
        if op == "~~":
            return _root(self.residual[lhs]) * _root(self.residual[rhs])
        return 1 if op == "~*~" else _root(self.whole[lhs])


def _root(value: complex) -> complex:
    return complex(np.sqrt(value)) if value.real > 0 else complex(np.nan, np.nan)


def _place(
    values: Complex, spec: ModelSpec, group: int
) -> tuple[Complex, Complex, Complex, Complex, Complex]:
    """Return loadings, regressions, factor covariances, residual variances and scales."""
    row = {name: place for place, name in enumerate(spec.indicators)}
    column = {name: place for place, name in enumerate(spec.factors)}
    size, order = len(row), len(column)
    loadings = np.zeros((size, order), dtype=np.complex128)
    regressions = np.zeros((order, order), dtype=np.complex128)
    psi = np.zeros((order, order), dtype=np.complex128)
    theta = np.zeros(size, dtype=np.complex128)
    scales = np.ones(size, dtype=np.complex128)
    for value, p in zip(values, spec.parameters, strict=True):
        if p.group != group:
            continue
        if p.op == "=~" and p.rhs in row:
            loadings[row[p.rhs], column[p.lhs]] = value
        elif p.op == "=~":
            regressions[column[p.rhs], column[p.lhs]] = value
        elif p.op == "~":
            regressions[column[p.lhs], column[p.rhs]] = value
        elif p.op == "~~" and p.lhs in column:
            psi[column[p.lhs], column[p.rhs]] = psi[column[p.rhs], column[p.lhs]] = value
        elif p.op == "~~" and p.lhs == p.rhs:
            theta[row[p.lhs]] = value
        elif p.op == "~*~":
            scales[row[p.lhs]] = value
    return loadings, regressions, psi, theta, scales
