"""Named numbers of a decomposition: components, and shares of them in each method.

For one method and group the variance between centres is trait + method + specific. Consistency is
the share of the trait in it: what the other method confirms. Method-specificity is the share of
halo, or of the checklist method. Both speak of scores free of sampling error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.decomposition.components import Components

ALL_GROUPS = "all"
"""Subject of numbers that are means over groups, or ratios of such means."""

Named = dict[tuple[str, str], "NDArray[np.float64]"]
"""Statistic and subject to values of shape (R,)."""


def list_statistics(parts: Components, *, groups: tuple[str, ...]) -> Named:
    """List variances and shares over all groups, then for each group.

    Over all groups a share is a ratio of mean variances.

    Parameters
    ----------
    parts : Components
        Of R covariance matrices.
    groups : tuple of str
        Keys of the groups.
    """
    named = _list_variances(parts)
    named |= _list_shares(
        ALL_GROUPS,
        trait=parts.trait.mean(axis=-1),
        halo=parts.halo,
        method=parts.method,
        specific=(parts.survey_specific.mean(axis=-1), parts.checklist_specific.mean(axis=-1)),
    )
    for place, key in enumerate(groups):
        own = (parts.survey_specific[..., place], parts.checklist_specific[..., place])
        named |= {
            ("trait", key): parts.trait[..., place],
            ("survey_specific", key): own[0],
            ("checklist_specific", key): own[1],
        }
        named |= _list_shares(
            key,
            trait=parts.trait[..., place],
            halo=parts.halo,
            method=parts.method,
            specific=own,
        )
    return named


def _list_variances(parts: Components) -> Named:
    """List mean variances over groups; trait is trait_common + trait_own."""
    trait = parts.trait.mean(axis=-1)
    return {
        ("trait", ALL_GROUPS): trait,
        ("trait_common", ALL_GROUPS): parts.trait_common,
        ("trait_own", ALL_GROUPS): trait - parts.trait_common,
        ("halo", ALL_GROUPS): parts.halo,
        ("checklist_method", ALL_GROUPS): parts.method,
        ("survey_specific", ALL_GROUPS): parts.survey_specific.mean(axis=-1),
        ("checklist_specific", ALL_GROUPS): parts.checklist_specific.mean(axis=-1),
    }


def _list_shares(
    subject: str,
    *,
    trait: NDArray[np.float64],
    halo: NDArray[np.float64],
    method: NDArray[np.float64],
    specific: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Named:
    """List consistency and method-specificity; NaN where a variance is not positive."""
    survey, checklist = trait + halo + specific[0], trait + method + specific[1]
    return {
        ("consistency_survey", subject): _divide(trait, survey),
        ("method_specificity_survey", subject): _divide(halo, survey),
        ("consistency_checklist", subject): _divide(trait, checklist),
        ("method_specificity_checklist", subject): _divide(method, checklist),
    }


def _divide(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    undefined = np.full(np.shape(whole), np.nan)
    return np.asarray(np.divide(part, whole, out=undefined, where=whole > 0))
