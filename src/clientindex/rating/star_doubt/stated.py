"""The rule of a methodology as it gave the stars, so that it can be applied to other indices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.methodology.star_settings import ALL_PEERS
from clientindex.rating.cut_points import make_guarded_rule
from clientindex.rating.star_rules import PeerGroups

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.methodology import StarRule as StarSettings
    from clientindex.rating.star_rules import StarRule
    from clientindex.results import Stars


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StatedRule:
    """A rule for the starred centres, in their order.

    Attributes
    ----------
    rule : StarRule
        With peer groups and guardrail.
    labels : tuple of float
        Stars of its levels.
    limits : int64 ndarray of shape (starred centres,)
        Highest level that caps leave each centre.
    """

    rule: StarRule
    labels: tuple[float, ...]
    limits: NDArray[np.int64]


def restate_rule(stars: Stars, methodology: Methodology) -> StatedRule:
    """Restate the rule that gave the stars.

    Parameters
    ----------
    stars : Stars
        At least one of them given.
    methodology : Methodology
    """
    settings = methodology.stars
    starred = stars.frame[stars.frame["withheld"] == ""]
    return StatedRule(
        rule=_divide(starred["peer_group"].to_numpy(dtype=str), methodology),
        labels=tuple(float(value) for value in settings.star_values),
        limits=list_limits(starred, settings),
    )


def list_limits(starred: pd.DataFrame, settings: StarSettings) -> NDArray[np.int64]:
    """Return the highest level that caps leave each starred centre.

    Parameters
    ----------
    starred : DataFrame
        Rows of ``Stars`` that have a star.
    settings : StarRule
        Of the methodology.
    """
    values = settings.star_values
    most = starred["at_most"].to_numpy(np.float64, na_value=float(values[-1]))
    return (np.searchsorted(values, most) + 1).astype(np.int64)


def _divide(peers: NDArray[np.str_], methodology: Methodology) -> StarRule:
    if methodology.stars.peer_groups is None:
        return make_guarded_rule(methodology.stars, ALL_PEERS)
    names, groups = np.unique(peers, return_inverse=True)
    rules = tuple(make_guarded_rule(methodology.stars, str(name)) for name in names)
    return PeerGroups(rule=rules, groups=groups, names=tuple(str(name) for name in names))
