"""What the decision rule does with a centre, from its z and its two stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLENDED, CAPPED, DROPPED = "blended", "capped", "checklist_dropped"
SURVEY_ONLY, WITHHELD = "survey_only", "withheld"


def choose_decisions(
    z: NDArray[np.float64],
    *,
    has_star: NDArray[np.bool_],
    cap_from: float,
    drop_from: float,
) -> NDArray[np.str_]:
    """Choose what is done with every centre.

    Parameters
    ----------
    z : ndarray of shape (C,)
        Standardised gaps, positive where the checklist is higher than expected; NaN without one.
    has_star : bool ndarray of shape (C,)
        Whether the survey gives a star.
    cap_from, drop_from : float

    Returns
    -------
    str ndarray of shape (C,)
        "withheld" without a star by the survey, "survey_only" without z, "blended" up to
        ``cap_from``, "capped" above it and up to ``drop_from``, "checklist_dropped" above that; so
        it is also below minus ``drop_from``, where a checklist is as little to be believed: an
        unfilled or misunderstood form must not cost a star.

    Examples
    --------
    >>> yes = np.ones(4, dtype=bool)
    >>> z = np.array([1.96, 3.09, 3.091, -3.091])
    >>> choose_decisions(z, has_star=yes, cap_from=1.96, drop_from=3.09).tolist()
    ['blended', 'capped', 'checklist_dropped', 'checklist_dropped']
    """
    return np.select(
        [~has_star, np.isnan(z), z < -drop_from, z <= cap_from, z <= drop_from],
        [WITHHELD, SURVEY_ONLY, DROPPED, BLENDED, CAPPED],
        default=DROPPED,
    )


def choose_stars(
    decisions: NDArray[np.str_],
    *,
    by_survey: NDArray[np.float64],
    by_composite: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Choose the star of every centre.

    Parameters
    ----------
    decisions : str ndarray of shape (C,)
        See :func:`choose_decisions`.
    by_survey, by_composite : ndarray of shape (C,)
        Stars; NaN where there is none.

    Returns
    -------
    ndarray of shape (C,)
        NaN for "withheld".
    """
    return np.select(
        [decisions == WITHHELD, decisions == BLENDED, decisions == CAPPED],
        [np.full(len(decisions), np.nan), by_composite, np.fmin(by_survey, by_composite)],
        default=by_survey,
    )
