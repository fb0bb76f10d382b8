"""Rules of answer quality applied to respondents, told by parts of the data and by centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, hypergeom
from statsmodels.stats.proportion import proportion_confint

from clientindex.counts import (
    compute_covariance,
    compute_pair_sums,
    keyed_values,
    read_seed,
)
from clientindex.reliability.draws import PART_REPLICATES, draw_weights, summarise
from clientindex.reliability.quality.effects import Eraser
from clientindex.reliability.quality.indices import CHECKS, Answers, Checked
from clientindex.reliability.scopes import WHOLE, list_parts
from clientindex.results import INDEX, AnswerQuality

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.intake.tables import Responses
    from clientindex.methodology import Methodology
    from clientindex.reliability.scopes import Part

ANY = "any"

NO_PART = {"kind": WHOLE, "part": WHOLE, "statistic": "", "group": ""}
"""What a reason speaks of that concerns all data and everything."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "rules": ("rule", "limit"),
    "shares": (
        *("kind", "part", "rule", "estimate", "std_error"),
        *("ci_low", "ci_high", "n", "n_flagged"),
    ),
    "centres": (
        *("rule", "centre", "region", "n", "n_flagged", "estimate"),
        *("ci_low", "ci_high", "p_value", "q_value", "flagged"),
    ),
    "effects": (
        *("kind", "part", "rule", "statistic", "group", "before", "after"),
        *("estimate", "ci_low", "ci_high", "n_removed", "n_centres"),
        *("before_low", "before_high", "after_low", "after_high"),
    ),
    "changes": (
        *("centre", "region", "n", "n_removed", "before", "after"),
        *("estimate", "ci_low", "ci_high"),
    ),
    "left_out": ("kind", "part", "rule", "statistic", "group", "reason", "detail"),
}


SHARE = COLUMNS["shares"][:2] + COLUMNS["shares"][3:]
"""What a row of shares says, besides its rule."""


def assess_quality(
    responses: Responses,
    counts: PairCounts,
    methodology: Methodology,
    *,
    strata: Mapping[str, str],
    seed: np.random.SeedSequence,
) -> AnswerQuality:
    """Apply the rules of answer quality and compute alpha and the index without whom they flag.

    A rule says that answers are suspicious, not that they are false: nobody is removed from any
    published number. Shares have percentile intervals over a bootstrap of centres; a centre is
    flagged where its share is above that of the others together by Fisher's exact test at the
    methodology's false discovery rate.

    Missing answers: a rule applies to those who answered at least half of the indicators (straight
    lining: as many as it says; speeding: any, with a known duration).

    What is not defined stands in ``left_out``. Of a rule as a whole: ``no_duration``, ``singular``
    (no Mahalanobis distance: an indicator follows from the others), ``not_applicable`` (to nobody).
    Of a share, of alpha or of the index without whom a rule flags: ``one_centre`` and
    ``unstable_resampling`` (the interval only), ``one_indicator``, ``too_few_answers`` and
    ``zero_variance`` (detail names the indicators, or the centres that lose their index or its
    interval), ``no_total_variance``.

    Parameters
    ----------
    responses : Responses
    counts : PairCounts
        Of `responses`.
    methodology : Methodology
    strata : mapping
        Region of every centre.
    seed : numpy.random.SeedSequence

    Returns
    -------
    AnswerQuality
    """
    checked, left_out = _apply_rules(responses, counts, methodology)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in COLUMNS}
    found["left_out"] = left_out
    active = methodology.reliability.quality.list_active()
    found["rules"] = [
        {"rule": name, "limit": active[name].limit} for name in checked if name != ANY
    ]
    parts = [_place(part, counts) for part in list_parts(counts, methodology, strata)]
    eraser = Eraser(responses, counts, methodology, strata=strata, seed=seed)
    for rule, found_by in checked.items():
        by_unit = _count_by_unit(found_by, responses)
        for part in parts:
            for row in _tell_share(part, by_unit, methodology, strata, seed):
                found["left_out"] += [{"rule": rule, **gap} for gap in _explain_share(row)]
                found["shares"].append({"rule": rule, **{key: row[key] for key in SHARE}})
        found["centres"] += [
            {"rule": rule, **row} for row in _tell_centres(parts[0], by_unit, methodology, strata)
        ]
        effects = eraser.compare(found_by.flagged, each_centre=rule == ANY)
        found["effects"] += [{"rule": rule, **row} for row in effects.rows]
        found["left_out"] += [{"rule": rule, **row} for row in effects.left_out]
        if rule == ANY:
            found["changes"] = effects.changes
            found["left_out"] += _explain_changes(effects.changes)
    return AnswerQuality(
        **{name: pd.DataFrame(rows, columns=list(COLUMNS[name])) for name, rows in found.items()},
        by_day=responses.day is not None,
        false_discovery_rate=methodology.reliability.flagged_centres,
        level=methodology.intervals.level,
        replicates=methodology.intervals.bootstrap_replicates,
        seed=read_seed(seed),
    )


