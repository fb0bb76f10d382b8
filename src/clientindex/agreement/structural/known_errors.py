"""What the decomposition tells of the errors of both sources, for the index and every group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.results import INDEX, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.results import MethodVariance

ALL, CENTRE = "all", "centre"
NO_DECOMPOSITION = "no_decomposition"


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodErrors:
    """Variances between centres that are not the trait, without sampling error, squared points.

    Attributes
    ----------
    survey : float
        Halo and the survey's specific part; not cut off at zero.
    checklist : float
        The checklist's method and specific part.
    """

    survey: float
    checklist: float


def read_method_errors(
    variance: MethodVariance | Unavailable, *, weights: Mapping[str, float]
) -> dict[str, MethodErrors]:
    r"""Read the error variances of the index and of every group.

    Parameters
    ----------
    variance : MethodVariance or Unavailable
        Its components between centres.
    weights : mapping
        Weight of every group in the index.

    Returns
    -------
    dict
        Subjects to variances; subjects whose components are not there are absent.

    Notes
    -----
    Halo and method are the same in every group of a centre and enter the index in full; specific
    parts are unrelated between groups and enter with the squares of the weights:
    :math:`\sigma_H^2 + \sum w_g^2 \sigma_{Eg}^2`.
    """
    if isinstance(variance, Unavailable):
        return {}
    rows = variance.frame[variance.frame["level_of"] == CENTRE]
    values = rows.set_index(["subject", "statistic"])["estimate"].to_dict()

    def get(key: str, statistic: str) -> float:
        return float(values.get((key, statistic), values.get((ALL, statistic), np.nan)))

    halo, method = get(ALL, "halo"), get(ALL, "checklist_method")
    specific = {
        key: (get(key, "survey_specific"), get(key, "checklist_specific")) for key in weights
    }
    share = np.array(list(weights.values()))
    share = (share / share.sum()) ** 2
    specific[INDEX] = tuple(share @ np.array([specific[key] for key in weights]))
    found = {
        key: MethodErrors(survey=halo + float(own[0]), checklist=method + float(own[1]))
        for key, own in specific.items()
    }
    return {
        key: errors
        for key, errors in found.items()
        if np.isfinite([errors.survey, errors.checklist]).all()
    }
