"""Fit of confirmatory models as plain mappings, and which version of a measure is told."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from clientindex.results import ConfirmatoryModels, Levels

VERSIONS: Final = ("", "_scaled", "_robust")
"""Endings of measures that exist in versions: naive, scaled, robust."""

CORRELATED: Final = "correlated"
"""Key of the model that the methodology intends: a factor for every group, all correlated."""

Fit = dict[str, float]


def list_fits(result: ConfirmatoryModels) -> dict[tuple[str, str], Fit]:
    """Return the statistics by model and estimator, in the order of the result."""
    return _collect(result.fit, "model", "estimator")


def list_level_fits(result: Levels) -> dict[tuple[str, str], Fit]:
    """Return the statistics by level and model, in the order of the result."""
    return _collect(result.fit, "level", "model")


def find_statuses(result: ConfirmatoryModels) -> dict[str, str]:
    """Return the status of every model by the leading estimator."""
    models = result.models.loc[result.models["estimator"] == result.main]
    return dict(zip(models["model"], models["status"], strict=True))


def choose_version(result: ConfirmatoryModels, estimator: str) -> str:
    """Return the ending of the version that every fitted model of an estimator has."""
    return find_version(fit for (_, key), fit in list_fits(result).items() if key == estimator)


def find_version(fits: Iterable[Fit]) -> str:
    """Return the ending of the version that all fits have.

    The robust version is preferred to the scaled one and that to the naive: the naive one takes
    the test statistic as having its theoretical distribution, the scaled one estimates another
    quantity than the naive does without sampling error, the robust one the same.
    """
    found = list(fits)
    for version in reversed(VERSIONS):
        names = [f"{name}{version}" for name in ("cfi", "tli", "rmsea")]
        values = [fit.get(name, math.nan) for fit in found for name in names]
        if values and not any(map(math.isnan, values)):
            return version
    return ""


def _collect(frame: pd.DataFrame, first: str, second: str) -> dict[tuple[str, str], Fit]:
    fits: dict[tuple[str, str], Fit] = {}
    rows = zip(frame[first], frame[second], frame["statistic"], frame["value"], strict=True)
    for one, other, statistic, value in rows:
        fits.setdefault((one, other), {})[statistic] = float(value)
    return fits
