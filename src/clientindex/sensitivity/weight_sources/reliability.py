r"""Weights of groups by their reliability: what is measured well weighs more.

References
----------
Lord F. M., Novick M. R. Statistical theories of mental test scores. Addison-Wesley, 1968.
Hedges L. V., Olkin I. Statistical methods for meta-analysis. Academic Press, 1985, chapter 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.sensitivity.weight_sources.weighting import share

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Form = Literal["proportional", "precision"]


def weigh_reliabilities(
    reliability: ArrayLike, *, form: Form = "proportional", variance: ArrayLike | None = None
) -> NDArray[np.float64]:
    r"""Weigh groups by reliabilities of their scores.

    Parameters
    ----------
    reliability : array_like of shape (G,)
        Above 0; below 1 where weights go by precision.
    form : {"proportional", "precision"}
        :math:`w_g \propto \rho_g`, or the inverse of the error variance,
        :math:`w_g \propto 1 / (\sigma_g^2 (1 - \rho_g))`.
    variance : array_like of shape (G,), optional
        Of observed scores; equal for all unless given. Only "precision" looks at it.

    Returns
    -------
    ndarray of shape (G,)
        Sum to 1.

    Raises
    ------
    StatisticsError
        Naming the groups (from 0) whose reliability or variance cannot be used.

    Notes
    -----
    Inverse error variances give the most precise mean where all groups measure one thing. Where
    they do not, they answer how well each is measured, and not how much it matters.
    """
    rho = np.asarray(reliability, dtype=np.float64)
    highest = 1.0 if form == "proportional" else np.nextafter(1.0, 0.0)
    wrong = np.flatnonzero(~((rho > 0) & (rho <= highest)))
    if len(wrong):
        limit = "1 or less" if form == "proportional" else "below 1"
        msg = (
            f"reliabilities must be above 0 and {limit}; groups {wrong.tolist()} (from 0) have "
            f"{rho[wrong].tolist()}"
        )
        raise StatisticsError(msg)
    if form == "proportional":
        return share(rho)
    spread = np.ones(len(rho)) if variance is None else np.asarray(variance, dtype=np.float64)
    flat = np.flatnonzero(~(spread > 0))
    if spread.shape != rho.shape or len(flat):
        msg = f"each group needs a positive variance; groups {flat.tolist()} (from 0) have none"
        raise StatisticsError(msg)
    return share(1 / (spread * (1 - rho)))
