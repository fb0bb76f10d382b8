"""How much weights matter now: importance beside weight, and weights that would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.footnotes import ABSENT
from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import FIRST, write_estimate, write_number
from clientindex.cli.reliability_names import key_rows
from clientindex.cli.weights_names import name_part, tell_absent, tell_left_out
from clientindex.results import OptimisedWeights, Unavailable, WeightImportance

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

TITLE = "Importance of weights"
SHARES = {
    "linear_share": "importance",
    "smooth_share": "by curves",
    "net_share": "net of sampling error",
}
KINDS = {"group": "Groups", "indicator": "Indicators"}
LEGEND = (
    "Weight: in the index. Importance: share of the variance of the index that the score explains "
    "by a straight line; shares of groups, and of indicators, sum to 100%. {level:.0%} intervals "
    "({replicates} resamples of {n} centres). More or less: the whole interval is on that side of "
    "the weight."
)
LIMITS = (
    "Shows what differences between centres rest on. Cannot show what matters to visitors: a part "
    "in which all centres are alike has no importance, however much it is worth."
)
OUTCOMES = {
    "reached": "reached",
    "closest": "not reached, nearest weights",
    "not_converged": "search did not converge: not to be trusted",
}
TARGETS = {
    "weights": "in proportion to the current weights",
    "equal": "equal for all",
    "given": "as the methodology states",
}
AGAINST = {"interval": "Against the index", "estimate": "Perhaps against the index"}


def tell_importance(rated: Rated) -> bool:
    """Print importance beside weights; return whether it is known."""
    result = rated.take("weight_importance", WeightImportance)
    if isinstance(result, Unavailable):
        tell_absent(TITLE, result, rated)
        return False
    print_words(f"{TITLE} ({result.n} centres)")
    for kind in KINDS:
        _tell_kind(result, kind, rated)
    print_words(LEGEND.format(level=result.level, replicates=f"{result.replicates:,}", n=result.n))
    _tell_indicators(result, rated)
    _tell_compensation(result, rated)
    tell_left_out(result.left_out, rated)
    _tell_optimised(rated)
    print_words(LIMITS)
    return len(result.importance) > 0


def list_importance(result: WeightImportance, kind: str) -> list[tuple[Any, dict[str, Any]]]:
    """Return weights of a kind with rows of importance by statistic, most important first."""
    found = key_rows(result.importance[result.importance["kind"] == kind], "key", "statistic")
    rows = [
        (row, {name: found.get((row.key, name)) for name in SHARES})
        for row in list_rows(result.weights[result.weights["kind"] == kind])
    ]
    return sorted(rows, key=lambda pair: -_value(pair[1]["linear_share"]))


def _value(row: Any) -> float:
    return -1.0 if row is None or row.estimate != row.estimate else float(row.estimate)


def write_side(share: Any, weight: float) -> str:
    """Say whether the whole interval of importance lies on one side of the weight."""
    if share is None or share.ci_low != share.ci_low:
        return ABSENT
    if share.ci_low > weight:
        return "more"
    return "less" if share.ci_high < weight else "as weighed"


def _tell_kind(result: WeightImportance, kind: str, rated: Rated) -> None:
    listed = list_importance(result, kind)
    print_words(f"{KINDS[kind]}, most important first ({len(listed[:FIRST])} of {len(listed)})")
    rows = [
        [
            name_part(kind, row.key, rated.methodology),
            write_number(row.effective, ".1%"),
            *(ABSENT if one is None else write_estimate(one, ".1%") for one in shares.values()),
            write_side(shares["linear_share"], row.effective),
        ]
        for row, shares in listed[:FIRST]
    ]
    print_table([kind, "weight", *SHARES.values(), "matters"], rows, keys=1)


def _tell_indicators(result: WeightImportance, rated: Rated) -> None:
    """Print pairs that repeat each other, and indicators that run against the index."""
    pairs = result.pairs[result.pairs["redundant"] | result.pairs["net_redundant"]]
    print_words(
        f"Pairs of indicators that repeat each other (correlation of {result.redundancy:g} or "
        f"above, as it is or net of sampling error): {len(pairs)} of {len(result.pairs)}"
    )
    rows = [
        [
            name_part("indicator", row.first, rated.methodology),
            name_part("indicator", row.second, rated.methodology),
            write_estimate(row, "z.2f"),
            write_number(row.net, "z.2f"),
        ]
        for row in list_rows(pairs.head(FIRST))
    ]
    if rows:
        print_table(["first", "second", "correlation", "net"], rows, keys=2)
    for key, title in AGAINST.items():
        own = result.removal[result.removal["against"] == key]
        for row in list_rows(own):
            told = write_estimate(row, "z.2f")
            print_words(
                f"{title}: {name_part('indicator', row.key, rated.methodology)}, correlation with "
                f"the index without it {told}"
            )


def _tell_compensation(result: WeightImportance, rated: Rated) -> None:
    """Print what of a weak group others give back."""
    made_up = result.compensation[result.compensation["by"] == "all"]
    hidden = key_rows(result.weak, "group")
    rows = [
        [
            name_part("group", row.group, rated.methodology),
            write_estimate(row, ".0%"),
            write_estimate(hidden[(row.group,)], ".0%") if (row.group,) in hidden else ABSENT,
        ]
        for row in list_rows(made_up)
    ]
    if not rows:
        return
    print_words(
        "Compensation: what centres with a low contribution of a group get back from the others, "
        f"and the share of the centres weak in it (lowest {result.weak_quantile:.0%}) whose index "
        "is the median or above"
    )
    print_table(["group", "given back", "weakness unseen"], rows, keys=1)


def _tell_optimised(rated: Rated) -> None:
    """Print weights of groups under which importance is what it should be."""
    result = rated.take("optimised_weights", OptimisedWeights)
    if isinstance(result, Unavailable):
        tell_absent("Optimised weights", result, rated)
        return
    summary = key_rows(result.summary, "kind", "measure")
    found = summary.get(("group", "linear"))
    if found is None:
        return
    frame = result.frame
    own = frame[(frame["kind"] == "group") & (frame["measure"] == "linear")]
    print_words(
        f"Weights of groups under which importance would be {TARGETS[result.target]} "
        f"({OUTCOMES[found.outcome]}; largest gap {found.gap_now:.1%} now, {found.gap:.1%} then; "
        f"{found.distance:.1%} of all weight moves; Kendall's tau of ranks {found.tau:.3f})"
    )
    rows = [
        [
            name_part("group", row.key, rated.methodology),
            *(write_number(value, ".1%") for value in (row.target, row.share_now, row.weight_now)),
            write_number(row.weight, ".1%")
            if row.ci_low != row.ci_low
            else f"{row.weight:.1%} [{row.ci_low:.1%}, {row.ci_high:.1%}]",
        ]
        for row in list_rows(own)
    ]
    print_table(["group", "target", "importance now", "weight now", "weight"], rows, keys=1)
