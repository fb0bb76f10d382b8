"""Modification indices: what a parameter that the model lacks would add to its fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import chi2

from clientindex.factors.confirmatory.implied import imply_level
from clientindex.factors.confirmatory.nested import join_influences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.fit import ConfirmatoryFit, GroupMatrices

    Places = tuple[NDArray[np.intp], NDArray[np.intp]]

COLUMNS = ("lhs", "op", "rhs", "group", "mi", "mi_scaled", "p", "epc", "epc_standardised")

SINGULAR = 1e-8
"""Share of a candidate's information that must be left beside the free parameters; less means that
it cannot be told from them, and no index is defined."""


def compute_modification_indices(fit: ConfirmatoryFit) -> pd.DataFrame:
    r"""Compute score tests of every absent loading and residual covariance.

    With Jacobians :math:`\Delta_f` of the free parameters and :math:`\delta_c` of a candidate, and
    weight :math:`W` (expected information, times n), the score is
    :math:`u = \delta_c' W (s - \sigma)`, its information beside the free parameters
    :math:`v = \delta_c' W \delta_c - \delta_c' W \Delta_f (\Delta_f' W \Delta_f)^{-1} \Delta_f' W
    \delta_c`, the index :math:`u^2 / v` (chi-square with one degree of freedom) and the expected
    parameter change :math:`u / v`. All candidates are one matrix product. Candidates that the data
    cannot tell from the free parameters are left out.

    ``mi_scaled``, which gives ``p``, is robust to clustering by centre and to distribution for
    mlr, uls and wlsmv: ``u^2 / (d' C d)`` with the covariance ``C`` of the statistics and
    :math:`d = W (\delta_c - \Delta_f (\Delta_f' W \Delta_f)^{-1} \Delta_f' W \delta_c)`, so that
    every index is divided by a scaling factor of its own (Satorra 1989). The factor of the whole
    test, by which other programs divide every index, is an average over degrees of freedom that
    says little of one of them when centres differ in some indicators and agree in others.

    ``mi`` and ``epc`` agree with lavaan's ``modindices()`` to 1e-4.

    Parameters
    ----------
    fit : ConfirmatoryFit

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`, falling by ``mi``. ``mi_scaled`` equals ``mi`` for ml.

    References
    ----------
    Satorra A. Alternative test criteria in covariance structure analysis: a unified approach.
    Psychometrika, 1989, 54(1), 131-151. doi:10.1007/BF02294453
    Sörbom D. Model modification. Psychometrika, 1989, 54(3), 371-384. doi:10.1007/BF02294623
    """
    parts = [_list_candidates(fit, group) for group in range(fit.spec.n_groups)]
    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    candidates = np.concatenate([part.jacobian for part in parts], axis=1)
    weighted = fit.weight @ candidates
    score = weighted.T @ compute_residual_statistics(fit)
    inverse = np.linalg.pinv(fit.jacobian.T @ fit.weight @ fit.jacobian, hermitian=True)
    slopes = inverse @ (fit.jacobian.T @ weighted)
    whole = np.einsum("sc,sc->c", candidates, weighted)
    beside = weighted - fit.weight @ (fit.jacobian @ slopes)
    left = np.einsum("sc,sc->c", candidates, beside)
    defined = left > SINGULAR * whole
    with np.errstate(divide="ignore", invalid="ignore"):
        mi, epc = score**2 / left, score / left
        scaled = mi if fit.estimator == "ml" else score**2 / _spread(fit, beside)
    told = frame.assign(
        mi=mi,
        mi_scaled=scaled,
        p=chi2.sf(scaled, 1),
        epc=epc,
        epc_standardised=epc * frame["scale"],
    )[defined]
    ordered: pd.DataFrame = told.sort_values(
        "mi", ascending=False, kind="stable", ignore_index=True
    )
    return ordered[list(COLUMNS)]


def _spread(fit: ConfirmatoryFit, directions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the robust variance of each combination of the statistics, shape (candidates,)."""
    return np.asarray(((join_influences(fit) @ directions) ** 2).sum(axis=0))


def compute_residual_statistics(fit: ConfirmatoryFit) -> NDArray[np.float64]:
    """Return sample less implied statistics in the order of the rows of ``fit.jacobian``.

    Means and thresholds are saturated where the model has no parameters for them.
    """
    has_level = any(p.op in ("~1", "|") for p in fit.spec.parameters)
    parts: list[NDArray[np.float64]] = []
    for moments, matrices in zip(fit.moments, fit.matrices, strict=True):
        polychoric = moments.kind == "polychoric"
        rows = np.triu_indices(len(moments.indicators), int(polychoric))
        pairs = (moments.matrix - matrices.implied)[rows]
        lead = moments.statistics[: len(moments.statistics) - len(pairs)]
        level = lead - imply_level(matrices) if has_level else np.zeros(len(lead))
        parts += [level, pairs]
    return np.concatenate(parts)


def _compute_factor_levels(matrices: GroupMatrices) -> NDArray[np.float64]:
    total = np.linalg.inv(np.eye(len(matrices.regressions)) - matrices.regressions)
    return np.asarray(total @ matrices.factor_means)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Candidates:
    """Absent parameters of one group with their Jacobian over the statistics of all groups."""

    frame: pd.DataFrame
    jacobian: NDArray[np.float64]


def _list_candidates(fit: ConfirmatoryFit, group: int) -> _Candidates:
    spec = fit.spec
    parameters = [p for p in spec.parameters if p.group == group]
    present = {(p.lhs, p.op, p.rhs) for p in parameters if p.free or p.value}
    present |= {(rhs, op, lhs) for lhs, op, rhs in present if op == "~~"}
    loadings = np.array(
        [[(f, "=~", x) not in present for f in spec.factors] for x in spec.indicators]
    )
    residuals = np.array(
        [[(x, "~~", y) not in present for y in spec.indicators] for x in spec.indicators]
    )
    columns, rows = np.nonzero(loadings.T)
    first, second = np.nonzero(np.triu(residuals, 1))
    names, factors = np.array(spec.indicators), np.array(spec.factors)
    frame = pd.DataFrame(
        {
            "lhs": [*factors[columns], *names[first]],
            "op": ["=~"] * len(rows) + ["~~"] * len(first),
            "rhs": [*names[rows], *names[second]],
            "group": group,
            "scale": _compute_scales(fit, group, (rows, columns), (first, second)),
        }
    )
    jacobian = _differentiate(fit, group, (rows, columns), (first, second))
    return _Candidates(frame=frame, jacobian=jacobian)


def _differentiate(
    fit: ConfirmatoryFit, group: int, loadings: Places, residuals: Places
) -> NDArray[np.float64]:
    """Return derivatives of all statistics by absent loadings and residual covariances.

    ``d Sigma / d Lambda_pm = e_p (E Lambda')_m + transposed``; scales multiply both sides.
    """
    moments, matrices = fit.moments[group], fit.matrices[group]
    size, scales = len(moments.indicators), matrices.scales
    total = np.linalg.inv(np.eye(len(matrices.regressions)) - matrices.regressions)
    reach = total @ matrices.factor_covariances @ total.T @ matrices.loadings.T
    n_loadings = len(loadings[0])
    change = np.zeros((n_loadings + len(residuals[0]), size, size))
    change[np.arange(n_loadings), loadings[0]] = reach[loadings[1]]
    change[np.arange(n_loadings, len(change)), residuals[0], residuals[1]] = 1.0
    change = (change + change.transpose(0, 2, 1)) * np.outer(scales, scales)
    polychoric = moments.kind == "polychoric"
    rows = np.triu_indices(size, int(polychoric))
    pairs = change[:, rows[0], rows[1]].T
    lead = np.zeros((len(moments.statistics) - len(pairs), pairs.shape[1]))
    if any(p.op in ("~1", "|") for p in fit.spec.parameters):
        lead[:, :n_loadings] = _differentiate_level(fit, group, loadings)
    own = np.concatenate([lead, pairs])
    sizes = [len(each.statistics) for each in fit.moments]
    start = sum(sizes[:group])
    jacobian = np.zeros((sum(sizes), own.shape[1]))
    jacobian[start : start + len(own)] = own
    return jacobian


def _differentiate_level(fit: ConfirmatoryFit, group: int, loadings: Places) -> NDArray[np.float64]:
    """Return derivatives of means or thresholds by loadings: a mean rises by the factor's."""
    matrices = fit.matrices[group]
    rise = _compute_factor_levels(matrices)[loadings[1]]
    if not matrices.thresholds:
        owner = np.arange(len(matrices.scales))
    else:
        rise = -rise * matrices.scales[loadings[0]]
        owner = np.repeat(np.arange(len(matrices.scales)), [len(t) for t in matrices.thresholds])
    return np.asarray(np.where(owner[:, None] == loadings[0], rise, 0.0))


def _compute_scales(
    fit: ConfirmatoryFit, group: int, loadings: Places, residuals: Places
) -> NDArray[np.float64]:
    """Return what turns a change of a parameter into one of the standardised parameter."""
    matrices = fit.matrices[group]
    total = np.linalg.inv(np.eye(len(matrices.regressions)) - matrices.regressions)
    factors = np.diag(total @ matrices.factor_covariances @ total.T)
    common = np.einsum(
        "pm,mn,pn->p",
        matrices.loadings @ total,
        matrices.factor_covariances,
        matrices.loadings @ total,
    )
    if fit.moments[group].kind == "polychoric":
        observed = 1 / matrices.scales**2
    else:
        observed = np.diag(matrices.implied)
    left = observed - common
    with np.errstate(invalid="ignore", divide="ignore"):
        by_loading = np.sqrt(factors[loadings[1]]) / np.sqrt(observed[loadings[0]])
        by_residual = 1 / (np.sqrt(left[residuals[0]]) * np.sqrt(left[residuals[1]]))
    return np.concatenate([by_loading, by_residual])
