"""Rules that turn scores into stars: each finds cut points, and all give stars alike.

Pure functions of arrays. A rule is a small frozen value with `n_stars` and `find_cuts`;
:func:`apply_rule` gives the stars. Rules wrap rules: :class:`PeerGroups` applies one inside each
group, :class:`GuardedRule` holds its cut points near the previous edition's. Caps come after.
"""

from clientindex.rating.star_rules.caps import Cap, CappedStars, apply_caps
from clientindex.rating.star_rules.cuts import (
    StarAssignment,
    StarRule,
    apply_rule,
    check_cuts,
    check_scores,
    find_levels,
)
from clientindex.rating.star_rules.fixed import FixedCuts
from clientindex.rating.star_rules.guardrails import (
    GuardedCuts,
    GuardedRule,
    Guardrail,
    guard_cuts,
)
from clientindex.rating.star_rules.hierarchical import Hierarchical
from clientindex.rating.star_rules.k_means import KMeans, KMeansFit
from clientindex.rating.star_rules.optimal import OptimalFit, OptimalKMeans
from clientindex.rating.star_rules.peers import PeerGroups
from clientindex.rating.star_rules.quantiles import QuantileCuts, compute_quantiles
from clientindex.rating.star_rules.rounding import (
    label_half_stars,
    round_half_up,
    round_to_half_stars,
)

__all__ = [
    "Cap",
    "CappedStars",
    "FixedCuts",
    "GuardedCuts",
    "GuardedRule",
    "Guardrail",
    "Hierarchical",
    "KMeans",
    "KMeansFit",
    "OptimalFit",
    "OptimalKMeans",
    "PeerGroups",
    "QuantileCuts",
    "StarAssignment",
    "StarRule",
    "apply_caps",
    "apply_rule",
    "check_cuts",
    "check_scores",
    "compute_quantiles",
    "find_levels",
    "guard_cuts",
    "label_half_stars",
    "round_half_up",
    "round_to_half_stars",
]
