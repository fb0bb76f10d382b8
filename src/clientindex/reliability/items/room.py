"""Item analysis in every part of the data, with intervals over centres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.counts import compute_covariance, keyed_values, read_seed
from clientindex.factors import compute_centre_sums
from clientindex.reliability.coefficients import compute_cronbach
from clientindex.reliability.draws import PART_REPLICATES, draw, find_obstacle, summarise
from clientindex.reliability.entering import count_entering
from clientindex.reliability.items.distribution import compute_shares, describe_distribution
from clientindex.reliability.items.reasons import list_reasons
from clientindex.reliability.items.relations import (
    FEWEST_TO_DROP,
    compute_relations,
    is_regular,
)
from clientindex.reliability.scopes import WHOLE, list_groups
from clientindex.results import INDEX, ItemAnalysis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.reliability.draws import Draws, Summary
    from clientindex.reliability.scopes import Scope

Rows = dict[str, list[dict[str, Any]]]

_INTERVAL = ("estimate", "std_error", "ci_low", "ci_high", "n")
FRAMES: dict[str, tuple[str, ...]] = {
    "items": ("indicator", "statistic", *_INTERVAL),
    "relations": ("group", "indicator", "statistic", *_INTERVAL),
    "options": ("indicator", "answer", *_INTERVAL),
    "reasons": ("indicator", "reason", "n", "n_asked", "estimate", "ci_low", "ci_high"),
    "against_key": ("group", "indicator", "estimate", "ci_low", "ci_high", "sure"),
    "left_out": ("group", "statistic", "reason", "detail"),
}


def analyse_items(
    scopes: Sequence[Scope],
    methodology: Methodology,
    *,
    seed: np.random.SeedSequence,
    no_answer: pd.DataFrame | None = None,
) -> ItemAnalysis:
    """Describe every indicator, and its relation to its group, by everybody and by parts.

    Intervals are percentiles over a bootstrap of centres stratified by region. An indicator whose
    item-rest correlation is negative runs against its key and is named.

    Missing answers: distributions use everybody who answered the indicator, relations the
    covariances that the methodology asks for (pairwise or complete).

    What is not defined stands in ``left_out``: ``one_centre``, ``one_indicator`` (nothing to go
    together with), ``two_indicators`` (alpha without one of them), ``too_few_answers`` and
    ``zero_variance`` (detail names the indicators), ``singular`` and ``not_positive_definite``
    (corrected correlations), ``no_total_variance`` and ``unstable_resampling`` (the interval only;
    detail names the indicators; that of their mean speaks of shares of answers too).

    Parameters
    ----------
    scopes : sequence of Scope
        Parts of the data, see :func:`~clientindex.reliability.scopes.list_scopes`.
    methodology : Methodology
    seed : numpy.random.SeedSequence
    no_answer : DataFrame, optional
        ``segment``, ``indicator``, ``reason``, ``n``, ``n_asked``: why answers are missing, as
        intake tells it.

    Returns
    -------
    ItemAnalysis
    """
    found: Rows = {name: [] for name in FRAMES}
    raising: tuple[str, ...] = ()
    for scope in scopes:
        label = {"kind": scope.kind, "part": scope.part}
        parts = _describe_scope(scope, methodology, seed)
        asked = no_answer is not None and scope.kind in {"all", "segment"}
        if no_answer is not None and asked and len(scope.regions) > 1:
            parts["reasons"] = list_reasons(no_answer, scope, methodology)
        for name, rows in parts.items():
            found[name] += [{**label, **row} for row in rows]
        if scope.kind == WHOLE:
            raising = _find_raising(scope, methodology)
    drawn = methodology.intervals.bootstrap_replicates
    return ItemAnalysis(
        **{
            name: pd.DataFrame(rows, columns=["kind", "part", *FRAMES[name]])
            for name, rows in found.items()
        },
        raising=raising,
        level=methodology.intervals.level,
        replicates=drawn,
        part_replicates=min(drawn, PART_REPLICATES),
        missing=methodology.missing_answers.correlations,
        seed=read_seed(seed),
    )


def _describe_scope(scope: Scope, methodology: Methodology, seed: np.random.SeedSequence) -> Rows:
    draws = draw(scope, methodology, seed)
    if draws is None:
        nothing = {"group": "", "statistic": "", "reason": "one_centre", "detail": ""}
        return {"left_out": [nothing]}
    rows: Rows = {name: [] for name in FRAMES}
    margins = np.einsum("bc,ckj->bkj", draws.weights, scope.counts.margins.astype(np.float64))
    rows["items"], rows["left_out"] = _list_items(margins, draws, methodology)
    rows["options"] = _list_options(margins, draws, methodology)
    groups = list_groups(methodology)
    groups[INDEX] = np.arange(len(methodology.indicator_keys))
    for group, items in groups.items():
        for name, found in _relate(group, items, draws, methodology).items():
            rows[name] += [{"group": group, **row} for row in found]
    return rows


def _list_items(
    margins: NDArray[np.float64], draws: Draws, methodology: Methodology
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of the distribution of every indicator, and what is not defined of it."""
    answered = margins[0, :, 1:].sum(axis=1)
    keys = np.array(draws.scope.counts.indicators)
    rows, left_out = [], []
    for name, drawn in describe_distribution(margins, keyed_values(methodology)).items():
        found = summarise(drawn, methodology.intervals.level)
        known = np.isfinite(found.estimate)
        for at in np.flatnonzero(known):
            label = {"indicator": str(keys[at]), "statistic": name}
            rows.append({**label, **found.row((at,)), "n": int(answered[at])})
        scarce = "zero_variance" if name in {"skew", "kurtosis"} else "too_few_answers"
        for group, items in list_groups(methodology).items():
            label = {"group": group, "statistic": name}
            left_out += [
                {**label, **row}
                for row in (
                    *_name(scarce, keys[items][~known[items]]),
                    *_name("unstable_resampling", keys[items][found.unstable[items]]),
                )
            ]
    return rows, left_out


