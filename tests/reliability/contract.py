"""What every result of reliability promises: no number without an interval or a stated reason.

`find_silent` looks at the rows that there are, `find_untold` for those that there should be.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.reliability.battery import LINEAR, ORDINAL
from clientindex.reliability.centres.generalizability import COMPONENTS
from clientindex.reliability.centres.two_level import LEVEL_COEFFICIENTS
from clientindex.reliability.hierarchical.room import SOLUTIONS
from clientindex.reliability.items.distribution import STATISTICS as DISTRIBUTION
from clientindex.reliability.items.relations import RELATIONS
from clientindex.reliability.sets.evaluate import STATISTICS as SET_STATISTICS
from clientindex.results import INDEX, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clientindex.methodology import Methodology
    from clientindex.reliability import ReliabilityAssessment
    from clientindex.reliability.scopes import Scope

TINY = 1e-9

POINTERS = {"heywood", "rules", "left_out"}
"""Frames that hold no estimate."""

INFINITE = {
    "answers": {"estimate", "ci_low", "ci_high"},
    "components": {"ci_high"},
}
"""Columns that may be infinite, as the docstring of the result says."""

BELOW_ZERO = {"generalizability", "components"}


def list_frames(result: Any) -> dict[str, pd.DataFrame]:
    """Return the frames of a result by name, but what is left out."""
    named = {name: getattr(result, name) for name in type(result).__dataclass_fields__}
    return {
        name: value
        for name, value in named.items()
        if isinstance(value, pd.DataFrame) and name not in POINTERS
    }


def find_silent(assessment: ReliabilityAssessment) -> list[str]:
    """Return the rows whose number or interval is missing, infinite or astray without a reason."""
    found = []
    for name, result in assessment.results().items():
        if isinstance(result, Unavailable):
            continue
        reasons = _read_reasons(result.left_out)
        for frame_name, frame in list_frames(result).items():
            if not {"estimate", "ci_low", "ci_high"} <= set(frame.columns):
                found.append(f"{name}.{frame_name}: no interval at all")
                continue
            found += [
                f"{name}.{frame_name}: {fault} in {row}"
                for row in frame.to_dict("records")
                if (fault := _find_fault(frame_name, row, reasons))
            ]
    return found


Reason = tuple[str, ...]
REASON = ("kind", "part", "rule", "solution", "group", "statistic", "reason", "detail")


def _read_reasons(left_out: pd.DataFrame) -> list[dict[str, str]]:
    assert left_out["reason"].ne("").all()
    whole = {"kind": "all", "part": "all", "rule": "", "solution": "", "group": "", "statistic": ""}
    return [whole | row for row in left_out.to_dict("records")]


def _find_fault(frame: str, row: dict[str, Any], reasons: list[dict[str, str]]) -> str:
    numbers = {k: v for k, v in row.items() if isinstance(v, float) and k != "limit"}
    if row.get("method") == "feldt":  # an interval of quantiles, without a standard error
        numbers.pop("std_error")
    missing = {name for name, value in numbers.items() if np.isnan(value)}
    endless = {name for name, value in numbers.items() if np.isinf(value)}
    if missing and not is_explained(frame, row, reasons):
        return f"{sorted(missing)} missing"
    if endless - INFINITE.get(frame, set()):
        return f"{sorted(endless)} infinite"
    if frame == "answers" and np.isinf(row["estimate"]) and not is_explained(frame, row, reasons):
        return "no number of answers, and no reason"
    for low, middle, high in (
        ("ci_low", "estimate", "ci_high"),
        ("share_low", "share", "share_high"),
        ("before_low", "before", "before_high"),
        ("after_low", "after", "after_high"),
    ):
        if low in row and not missing & {low, middle, high}:
            slack = TINY * max(1.0, abs(row[middle])) if np.isfinite(row[middle]) else 0.0
            if not row[low] - slack <= row[middle] <= row[high] + slack:
                return f"{middle} outside {low}, {high}"
    return ""


STANDS_FOR = {"generalizability": "levels", "curves": "levels", "answers": "answers"}
"""Frames of which a reason speaks as a whole."""


def is_explained(frame: str, row: dict[str, Any], reasons: list[dict[str, str]]) -> bool:
    """Return whether a reason speaks of a row."""
    return any(_speaks_of(frame, row, reason) for reason in reasons)


def _speaks_of(frame: str, row: dict[str, Any], reason: dict[str, str]) -> bool:
    place = [(row.get(name, "all"), reason[name]) for name in ("kind", "part")]
    if any(own != told for own, told in place):
        return False
    named = reason["detail"].split(", ")
    if frame == "options":
        return reason["statistic"] == "mean" and row["indicator"] in named
    if frame == "items":
        return reason["statistic"] == row["statistic"] and row["indicator"] in named
    if frame == "changes" and "centre" in row:
        return reason["statistic"] == "index" and row["centre"] in named
    statistic = STANDS_FOR.get(frame, row.get("statistic", ""))
    if statistic in LEVEL_COEFFICIENTS and reason["statistic"] == "levels":
        statistic = "levels"
    return (
        reason["rule"] in {"", row.get("rule", "")}
        and reason["solution"] in {"", row.get("solution", "")}
        and reason["group"] in {"", row.get("group", "")}
        and reason["statistic"] in {"", statistic}
    )


def find_untold(
    assessment: ReliabilityAssessment, scopes: Iterable[Scope], methodology: Methodology
) -> list[str]:
    """Return what has neither a row nor a reason."""
    found = []
    told: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    reasons = {
        name: _read_reasons(result.left_out)
        for name, result in assessment.results().items()
        if not isinstance(result, Unavailable)
    }
    for scope, (name, frame, labels) in product(scopes, list(_list_expected(methodology))):
        row = {"kind": scope.kind, "part": scope.part, **labels}
        key = (name, frame, *row)
        if key not in told:
            columns = getattr(assessment.results()[name], frame)[list(row)]
            told[key] = set(columns.itertuples(index=False, name=None))
        if tuple(row.values()) not in told[key] and not _is_excused(
            frame, row, reasons[name], methodology
        ):
            found.append(f"{name}.{frame}: nothing of {row}")
    return found


def _is_excused(
    frame: str, row: dict[str, Any], reasons: list[dict[str, str]], methodology: Methodology
) -> bool:
    """Return whether a reason speaks of a row that is not there."""
    here = [r for r in reasons if (r["kind"], r["part"]) == (row["kind"], row["part"])]
    if any(not (r["group"] or r["statistic"] or r["solution"] or r["rule"]) for r in here):
        return True
    if frame == "items":
        group = methodology.group_of(row["indicator"])
        here = [r for r in here if row["indicator"] in r["detail"].split(", ")]
        return any(r["group"] in {group, INDEX} for r in here)
    if frame == "components":
        group = [r for r in here if r["group"] in {"", row["group"]}]
        return any(r["statistic"] in {"", row["method"]} for r in group)
    if frame == "generalizability":
        return any(r["statistic"] in {"", "levels"} and r["group"] == row["group"] for r in here)
    return is_explained(frame, row, here)


def _list_expected(methodology: Methodology) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield result, frame and labels of every row of a part of the data."""
    groups = [*methodology.group_keys, INDEX]
    for group in groups:
        for statistic in (*LINEAR, *ORDINAL):
            yield "consistency", "frame", {"group": group, "statistic": statistic}
        for statistic in RELATIONS:
            yield "item_analysis", "relations", {"group": group, "statistic": statistic}
        for method in ("anova", "reml"):
            yield "centre_reliability", "components", {"group": group, "method": method}
        for statistic in ("icc1", "icc2", *LEVEL_COEFFICIENTS):
            yield "centre_reliability", "coefficients", {"group": group, "statistic": statistic}
        for component in COMPONENTS:
            yield "centre_reliability", "generalizability", {"group": group, "component": component}
    for indicator in methodology.indicator_keys:
        for statistic in DISTRIBUTION:
            yield "item_analysis", "items", {"indicator": indicator, "statistic": statistic}
        for statistic in SET_STATISTICS:
            row = {"group": methodology.group_of(indicator), "statistic": statistic}
            yield "indicator_sets", "changes", {"indicator": indicator, "change": "drop", **row}
    for solution in SOLUTIONS:
        yield "omegas", "frame", {"solution": solution, "group": INDEX}
