r"""Components of a covariance matrix of G groups by two methods, by moments.

The model, for the deviations of centres (or of regions) from their mean:

.. math::
   survey_{cg} &= T_{cg} + H_c + E_{cg} \\
   checklist_{cg} &= T_{cg} + M_c + U_{cg}

Identification rests on these assumptions, and on no distribution:

1. both methods are on one scale: a unit of T moves both by one unit (link the scales first);
2. the traits T may correlate with each other in any way;
3. H (halo), M (checklist method), the residuals E and U are unrelated to T;
4. H and M are unrelated to each other;
5. H adds the same to every group of a centre, and M likewise (where they do not, the mean over
   pairs of groups is estimated and the rest goes to the residuals);
6. E and U are unrelated across groups and across methods;
7. sampling errors of the survey are unrelated to the checklist, and were taken out.

Then, for g different from h,

.. math::
   cov(s_g, k_g) &= \tau_{gg}, \quad cov(s_g, k_h) = \tau_{gh} \\
   cov(s_g, s_h) &= \tau_{gh} + \sigma_H^2, \quad cov(k_g, k_h) = \tau_{gh} + \sigma_M^2

and every component is a linear function of covariances: unbiased when they are.

What breaks it: a relation of H and M (both please everybody, or all answers of a centre and its
staff follow one mood) is indistinguishable from traits that all go together, and counts as trait.
Only ``trait_own``, what same groups share beyond different groups, is free of it: the lower bound
of what the methods confirm. Random error of the checklist is in U until second visits tell it
apart.

References
----------
Kenny D. A., Kashy D. A. Analysis of the multitrait-multimethod matrix by confirmatory factor
analysis. Psychological Bulletin, 1992, 112(1), 165-172. doi:10.1037/0033-2909.112.1.165
Eid M. A multitrait-multimethod model with minimal assumptions. Psychometrika, 2000, 65(2), 241-261.
doi:10.1007/BF02294377
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Components:
    """Variance components as estimated: not cut off at zero, so that they stay unbiased.

    Attributes
    ----------
    trait_cov : ndarray of shape (..., G, G)
        Covariances of the traits.
    halo, method : ndarray of shape (...)
        Variances of H and of M.
    survey_specific, checklist_specific : ndarray of shape (..., G)
        Variances of E and of U.
    """

    trait_cov: NDArray[np.float64]
    halo: NDArray[np.float64]
    method: NDArray[np.float64]
    survey_specific: NDArray[np.float64]
    checklist_specific: NDArray[np.float64]

    @property
    def trait(self) -> NDArray[np.float64]:
        """Variances of the traits, shape (..., G)."""
        return np.diagonal(self.trait_cov, axis1=-2, axis2=-1)

    @property
    def trait_common(self) -> NDArray[np.float64]:
        """Mean covariance of different traits, shape (...): what all of them share."""
        return _mean_off_diagonal(self.trait_cov)


def split_covariance(cov: NDArray[np.float64]) -> Components:
    """Split covariances of survey and checklist into components.

    The trait covariance of two groups is the mean of their two cross-method covariances; halo is
    the mean, over pairs of different groups, of the survey's covariance less that of the traits;
    the checklist method likewise; residuals are what remains of the variances.

    Parameters
    ----------
    cov : ndarray of shape (..., 2 G, 2 G)
        Survey first, without sampling error.
    """
    groups = cov.shape[-1] // 2
    survey, checklist = cov[..., :groups, :groups], cov[..., groups:, groups:]
    cross = cov[..., :groups, groups:]
    trait_cov = (cross + np.swapaxes(cross, -2, -1)) / 2
    halo = _mean_off_diagonal(survey - trait_cov)
    method = _mean_off_diagonal(checklist - trait_cov)
    return Components(
        trait_cov=trait_cov,
        halo=halo,
        method=method,
        survey_specific=_take_diagonal(survey - trait_cov) - halo[..., None],
        checklist_specific=_take_diagonal(checklist - trait_cov) - method[..., None],
    )


def _take_diagonal(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.diagonal(matrix, axis1=-2, axis2=-1)


def _mean_off_diagonal(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    groups = matrix.shape[-1]
    total = matrix.sum(axis=(-2, -1)) - np.trace(matrix, axis1=-2, axis2=-1)
    return np.asarray(total / (groups * (groups - 1)))
