"""Both sources of simulated centres, with a truth that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.agreement.sources import TwoSources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """Simulated sources, what visitors as a whole would say, and who inflated."""

    sources: TwoSources
    survey: NDArray[np.float64]
    inflating: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Standard deviations in points; specific parts are those of an indicator."""

    centres: int = 400
    regions: int = 20
    mean: float = 45.0
    trait: float = 8.0
    trait_own: float = 0.0
    halo: float = 0.0
    survey_specific: float = 0.0
    method: float = 4.0
    checklist_specific: float = 0.0
    region: float = 2.0
    leniency: float = 7.0
    sampling: tuple[float, float] = (1.5, 4.0)
    inflating: float = 0.0
    inflation: float = 0.0
    where: tuple[str, ...] = ()
    decimals: int | None = None


def simulate_sources(methodology: Methodology, model: Model, *, seed: int) -> Truth:
    """Simulate sources: groups have traits of their own, indicators follow their group.

    Sampling errors are given for the index; those of indicators are larger and independent.
    """
    rng = np.random.default_rng(seed)
    c, keys = model.centres, methodology.indicator_keys
    regions = np.sort(np.array([f"R{r:03d}" for r in rng.integers(0, model.regions, c)]))
    codes = np.unique(regions, return_inverse=True)[1]
    loads = combine(methodology)
    groups = len(methodology.groups)
    of_indicator = (loads[1 : 1 + groups] > 0).argmax(axis=0)
    trait = (
        60 + rng.normal(0, model.trait, (c, 1)) + rng.normal(0, 1, (c, groups)) * model.trait_own
    )
    felt = trait + rng.normal(0, 1, (c, 1)) * model.halo
    felt = felt + rng.normal(0, 1, (c, groups)) * model.survey_specific
    told = trait + rng.normal(0, 1, (c, 1)) * model.method + model.leniency
    told = told + (rng.normal(0, 1, model.regions) * model.region)[codes][:, None]
    told = (told + rng.normal(0, 1, (c, groups)) * model.checklist_specific)[:, of_indicator]
    inflating = rng.random(c) < model.inflating
    touched = np.array([not model.where or key in model.where for key in keys])
    told = told + inflating[:, None] * touched * model.inflation * len(keys) / touched.sum()
    error = rng.uniform(*model.sampling, c) / np.linalg.norm(loads[0])
    answered = felt[:, of_indicator] + rng.normal(0, 1, (c, len(keys))) * error[:, None]
    covariance = np.einsum("ji,c,ki->cjk", loads, error**2, loads)
    checklist = np.clip(told, 0, 100) @ loads.T
    sources = make_sources(
        methodology,
        survey=answered @ loads.T,
        checklist=checklist if model.decimals is None else np.round(checklist, model.decimals),
        covariance=covariance,
        regions=regions,
    )
    return Truth(sources=sources, survey=felt[:, of_indicator] @ loads.T, inflating=inflating)


def combine(methodology: Methodology) -> NDArray[np.float64]:
    """Return what makes index, groups and indicators of indicators, shape (J, K)."""
    keys = methodology.indicator_keys
    groups = [[g.indicators.get(key, 0.0) for key in keys] for g in methodology.groups]
    return np.vstack([methodology.effective_weights, np.array(groups), np.eye(len(keys))])


def make_sources(
    methodology: Methodology,
    *,
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    covariance: NDArray[np.float64],
    regions: NDArray[np.str_],
    **parts: Any,
) -> TwoSources:
    """Make sources of arrays over all J scores."""
    c, groups, keys = len(survey), methodology.group_keys, methodology.indicator_keys
    centres = tuple(f"C{i:04d}" for i in range(c))
    given: dict[str, Any] = {
        "centres": centres,
        "names": tuple(f"Centre {name}" for name in centres),
        "regions": regions,
        "kinds": ("index", *["group"] * len(groups), *["indicator"] * len(keys)),
        "subjects": ("index", *groups, *keys),
        "survey": survey,
        "checklist": checklist,
        "covariance": covariance,
        "n": np.full(survey.shape, 100.0),
        "items": np.empty((c, 0)),
        "item_of": np.empty(0, dtype=np.intp),
        "second": None,
        "periods": (),
        "excluded": pd.DataFrame(columns=["centre", "region", "reason", "detail"]),
    }
    return TwoSources(**{**given, **parts})


def take_centres(sources: TwoSources, order: NDArray[np.intp]) -> TwoSources:
    """Return sources of some centres, in an order."""
    from dataclasses import fields

    parts = {f.name: getattr(sources, f.name) for f in fields(sources)}
    for name in ("regions", "survey", "checklist", "covariance", "n", "items"):
        parts[name] = parts[name][order]
    for name in ("centres", "names"):
        parts[name] = tuple(parts[name][i] for i in order)
    if sources.second is not None:
        parts["second"] = sources.second[order]
    return TwoSources(**parts)


def assert_explained(frame: pd.DataFrame, allowed: tuple[str, ...] = ()) -> None:
    """Assert that no value is missing outside the columns that may have them."""
    missing = frame.isna().any()
    assert set(missing.index[missing]) <= set(allowed)
