"""The stars that were given, with the rule that gives them again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.degrees import take_degrees
from clientindex.rating.star_rules import (
    FixedCuts,
    GuardedRule,
    Hierarchical,
    KMeans,
    OptimalKMeans,
    PeerGroups,
    QuantileCuts,
    apply_rule,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.rating.star_rules import StarAssignment, StarRule

_NAMES: dict[type[Any], str] = {
    FixedCuts: "fixed",
    QuantileCuts: "quantiles",
    KMeans: "k_means",
    OptimalKMeans: "optimal_k_means",
    Hierarchical: "hierarchical",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Given:
    """The centres with a star and the rule that gave it.

    `degrees` are the degrees of freedom of the standard errors; `labels` are the stars of the
    levels 1 to K; `limits` the most levels that caps leave.
    """

    scores: NDArray[np.float64]
    std_errors: NDArray[np.float64]
    degrees: NDArray[np.float64]
    rule: StarRule
    found: StarAssignment
    levels: NDArray[np.int64]
    limits: NDArray[np.int64]
    labels: NDArray[np.float64]


class RuleRefusedError(StatisticsError):
    """The rule cannot be applied to the indices as they are."""


def depends_on_scores(rule: StarRule) -> bool:
    """Tell whether cut points move with the scores; a rule that is not known here does."""
    if isinstance(rule, PeerGroups):
        return any(depends_on_scores(one) for one in rule.rules)
    if isinstance(rule, GuardedRule):
        return depends_on_scores(rule.rule)
    return not isinstance(rule, FixedCuts)


def name_rule(rule: StarRule) -> str:
    """Return the name of a rule, see :class:`clientindex.results.star_doubt.StarDoubt`."""
    if isinstance(rule, PeerGroups):
        names = sorted({name_rule(one) for one in rule.rules})
        return f"peer_groups.{'+'.join(names)}"
    if isinstance(rule, GuardedRule):
        return f"guarded.{name_rule(rule.rule)}"
    return _NAMES.get(type(rule), type(rule).__name__)


def gather_given(
    starred: pd.DataFrame,
    methodology: Methodology,
    rule: StarRule | None,
    labels: Sequence[float] | None,
    limits: NDArray[np.int64] | None,
) -> Given:
    """Apply the rule and check that it gives the stars that were given.

    Raises
    ------
    RuleRefusedError
        If the rule cannot be applied to these indices.
    StatisticsError
        If it gives other stars, or the names of stars are not as many as its levels.
    """
    bands = methodology.stars.bands
    used = rule or FixedCuts(cuts=tuple(band.lower for band in bands[1:]))
    scores = starred["estimate"].to_numpy(float)
    try:
        found = apply_rule(used, scores)
    except StatisticsError as error:
        raise RuleRefusedError(str(error)) from error
    most = np.full(len(scores), used.n_stars) if limits is None else np.asarray(limits)
    levels = np.minimum(found.stars, most)
    told = _label(used.n_stars, methodology, labels)
    if not np.array_equal(told[levels - 1], starred["star"].to_numpy(float)):
        msg = f"the rule {name_rule(used)} does not give the stars that were given"
        raise StatisticsError(msg)
    return Given(
        scores=scores,
        std_errors=starred["std_error"].to_numpy(float),
        degrees=take_degrees(starred),
        rule=used,
        found=found,
        levels=levels,
        limits=most,
        labels=told,
    )


def _label(
    n_levels: int, methodology: Methodology, labels: Sequence[float] | None
) -> NDArray[np.float64]:
    bands = methodology.stars.bands
    if labels is None:
        labels = [b.stars for b in bands] if len(bands) == n_levels else range(1, n_levels + 1)
    told = np.array(labels, dtype=np.float64)
    if len(told) != n_levels:
        msg = f"{len(told)} names of stars do not fit a rule of {n_levels}"
        raise StatisticsError(msg)
    return told


def find_near(given: Given) -> NDArray[np.bool_]:
    """Return which levels are at most one star apart, shape (K, K)."""
    return np.asarray(np.abs(np.subtract.outer(given.labels, given.labels)) <= 1)