def _name(reason: str, indicators: NDArray[np.str_]) -> list[dict[str, Any]]:
    """Return a reason with those to whom it applies, if there are any."""
    if not len(indicators):
        return []
    return [{"reason": reason, "detail": ", ".join(indicators.tolist())}]


def _list_options(
    margins: NDArray[np.float64], draws: Draws, methodology: Methodology
) -> list[dict[str, Any]]:
    """Return the share of every answer, as given."""
    found = summarise(compute_shares(margins), methodology.intervals.level)
    rows = []
    for item, key in enumerate(draws.scope.counts.indicators):
        for category, answer in enumerate(methodology.scale_of(key).answers):
            row = found.row((item, category))
            if np.isfinite(row["estimate"]):
                n = int(margins[0, item, category + 1])
                rows.append({"indicator": key, "answer": int(answer), **row, "n": n})
    return rows


def _relate(
    group: str, items: NDArray[np.intp], draws: Draws, methodology: Methodology
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the relations of the indicators of one group."""
    counts = draws.scope.counts
    names = np.array([counts.indicators[item] for item in items])
    if (obstacle := find_obstacle(draws.sums, items)) is not None:
        reason, culprits = obstacle
        detail = ", ".join(counts.indicators[item] for item in culprits)
        return {"left_out": [{"statistic": "", "reason": reason, "detail": detail}]}
    cov = np.nan_to_num(draws.cov[:, items[:, None], items])
    n, _ = count_entering(counts, items, missing=methodology.missing_answers.correlations)
    rows, against, left_out = [], [], []
    for statistic, drawn in compute_relations(cov).items():
        found = summarise(drawn, methodology.intervals.level)
        known = np.isfinite(found.estimate)
        rows += [
            {"indicator": str(names[at]), "statistic": statistic, **found.row((at,)), "n": n}
            for at in np.flatnonzero(known)
        ]
        reason = _explain(statistic, cov[0])
        if not known.any():
            left_out.append({"statistic": statistic, "reason": reason, "detail": ""})
            continue
        left_out += [
            {"statistic": statistic, **row}
            for row in (
                *_name(reason, names[~known]),
                *_name("unstable_resampling", names[found.unstable]),
            )
        ]
        if statistic == "item_rest":
            against = _find_against_key(names, found)
    return {"relations": rows, "against_key": against, "left_out": left_out}


def _find_against_key(names: NDArray[np.str_], found: Summary) -> list[dict[str, Any]]:
    return [
        {
            "indicator": str(names[at]),
            "estimate": float(found.estimate[at]),
            "ci_low": float(found.ci_low[at]),
            "ci_high": float(found.ci_high[at]),
            "sure": bool(found.ci_high[at] < 0),
        }
        for at in np.flatnonzero(found.estimate < 0)
    ]


def _find_raising(scope: Scope, methodology: Methodology) -> tuple[str, ...]:
    """Return the indicators without which alpha of their group is higher."""
    sums = compute_centre_sums(scope.counts, methodology).sums.combine(
        np.ones((1, len(scope.regions)))
    )
    found: list[str] = []
    for items in list_groups(methodology).values():
        if find_obstacle(sums, items) is None:
            cov = np.nan_to_num(compute_covariance(sums.subset(items)))
            rises = compute_relations(cov)["alpha_if_dropped"] > compute_cronbach(cov)[:, None]
            found += [scope.counts.indicators[item] for item in items[rises[0]]]
    return tuple(found)


def _explain(statistic: str, cov: NDArray[np.float64]) -> str:
    if statistic == "alpha_if_dropped" and len(cov) < FEWEST_TO_DROP:
        return "two_indicators"
    if statistic == "item_total_corrected":
        return "not_positive_definite" if is_regular(cov) else "singular"
    return "no_total_variance"