def _apply_rules(
    responses: Responses, counts: PairCounts, methodology: Methodology
) -> tuple[dict[str, Checked], list[dict[str, Any]]]:
    """Return what every rule says of the respondents, "any" last, and rules that do not apply."""
    values = keyed_values(methodology)
    total = compute_pair_sums(counts, values).total()
    with np.errstate(invalid="ignore"):
        mean = np.diagonal(total.s) / np.diagonal(total.n)
    answers = Answers(
        responses=responses,
        values=values,
        mean=mean,
        cov=np.nan_to_num(compute_covariance(total)),
    )
    checked: dict[str, Checked] = {}
    left_out = []
    for name, rule in methodology.reliability.quality.list_active().items():
        found = CHECKS[name](answers, rule)
        if isinstance(found, Checked) and found.able.any():
            checked[name] = found
            continue
        reason = found if isinstance(found, str) else "not_applicable"
        left_out.append({"rule": name, **NO_PART, "reason": reason, "detail": ""})
    if checked:
        checked[ANY] = Checked(
            able=np.any([c.able for c in checked.values()], axis=0),
            flagged=np.any([c.flagged for c in checked.values()], axis=0),
        )
    return checked, left_out


def _count_by_unit(found: Checked, responses: Responses) -> NDArray[np.float64]:
    """Return to how many the rule applies and how many it flags, shape (2, U)."""
    size = len(responses.units)
    return np.stack(
        [
            np.bincount(responses.unit_of[chosen], minlength=size)
            for chosen in (found.able, found.flagged)
        ]
    ).astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Placed:
    """A part of the data, the same for all rules.

    Attributes
    ----------
    part : Part
    centres : list of str
        Sorted.
    codes : int ndarray
        Position of the centre of every unit of the part.
    """

    part: Part
    centres: list[str]
    codes: NDArray[np.intp]

    def sum(self, by_unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return sums over the units of every centre, shape (2, C)."""
        rows = by_unit[:, self.part.chosen]
        return np.stack([np.bincount(self.codes, weights=row) for row in rows])


def _place(part: Part, counts: PairCounts) -> _Placed:
    codes, centres = pd.factorize(counts.units["centre"][part.chosen], sort=True)
    return _Placed(part=part, centres=list(centres), codes=codes)


def _tell_share(
    placed: _Placed,
    by_unit: NDArray[np.float64],
    methodology: Methodology,
    strata: Mapping[str, str],
    seed: np.random.SeedSequence,
) -> list[dict[str, Any]]:
    """Return the share of suspicious answers in one part of the data."""
    part, centres, sums = placed.part, placed.centres, placed.sum(by_unit)
    if sums[0].sum() == 0:
        return []
    weights = np.ones((1, len(centres)))
    if len(centres) > 1:
        drawn = methodology.intervals.bootstrap_replicates
        drawn = drawn if part.kind == WHOLE else min(drawn, PART_REPLICATES)
        weights = draw_weights(tuple(strata[centre] for centre in centres), drawn, seed)
    able, flagged = weights @ sums[0], weights @ sums[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = flagged / able
    # One centre has no replicates: no interval, which `_explain_share` says.
    padded = share if len(centres) > 1 else np.array([share[0], np.nan, np.nan])
    found = summarise(padded, methodology.intervals.level)
    return [
        {
            "kind": part.kind,
            "part": part.part,
            **found.row(),
            "n": int(sums[0].sum()),
            "n_flagged": int(sums[1].sum()),
            "n_centres": len(centres),
        }
    ]


def _explain_share(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return why a share has no interval, if so."""
    if np.isfinite(row["ci_low"]):
        return []
    reason = "one_centre" if row["n_centres"] == 1 else "unstable_resampling"
    label = {"kind": row["kind"], "part": row["part"]}
    return [{**NO_PART, **label, "reason": reason, "detail": ""}]


def _explain_changes(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name the centres whose change of the index, or its interval, is not defined."""
    names = [row["centre"] for row in changes if not np.isfinite(row["ci_low"])]
    if not names:
        return []
    label = {"rule": ANY, **NO_PART, "statistic": "index", "group": INDEX}
    return [{**label, "reason": "too_few_answers", "detail": ", ".join(names)}]


def _tell_centres(
    placed: _Placed,
    by_unit: NDArray[np.float64],
    methodology: Methodology,
    strata: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return the share of every centre, compared with the others together."""
    centres, (able, flagged) = placed.centres, placed.sum(by_unit)
    kept = np.flatnonzero(able > 0)
    n, k = able[kept].astype(int), flagged[kept].astype(int)
    p = hypergeom.sf(k - 1, int(n.sum()), int(k.sum()), n)
    q = false_discovery_control(np.clip(p, 0, 1))
    low, high = proportion_confint(k, n, 1 - methodology.intervals.level, "wilson")
    return [
        {
            "centre": centres[at],
            "region": strata[centres[at]],
            "n": int(n[row]),
            "n_flagged": int(k[row]),
            "estimate": float(k[row] / n[row]),
            "ci_low": float(max(low[row], 0.0)),
            "ci_high": float(min(high[row], 1.0)),
            "p_value": float(p[row]),
            "q_value": float(q[row]),
            "flagged": bool(q[row] <= methodology.reliability.flagged_centres),
        }
        for row, at in enumerate(kept)
    ]
