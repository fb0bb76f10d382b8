"""Fit of confirmatory models as plain mappings, and which version of a measure is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from clientindex.results import ConfirmatoryModels

VERSIONS: Final = ("", "_scaled", "_robust")
"""Endings of measures that exist in versions: naive, scaled, robust."""

CORRELATED: Final = "correlated"
"""Key of the model that the methodology intends: a factor for every group, all correlated."""

Fit = dict[str, float]


def list_fits(result: ConfirmatoryModels) -> dict[tuple[str, str], Fit]:
    """Return the statistics by model and estimator, in the order of the result."""
    fits: dict[tuple[str, str], Fit] = {}
    frame = result.fit
    rows = zip(frame["model"], frame["estimator"], frame["statistic"], frame["value"], strict=True)
    for model, estimator, statistic, value in rows:
        fits.setdefault((model, estimator), {})[statistic] = float(value)
    return fits


def choose_version(result: ConfirmatoryModels, estimator: str) -> str:
    """Return the ending of the version that every fitted model of an estimator has.

    The robust version is preferred to the scaled one and that to the naive: the naive one takes
    the distribution of the answers for normal, the scaled one estimates another quantity than the
    naive does without sampling error, the robust one the same.
    """
    fits = [fit for (_, key), fit in list_fits(result).items() if key == estimator]
    for version in reversed(VERSIONS):
        names = [f"cfi{version}", f"tli{version}", f"rmsea{version}"]
        if fits and all(
            fit.get(name, float("nan")) == fit.get(name) for fit in fits for name in names
        ):
            return version
    return ""
