r"""Standard errors and scaled tests that are robust to clustering by centre and to distribution.

The covariance :math:`C` of the statistics is the sum of outer products of the centres' influences.
With the Jacobian :math:`\Delta` and the weight :math:`W` (n included), the sandwich is
:math:`H^{-1} \Delta' W C W \Delta H^{-1}`; under the model the chi-square is distributed like a
mixture with weights the eigenvalues of :math:`UC`,
:math:`U = W - W \Delta (\Delta' W \Delta)^{-1} \Delta' W`.

Influences are centred in every group, so that the misfit of a group does not pass for sampling
error. lavaan's MLR does not centre them: where parameters are equal in several groups and the
groups disagree, its scaling factors differ from these in the fourth digit.

References
----------
Satorra A., Bentler P. M. Corrections to test statistics and standard errors in covariance structure
analysis. In: Latent Variables Analysis, Sage, 1994, 399-419.
Asparouhov T., Muthén B. Simple second order chi-square correction. Mplus technical appendix, 2010.
Yuan K.-H., Bentler P. M. Three likelihood-based methods for mean and covariance structure analysis
with nonnormal missing data. Sociological Methodology, 2000, 30(1), 165-200.
doi:10.1111/0081-1750.00078
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.confirmatory.implied import imply_level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.problem import Problem, State
    from clientindex.factors.moments import SampleMoments

HESSIAN_STEP = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledTest:
    """A chi-square divided by `factor` and moved by `shift`."""

    chi2: float
    factor: float
    shift: float


def join_influences(problem: Problem, state: State) -> NDArray[np.float64]:
    """Return influences of all centres on the statistics of all groups, shape (C, S).

    Where means are modelled, covariances are those about the implied means.
    """
    moved = [_centre_on_model(problem, state, group) for group in range(len(problem.moments))]
    return _join_by_centre(problem.moments, moved)


def join_sample_influences(moments: Sequence[SampleMoments]) -> NDArray[np.float64]:
    """Return the same for the sample's own moments."""
    return _join_by_centre(moments, [own.influence for own in moments])


def _join_by_centre(
    moments: Sequence[SampleMoments], influences: Sequence[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Stack groups side by side.

    A centre that has respondents in several groups has one row, so that their dependence counts.
    """
    centres = sorted({centre for own in moments for centre in own.centres})
    place = {centre: row for row, centre in enumerate(centres)}
    sizes = [influence.shape[1] for influence in influences]
    joined = np.zeros((len(centres), sum(sizes)))
    start = 0
    for own, influence, size in zip(moments, influences, sizes, strict=True):
        joined[[place[centre] for centre in own.centres], start : start + size] = influence
        start += size
    return joined


def _centre_on_model(problem: Problem, state: State, group: int) -> NDArray[np.float64]:
    own = problem.moments[group]
    if own.kind == "polychoric" or not problem.layout.has_level:
        return own.influence
    gap = own.means - imply_level(state.matrices[group])
    size = len(gap)
    rows, columns = np.triu_indices(size)
    moved = own.influence.copy()
    means = own.influence[:, :size]
    moved[:, size:] += means[:, rows] * gap[columns] + means[:, columns] * gap[rows]
    return moved


def compute_sandwich(
    state: State, influences: NDArray[np.float64], bread: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the robust covariance of the free parameters, shape (Q, Q).

    Parameters
    ----------
    bread : ndarray of shape (Q, Q)
        Inverse of the observed or expected information.
    """
    scores = influences @ state.weighted
    moved = scores @ bread.T
    return np.asarray(moved.T @ moved)


def compute_hessian(problem: Problem, free: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the observed information: central differences of the analytic gradient.

    None where the likelihood is not defined a step away.
    """
    steps = HESSIAN_STEP * np.maximum(1.0, np.abs(free))
    moved = np.concatenate([free + np.diag(steps), free - np.diag(steps)])
    gradients = problem.compute_gradients(moved)
    if gradients is None:
        return None
    after, before = np.split(gradients, 2)
    hessian = (after - before) / (2 * steps[:, None])
    return np.asarray((hessian + hessian.T) / 2)


def scale_and_shift(
    chi2: float, df: int, state: State, influences: NDArray[np.float64]
) -> ScaledTest:
    """Adjust a chi-square in mean and variance: ``a chi2 + df - a tr(UC)``.

    ``a = sqrt(df / tr(UCUC))``. lavaan calls it ``scaled.shifted``, Mplus WLSMV.
    """
    spread = _multiply(_project(state), influences)
    slope = float(np.sqrt(df / np.sum(spread * spread.T)))
    shift = df - slope * float(np.trace(spread))
    return ScaledTest(chi2=slope * chi2 + shift, factor=1 / slope, shift=shift)


def scale_yuan_bentler(
    chi2: float,
    df: int,
    state: State,
    influences: NDArray[np.float64],
    saturated: tuple[NDArray[np.float64], NDArray[np.float64]],
    bread: NDArray[np.float64],
) -> ScaledTest:
    """Divide a chi-square by ``c = (tr_1 - tr_0) / df``, as Mplus' MLR does.

    Parameters
    ----------
    saturated : tuple of ndarray
        Influences and weight of the saturated model, for ``tr_1 = tr(W_1 C)``.
    bread : ndarray of shape (Q, Q)
        Inverse information of the model, for ``tr_0 = tr(H^-1 D'W C W D)``.
    """
    own, weight = saturated
    trace_saturated = float(np.sum((own @ weight) * own))
    scores = influences @ state.weighted
    trace_model = float(np.sum((scores @ bread) * scores))
    factor = (trace_saturated - trace_model) / df
    return ScaledTest(chi2=chi2 / factor, factor=factor, shift=0.0)


def _multiply(
    projection: NDArray[np.float64], influences: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a matrix with the traces of ``UC`` and its powers, as small as there is one."""
    if len(influences) < len(projection):
        return np.asarray(influences @ projection @ influences.T)
    return np.asarray(projection @ (influences.T @ influences))


def _project(state: State) -> NDArray[np.float64]:
    """Return U of the module's formula."""
    inverse = np.linalg.pinv(state.information, hermitian=True)
    return np.asarray(state.weight - state.weighted @ inverse @ state.weighted.T)
