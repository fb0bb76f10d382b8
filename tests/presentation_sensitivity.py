"""Hand-made results of weighting sensitivity for tests of words, tables and figures.

The starred centres of `presentation_bundle` by rank: c1 (5 stars, 85.25), c2 and c4 (4 stars, 71),
c3 (3 stars, 62.5). Every number is chosen by hand so that texts can be checked by eye. Weights of
the five groups are 0.2, those of their four indicators 0.25, so that an indicator has 0.05 of the
index; two indicators of comfort are told apart from the rest, the others are alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.results.joint_doubt import JointDoubt
from clientindex.results.leave_out import LeaveOneOut, RankReversals
from clientindex.results.multiverse import Multiverse
from clientindex.results.sobol_indices import SobolIndices
from clientindex.results.weight_bounds import WeightBounds
from clientindex.results.weight_importance import OptimisedWeights, WeightImportance
from clientindex.results.weight_sources import WeightSources
from presentation_rating import KRAI, NAMES, PSKOV, as_whole, make_frame, make_left_out

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Result

LEVEL = 0.95
BAND = 25.0
RANKED = ["c1", "c2", "c4", "c3"]
"""Starred centres in the order of their rank."""

RANK = {"c1": 1, "c2": 2, "c4": 2, "c3": 4}
STAR = {"c1": 5, "c2": 4, "c4": 4, "c3": 3}
NAME = dict(zip(["c1", "c2", "c3", "c4"], NAMES[:4], strict=True))
REGION = {"c1": PSKOV, "c2": PSKOV, "c3": KRAI, "c4": KRAI}
INDEX_OF = {"c1": 85.25, "c2": 71.0, "c3": 62.5, "c4": 71.0}
GROUPS = ["friendliness", "usefulness", "effort", "targeting", "comfort"]

SHARES = {"friendliness": 0.3, "usefulness": 0.25, "effort": 0.2, "targeting": 0.15, "comfort": 0.1}
"""Linear shares of importance of groups; the smooth and net ones are made from them."""


def as_stars(values: list[float | None]) -> Any:
    """Return stars as results of this stage hold them."""
    return pd.array(values, dtype="Float64")


def make_weight_importance(methodology: Methodology) -> WeightImportance:
    """Friendliness matters most and comfort least, though both weigh a fifth.

    Importance of an indicator is a quarter of its group's; `location` runs against the index, and
    the curves of the group effort are not defined.
    """
    return WeightImportance(
        weights=_make_importance_weights(methodology),
        importance=_make_importance(methodology),
        curves=make_frame(
            "kind key edf penalty knots n",
            [("group", key, 2.5, 10.0, 4, 5) for key in GROUPS if key != "effort"],
        ),
        compensation=_make_compensation(),
        weak=make_frame(
            "group estimate std_error ci_low ci_high n_weak n",
            [(key, 0.5, 0.25, 0.0, 1.0, 2, 5) for key in GROUPS[:4]]
            + [("comfort", 1.0, 0.1, 0.75, 1.0, 2, 5)],
        ),
        pairs=_make_pairs(),
        removal=_make_removal(methodology),
        left_out=make_left_out(
            [("group", "effort", "smooth", "few_values", "2"), ("group", "effort", "net", *NOISE)],
            *("kind", "key", "statistic"),
        ),
        n=5,
        replicates=1000,
        sampling="exact",
        redundancy=0.9,
        same_ranks=0.95,
        weak_quantile=0.25,
        source="Becker et al. 2017; Paruolo, Saisana and Saltelli 2013",
        level=LEVEL,
    )


NOISE = ("noise_exceeds_variance", "")


def _list_keys(methodology: Methodology) -> list[tuple[str, str, str, float]]:
    """Return kind, key, group and effective weight of groups, then of indicators."""
    groups = [("group", key, key, 0.2) for key in GROUPS]
    return groups + [
        ("indicator", key, group.key, 0.05)
        for group in methodology.groups
        for key in group.indicators
    ]


def _make_importance_weights(methodology: Methodology) -> pd.DataFrame:
    return make_frame(
        "kind key group nominal effective applied n",
        [
            (kind, key, group, 0.2 if kind == "group" else 0.25, weight, 1.04 * weight, 5)
            for kind, key, group, weight in _list_keys(methodology)
        ],
    )


def _make_importance(methodology: Methodology) -> pd.DataFrame:
    """Linear importance is 2.5 times the share; every interval is 0.1 wide on both sides."""
    rows: list[tuple[Any, ...]] = []
    for kind, key, group, weight in _list_keys(methodology):
        share = SHARES[group] * (1.0 if kind == "group" else 0.25)
        told = {
            "linear": 2.5 * share,
            "smooth": 2.5 * share + 0.05,
            "bend": 0.05,
            "net": 2.5 * share + 0.1,
            "uncorrelated": share,
            "correlated": 1.5 * share,
            "linear_share": share,
            "smooth_share": share + 0.01,
            "net_share": share + 0.02,
            "share_to_weight": share / weight,
        }
        unknown = ("smooth", "bend", "net") if (kind, key) == ("group", "effort") else ()
        for name, value in told.items():
            if name.split("_")[0] in unknown:
                continue
            rows.append((kind, key, name, value, 0.05, value - 0.1, value + 0.1, 5))
    return make_frame("kind key statistic estimate std_error ci_low ci_high n", rows)


def _make_compensation() -> pd.DataFrame:
    """Let friendliness give back most of what comfort loses."""
    rows = [
        (group, "all", 0.4, 0.1, 0.2, 0.6, np.nan, np.nan, np.nan, 2, 5) for group in GROUPS[:4]
    ]
    rows += [
        ("comfort", "all", 0.85, 0.1, 0.65, 1.05, np.nan, np.nan, np.nan, 2, 5),
        ("comfort", "friendliness", 0.6, 0.15, 0.3, 0.9, 1.0, 0.9, 1.1, 2, 5),
    ]
    return make_frame(
        "group by estimate std_error ci_low ci_high rate_median rate_low rate_high n_losing n", rows
    )


def _make_pairs() -> pd.DataFrame:
    """Two indicators of comfort repeat each other; the last pair is redundant by net only."""
    rows = [
        ("premises", "navigation", True, 0.93, 0.02, 0.89, 0.97, 0.97, 0.92, 1.0, 5, True, True),
        ("competence", "respect", True, 0.85, 0.03, 0.79, 0.91, 0.94, 0.88, 0.99, 5, False, True),
        ("goal", "waiting", False, 0.2, 0.1, 0.0, 0.4, np.nan, np.nan, np.nan, 5, False, False),
    ]
    return make_frame(
        "first second same_group estimate std_error ci_low ci_high net net_low net_high n"
        " redundant net_redundant",
        rows,
    )


def _make_removal(methodology: Methodology) -> pd.DataFrame:
    odd = {
        "location": (0.7, 0.6, False, -0.3, 0.1, -0.5, -0.1, 5, "interval"),
        "accessibility": (0.9, 0.3, False, -0.05, 0.1, -0.25, 0.15, 5, "estimate"),
        "navigation": (1.0, 0.0, True, 0.6, 0.1, 0.4, 0.8, 5, "no"),
    }
    usual = (0.9, 0.2, False, 0.5, 0.1, 0.3, 0.7, 5, "no")
    return make_frame(
        "key group tau mean_abs_rank_shift leaves_ranks estimate std_error ci_low ci_high n"
        " against",
        [
            (key, group.key, *odd.get(key, usual))
            for group in methodology.groups
            for key in group.indicators
        ],
    )


def make_optimised_weights() -> OptimisedWeights:
    """Let groups be equal by the linear measure; by smooth curves comfort falls short."""
    weights = dict(zip(GROUPS, [0.1, 0.15, 0.2, 0.25, 0.3], strict=True))
    rows: list[tuple[Any, ...]] = []
    for measure, gap, error in (("linear", 0.0, 0.04), ("smooth", 0.03, np.nan)):
        for key, weight in weights.items():
            share = 0.2 - gap * (key == "comfort") + gap * (key == "friendliness")
            ends = (error, weight - 2 * error, weight + 2 * error)
            rows.append(
                ("group", measure, key, key, 0.2, 0.2, SHARES[key], weight, *ends, share, 5)
            )
    index = {"c1": (84.0, 1), "c2": (70.5, 3), "c4": (72.25, 2), "c3": (63.0, 4)}
    return OptimisedWeights(
        frame=make_frame(
            "kind measure key group target weight_now share_now weight std_error ci_low ci_high"
            " share n",
            rows,
        ),
        summary=make_frame(
            "kind measure outcome route steps gap_now gap distance tau mean_abs_rank_shift n",
            [
                ("group", "linear", "reached", "weighted_sum", 12, 0.1, 0.0, 0.15, 0.913, 0.25, 5),
                ("group", "smooth", "closest", "search", 40, 0.1, 0.03, 0.15, 0.913, 0.25, 5),
            ],
        ),
        centres=make_frame(
            "kind measure centre index_now rank_now index rank",
            [
                ("group", measure, centre, INDEX_OF[centre], RANK[centre], *index[centre])
                for measure in ("linear", "smooth")
                for centre in RANKED
            ],
        ),
        left_out=make_left_out(
            [
                ("group", "smooth", "", "not_resampled", ""),
                ("indicator", "linear", "location", "weight_zero", ""),
            ],
            *("kind", "measure", "key"),
        ),
        target="equal",
        replicates=1000,
        source="Paruolo, Saisana and Saltelli 2013; Becker et al. 2017",
        level=LEVEL,
    )


SOURCE_WEIGHTS = {
    "current": [0.2, 0.2, 0.2, 0.2, 0.2],
    "equal_groups": [0.2, 0.2, 0.2, 0.2, 0.2],
    "budget": [0.3, 0.3, 0.2, 0.1, 0.1],
    "ahp": [0.35, 0.25, 0.2, 0.1, 0.1],
    "entropy": [0.1, 0.1, 0.2, 0.3, 0.3],
    "regression": [0.4, 0.3, 0.1, 0.1, 0.1],
    "benefit": [0.25, 0.25, 0.2, 0.15, 0.15],
}
"""Weights of groups by source; those of indicators inside stay a quarter."""

COMPARED = {
    "current": (4, None, 0.0, 0.0, 1.0, 0.0, 0, 0, 0, 0, 0.0),
    "equal_groups": (4, None, 0.0, 0.0, 1.0, 0.0, 0, 0, 0, 0, 0.0),
    "budget": (4, 7, 0.2, 0.2, 0.913, 0.25, 1, 0, 0, 0, 0.0),
    "ahp": (4, 6, 0.2, 0.2, 0.913, 0.25, 1, 1, 1, 0, 0.25),
    "entropy": (4, 4, 0.2, 0.2, 0.548, 0.75, 2, 2, 1, 1, 0.5),
    "regression": (4, 4, 0.3, 0.3, 0.913, 0.25, 1, 1, 0, 1, 0.25),
}
"""How far sources are from the current weights; benefit of the doubt finds no cut points."""


def make_weight_sources(methodology: Methodology) -> WeightSources:
    parts: dict[str, Any] = {**_make_expert_frames(), **_make_source_evidence(methodology)}
    return WeightSources(
        weights=_make_source_weights(methodology),
        comparison=make_frame(
            "source n n_used distance group_distance kendall_tau mean_abs_rank_shift"
            " largest_rank_shift n_changed n_up n_down share_changed",
            [(source, *numbers) for source, numbers in COMPARED.items()],
        ).astype({"n_used": "Int64"}),
        centres=_make_source_centres(),
        left_out=make_left_out(
            [
                ("components", "not_defined", "no component has an eigenvalue above 1"),
                ("loadings", "no_loadings", ""),
                ("ahp", "parents", "comfort"),
                ("benefit", "no_cut_points", ""),
            ],
            "source",
        ),
        **parts,
        outcome="recommendation",
        prioritisation="eigenvector",
        consistency_limit=0.1,
        level=LEVEL,
        replicates=1000,
        seed=0,
    )


def _make_source_weights(methodology: Methodology) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for source, weights in SOURCE_WEIGHTS.items():
        wide = 0.1 if source == "regression" else np.nan
        for group, weight in zip(methodology.groups, weights, strict=True):
            ends = (weight - wide, weight + wide)
            rows.append((source, "group", group.key, "index", weight, weight, *ends))
            ends = (0.25 - wide, 0.25 + wide)
            rows += [
                (source, "indicator", key, group.key, 0.25, weight / 4, *ends)
                for key in group.indicators
            ]
    return make_frame("source kind key parent weight effective ci_low ci_high", rows)


def _make_source_centres() -> pd.DataFrame:
    """By entropy c4 wins a star and c2 loses one; by AHP c4 wins, by regression c3 loses."""
    changed: dict[tuple[str, str], tuple[float, int, int | None]] = {
        ("budget", "c2"): (72.0, 2, 4),
        ("budget", "c4"): (70.5, 3, 4),
        ("ahp", "c4"): (80.25, 2, 5),
        ("ahp", "c2"): (71.5, 3, 4),
        ("entropy", "c4"): (80.0, 1, 5),
        ("entropy", "c1"): (79.9, 2, 5),
        ("entropy", "c2"): (69.0, 3, 3),
        ("regression", "c3"): (59.5, 4, 2),
        ("regression", "c4"): (70.0, 3, 4),
    }
    rows: list[tuple[Any, ...]] = []
    for source in SOURCE_WEIGHTS:
        for centre in RANKED:
            usual = (INDEX_OF[centre], RANK[centre], STAR[centre])
            index, rank, star = changed.get((source, centre), usual)
            known = source != "benefit"
            change = star - STAR[centre] if known and star is not None else None
            told = star if known else None
            rows.append((source, centre, index, rank, told, rank - RANK[centre], change))
    frame = make_frame("source centre index rank star rank_change star_change", rows)
    return frame.astype({"star": "Float64", "star_change": "Float64"})


def _make_expert_frames() -> dict[str, pd.DataFrame]:
    """Seven experts gave points to groups; six compared them in pairs, expert 4 inconsistently."""
    rows: list[tuple[Any, ...]] = []
    for source, n in (("budget", 7), ("ahp", 6)):
        for key, weight in zip(GROUPS, SOURCE_WEIGHTS[source], strict=True):
            geometric = weight + 0.01 if source == "ahp" else np.nan
            ends = (weight - 0.1, weight + 0.1)
            rows.append((source, "index", key, n, weight, 0.05, *ends, geometric))
    return {
        "experts": make_frame(
            "source parent key n estimate std_dev lowest highest geometric", rows
        ),
        "concordance": make_frame(
            "source parent n w chi2 df p",
            [
                ("budget", "index", 7, 0.75, 21.0, 4.0, 0.0003),
                ("ahp", "index", 6, 0.25, 6.0, 4.0, 0.1991),
            ],
        ),
        "consistency": make_frame(
            "parent expert lambda_max index ratio inconsistent",
            [
                ("index", "all", 5.05, 0.0125, 0.011, False),
                ("index", "expert_1", 5.2, 0.05, 0.045, False),
                ("index", "expert_4", 5.9, 0.225, 0.201, True),
            ],
        ),
        "judgements": make_frame(
            "parent expert first second judgement implied ratio",
            [("index", "expert_4", "friendliness", "comfort", 0.2, 3.0, 0.06)],
        ),
    }


def _make_source_evidence(methodology: Methodology) -> dict[str, pd.DataFrame]:
    parts = dict(zip(GROUPS, SOURCE_WEIGHTS["regression"], strict=True))
    rows: list[tuple[Any, ...]] = [("index", "index", 0.8, 0.6, 0.9, 1.0)]
    for key, share in parts.items():
        part = 0.8 * share
        rows.append(("group", key, part, part - 0.08, part + 0.08, share))
    for group in methodology.groups:
        for key in group.indicators:
            share = parts[group.key] / 4
            part = 0.8 * share
            rows.append(("indicator", key, part, part - 0.02, part + 0.02, share))
    benefit = [(c, key, 1.0 if c == "c1" else 0.9, 0.2, 0.2) for c in RANKED for key in GROUPS]
    return {
        "importance": make_frame("kind key estimate ci_low ci_high share", rows),
        "benefit": make_frame("centre group score share weight", benefit),
    }


def make_weight_bounds() -> WeightBounds:
    """c1 is certain at 25 %, c3 at no more than 12.5 %; c2 and c4 swap at once."""
    nan = np.nan
    frame = pd.DataFrame(
        {
            "centre": RANKED,
            "star": as_stars([5, 4, 4, 3]),
            "rank": as_whole([1, 2, 2, 4]),
            "estimate": [85.25, 71.0, 71.0, 62.5],
            "lower": [83.0, 69.25, 68.5, 58.75],
            "upper": [87.25, 72.5, 73.75, 65.0],
            "reached": [True, True, True, True],
            "star_low": as_stars([5, 3, 3, 2]),
            "star_high": as_stars([5, 4, 4, 3]),
            "certain": pd.array([True, False, False, False], dtype="boolean"),
            "smallest_band_pct": [52.5, 14.0, 9.5, 16.5],
            "loses_band_pct": [52.5, 14.0, 9.5, 16.5],
            "wins_band_pct": [nan, nan, 72.0, 66.0],
            "l1_indicators": [0.42, 0.11, 0.08, 0.13],
            "l1_groups": [nan, 0.24, 0.15, 0.26],
        }
    )
    return WeightBounds(
        frame=frame,
        swaps=make_frame(
            "first second neighbours difference smallest_band_pct l1_indicators l1_groups",
            [
                ("c1", "c2", True, 14.25, nan, 1.2, nan),
                ("c1", "c4", True, 14.25, 88.0, 0.9, 1.5),
                ("c2", "c4", True, 0.0, 0.0, 0.0, 0.0),
                ("c2", "c3", True, 8.5, 61.0, 0.55, 0.9),
                ("c4", "c3", True, 8.5, nan, nan, nan),
            ],
        ),
        left_out=make_left_out([("c5", "bounds", "index_differs", "0.25")], "centre", "statistic"),
        band_pct=BAND,
        tolerance_pct=0.01,
        moves="both",
        weights="rescaled",
        stars_by="cut_points",
    )


def make_multiverse() -> Multiverse:
    """Two weights by two means by two star rules: the rule moves most stars."""
    own = {"normaliser": "current", "group_mean": "arithmetic", "missing": "reweight+refuse"}
    grid = [
        ("current", "arithmetic", "fixed", 4, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
        ("current", "arithmetic", "quantiles", 4, 0.5, 0.25, 0.25, 0.0, 0.0, 1.0),
        ("current", "geometric", "fixed", 4, 0.25, 0.0, 0.25, 0.0, 0.25, 0.913),
        ("current", "geometric", "quantiles", 4, 0.5, 0.25, 0.25, 0.0, 0.25, 0.913),
        ("equal_indicators", "arithmetic", "fixed", 4, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
        ("equal_indicators", "arithmetic", "quantiles", 4, 0.5, 0.25, 0.25, 0.0, 0.0, 1.0),
        ("equal_indicators", "geometric", "fixed", 3, 0.5, 0.0, 0.25, 0.25, 0.25, 0.816),
    ]
    columns = "weights index_mean star_rule n_starred share_changed share_up share_down"
    variants = make_frame(f"{columns} share_withheld mean_rank_shift kendall_tau", grid)
    variants = variants.assign(variant=range(len(grid)), checklist="without", **own)
    dimensions = ["normaliser", "weights", "group_mean", "index_mean", "missing"]
    dimensions += ["star_rule", "checklist"]
    rest = [name for name in variants.columns if name not in ("variant", *dimensions)]
    lost = ("current", "equal_indicators", "arithmetic", "geometric", "reweight+refuse")
    return Multiverse(
        variants=variants[["variant", *dimensions, *rest]],
        centres=_make_multiverse_centres(),
        stars=_make_variant_stars(len(grid)),
        effects=make_frame(
            "dimension n_choices share_of_variance spread",
            [
                ("star_rule", 2, 0.7, 0.3125),
                ("index_mean", 2, 0.2, 0.1667),
                ("weights", 2, 0.05, 0.0208),
            ],
        ),
        choices=make_frame(
            "dimension choice is_current n_variants mean_share_changed mean_kendall_tau",
            [
                ("weights", "current", True, 4, 0.3125, 0.9565),
                ("weights", "equal_indicators", False, 3, 0.3333, 0.9387),
                ("index_mean", "arithmetic", True, 4, 0.25, 1.0),
                ("index_mean", "geometric", False, 3, 0.4167, 0.8807),
                ("star_rule", "fixed", True, 4, 0.1875, 0.9323),
                ("star_rule", "quantiles", False, 3, 0.5, 0.971),
            ],
        ),
        left_out=make_left_out([(*lost, "quantiles", "without", *NOT_DEFINED)], *dimensions),
        n_grid=8,
        additive_share=0.95,
    )


NOT_DEFINED = ("not_defined", "three scores have no five groups of equal size")


def _make_multiverse_centres() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "centre": RANKED,
            "star": as_stars([5, 4, 4, 3]),
            "rank": as_whole([1, 2, 2, 4]),
            "share_same_star": [1.0, 6 / 7, 4 / 7, 3 / 7],
            "share_withheld": [0.0, 0.0, 0.0, 1 / 7],
            "star_low": as_stars([5, 3, 3, 1]),
            "star_high": as_stars([5, 4, 5, 3]),
            "rank_low": as_whole([1, 2, 2, 3]),
            "rank_high": as_whole([1, 3, 3, 4]),
        }
    )


def _make_variant_stars(n: int) -> pd.DataFrame:
    """Stars of all variants; the last one withholds that of c3."""
    own = {c: [float(STAR[c])] * n for c in RANKED}
    own["c2"][6] = 3.0
    own["c4"][1], own["c4"][3], own["c4"][5] = 5.0, 5.0, 5.0
    own["c3"][1], own["c3"][3], own["c3"][5] = 1.0, 2.0, 1.0
    stars: dict[str, list[float | None]] = {c: [*values] for c, values in own.items()}
    stars["c3"][6] = None
    rows = [(v, c, stars[c][v], RANK[c]) for v in range(n) for c in RANKED]
    frame = make_frame("variant centre star rank", rows)
    return frame.astype({"star": "Float64", "rank": "Int64"})


SOBOL_INPUTS = {
    ("source", "weights"): (0.15, 0.25),
    ("source", "method"): (0.5, 0.6),
    ("source", "sampling"): (0.2, 0.3),
    ("group", "friendliness"): (0.06, 0.1),
    ("group", "comfort"): (0.03, 0.05),
    ("indicator", "location"): (0.02, 0.04),
    ("indicator", "competence"): (-0.001, 0.01),
    ("choice", "star_rule"): (0.4, 0.45),
    ("choice", "aggregation"): (0.08, 0.12),
    ("sampling", "sampling"): (0.2, 0.3),
}
"""First-order and total index of every input on the share of changed stars."""


def make_sobol_indices() -> SobolIndices:
    outputs = [
        ("mean_rank_shift", "", 0.0, 0.4, 0.2, 0.8),
        ("share_changed_stars", "", 0.0, 0.35, 0.15, 0.85),
        ("region_mean", KRAI, 66.75, 66.5, 1.5, 0.9),
        ("region_mean", "country", 72.4375, 72.25, 1.0, 0.95),
        ("centre_index", "c1", 85.25, 85.0, 1.25, 0.99),
        ("centre_index", "c3", 62.5, 62.25, 2.25, 0.95),
    ]
    rows: list[tuple[Any, ...]] = []
    steps: list[tuple[Any, ...]] = []
    for output, key, *_ in outputs:
        whole = output in ("mean_rank_shift", "share_changed_stars")
        for (kind, name), (first, total) in SOBOL_INPUTS.items():
            if not whole and name == "star_rule":
                first, total = 0.0, 0.0
            ends = (0.01, first - 0.02, first + 0.02)
            rows.append(
                (output, key, kind, name, first, *ends, total, 0.015, total - 0.03, total + 0.03)
            )
            steps += [
                (output, key, kind, name, n, first + 8 / n, total + 16 / n)
                for n in (128, 256, 512, 1024)
            ]
    own = [("aggregation", "arithmetic", "geometric"), ("star_rule", "fixed", "quantiles")]
    return SobolIndices(
        outputs=make_frame("output key published mean std_dev sum_first", outputs),
        indices=make_frame(
            "output key input_kind input first first_se first_low first_high total total_se"
            " total_low total_high",
            rows,
        ),
        convergence=make_frame("output key input_kind input n first total", steps),
        options=_make_options(own),
        left_out=make_left_out(
            [
                ("choice", "missing_indicator", "nothing_missing", ""),
                ("output", "region_mean/Округ", "no_variance", ""),
            ],
            *("kind", "key"),
        ),
        base_size=1024,
        sequences=16,
        runs=30720,
        band_pct=BAND,
        interval="jackknife",
        replicates=0,
        level=LEVEL,
        seed=0,
    )


def _make_options(choices: list[tuple[str, str, str]]) -> pd.DataFrame:
    rows = [
        (choice, option, option == own) for choice, own, other in choices for option in (own, other)
    ]
    return make_frame("choice option own", rows)


DOUBT_PARTS = {
    "c1": (0.0, 0.0, 0.0),
    "c2": (0.2, 0.05, 0.05),
    "c4": (0.2, 0.15, 0.1),
    "c3": (0.1, 0.05, -0.02),
}
"""What sampling, weights and method each add to the probability of another star."""

VARIANCE_PARTS = {
    "c1": (1.0, 0.4, 0.1),
    "c2": (2.25, 0.5, 0.25),
    "c4": (2.25, 0.75, 0.25),
    "c3": (4.0, 0.75, 0.25),
}
ALONE = {
    "c1": (1.0, 1.0, 1.0),
    "c2": (0.75, 0.9655, 0.95),
    "c4": (0.74, 0.8, 0.9),
    "c3": (0.885, 0.95, 1.0),
}


def make_joint_doubt() -> JointDoubt:
    """Of four stars 0.88 would be others: 0.5 by sampling, 0.25 by weights, 0.13 by the method."""
    sources = ("sampling", "weights", "method")
    rows: list[tuple[Any, ...]] = []
    parts: list[tuple[Any, ...]] = []
    ranks = {"c1": (1, 1, 1), "c2": (2, 2, 3), "c4": (2, 3, 4), "c3": (3, 4, 4)}
    spread = {"c1": 1.22, "c2": 1.73, "c4": 1.8, "c3": 2.24}
    for centre in RANKED:
        p = 1 - sum(DOUBT_PARTS[centre])
        rows.append(
            (
                *(centre, NAME[centre], REGION[centre], STAR[centre], p, 0.01, 1.0),
                *(*ALONE[centre], INDEX_OF[centre], INDEX_OF[centre] - 0.25, spread[centre]),
                *(RANK[centre], *map(float, ranks[centre])),
            )
        )
        for quantity, of in (("doubt", DOUBT_PARTS), ("variance", VARIANCE_PARTS)):
            told = dict(zip(sources, of[centre], strict=True)) | {"all": sum(of[centre])}
            parts += [(centre, quantity, name, value, 0.01) for name, value in told.items()]
    wrong = {"all": 0.88, "sampling": 0.5, "weights": 0.25, "method": 0.13}
    return JointDoubt(
        centres=make_frame(
            "centre name region star p_star p_star_se p_within_one p_star_sampling p_star_weights"
            " p_star_method estimate mean std_dev rank rank_low rank_median rank_high",
            rows,
        ).astype({"star": "Int64", "rank": "Int64"}),
        probabilities=_make_joint_probabilities(),
        parts=make_frame("centre quantity source estimate mc_error", parts),
        summary=make_frame(
            "statistic source estimate mc_error share",
            [
                ("expected_accuracy", "all", 0.78, 0.005, np.nan),
                ("expected_within_one", "all", 1.0, np.nan, np.nan),
                *(
                    ("expected_wrong", name, value, 0.02, value / wrong["all"])
                    for name, value in wrong.items()
                ),
            ],
        ),
        options=_make_options([("aggregation", "arithmetic", "geometric")]),
        left_out=make_left_out(
            [
                ("choice", "missing_indicator", "nothing_missing", ""),
                ("choice", "star_rule", "no_alternative", ""),
            ],
            *("kind", "key"),
        ),
        draws=1000,
        runs=14000,
        band_pct=BAND,
        drawn_around="estimate",
        level=LEVEL,
        seed=0,
    )


def _make_joint_probabilities() -> pd.DataFrame:
    shares = {
        "c1": [0.0, 0.0, 0.0, 0.0, 1.0],
        "c2": [0.0, 0.0, 0.3, 0.7, 0.0],
        "c4": [0.0, 0.0, 0.35, 0.55, 0.1],
        "c3": [0.0, 0.13, 0.87, 0.0, 0.0],
    }
    rows = [(c, star, p) for c in RANKED for star, p in enumerate(shares[c], start=1)]
    return make_frame("centre star p", rows)


PARTS_LEFT = [
    ("indicator", "location", 4, 0, 0.913, 0.25, 1, 1, 0, 0, 0.75, 0.5, 1.75),
    ("indicator", "competence", 4, 0, 1.0, 0.0, 0, 0, 0, 0, 1.0, -0.1, 0.4),
    ("group", "friendliness", 4, 0, 0.548, 0.75, 2, 0, 2, 0, 0.5, -1.5, 4.0),
    ("group", "comfort", 4, 0, 1.0, 0.0, 0, 1, 0, 0, 0.75, 0.75, 2.25),
    ("region", KRAI, 2, 0, 1.0, 0.0, 0, 0, 0, 0, 1.0, 0.0, 0.0),
    ("region", PSKOV, 2, 0, 1.0, 0.0, 0, 0, 0, 0, 1.0, 0.0, 0.0),
    ("segment", "citizens", 2, 2, 1.0, 0.0, 0, 0, 1, 0, 0.5, -2.0, 3.0),
    ("segment", "employers", 4, 0, 0.913, 0.25, 1, 1, 0, 0, 0.75, 1.0, 2.5),
]
"""What index, ranks and stars of four centres are without a part."""


def make_leave_out() -> LeaveOneOut:
    """Without friendliness c1 and c3 lose a star; without location c2 gains one."""
    changed = {
        ("indicator", "location", "c2"): (80.0, 2, 5),
        ("group", "friendliness", "c1"): (79.0, 1, 4),
        ("group", "friendliness", "c3"): (58.5, 4, 2),
        ("group", "comfort", "c4"): (80.5, 2, 5),
    }
    rows: list[tuple[Any, ...]] = []
    for kind, key, *_ in PARTS_LEFT[:4]:
        for centre in RANKED:
            usual = (INDEX_OF[centre], RANK[centre], STAR[centre])
            index, rank, star = changed.get((kind, key, centre), usual)
            difference = index - INDEX_OF[centre]
            rows.append(
                (kind, key, centre, index, difference, rank, RANK[centre], star, STAR[centre])
            )
    return LeaveOneOut(
        parts=make_frame(
            "kind key n_centres n_lost kendall_tau mean_abs_rank_shift max_abs_rank_shift n_star_up"
            " n_star_down n_no_star share_same_star mean_difference max_abs_difference",
            PARTS_LEFT,
        ),
        centres=make_frame(
            "kind key centre index difference rank rank_before star star_before", rows
        ).astype({"rank": "Int64", "rank_before": "Int64", "star": float, "star_before": float}),
        left_out=make_left_out([("region", "Округ", "no_weight", "")], "kind", "key"),
    )


def make_rank_reversals() -> RankReversals:
    """Measured scores depend on all centres: without c1 the order of c2 and c3 turns."""
    return RankReversals(
        frame=make_frame(
            "centre n_others n_pairs n_reversed share_reversed kendall_tau max_abs_rank_shift"
            " n_star_changed",
            [
                ("c1", 3, 2, 1, 0.5, 0.333, 1, 1),
                ("c2", 3, 3, 0, 0.0, 1.0, 0, 0),
                ("c4", 3, 3, 0, 0.0, 1.0, 0, 1),
                ("c3", 3, 2, 0, 0.0, 1.0, 0, 0),
            ],
        ),
        pairs=make_frame(
            "removed higher lower difference_before difference_after",
            [("c1", "c2", "c3", 8.5, -0.5)],
        ),
        depends_on=("measures", "cut_points"),
    )


SIMPLEX_GROUPS = tuple(GROUPS[:3])
SIMPLEX_CENTRE = "c4"


def make_simplex_cells() -> pd.DataFrame:
    """Four triangles: the one in the middle, about the current weights, keeps all stars."""
    return make_frame(
        "weight_1 weight_2 weight_3 share_same_star star",
        [
            (0.1, 0.1, 0.4, 0.75, 4.0),
            (0.2, 0.2, 0.2, 1.0, 4.0),
            (0.1, 0.4, 0.1, 0.5, 3.0),
            (0.4, 0.1, 0.1, 0.25, np.nan),
        ],
    )


def make_sensitivity_results(methodology: Methodology) -> dict[str, Result]:
    """Return the results of weighting sensitivity by name, but the stability of weights."""
    return {
        "weight_importance": make_weight_importance(methodology),
        "optimised_weights": make_optimised_weights(),
        "weight_sources": make_weight_sources(methodology),
        "weight_bounds": make_weight_bounds(),
        "multiverse": make_multiverse(),
        "sobol_indices": make_sobol_indices(),
        "joint_doubt": make_joint_doubt(),
        "leave_out": make_leave_out(),
        "rank_reversals": make_rank_reversals(),
    }
