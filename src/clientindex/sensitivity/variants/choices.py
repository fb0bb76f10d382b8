"""The choices of every dimension of the grid, each as a change of the methodology."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.methodology.variants_settings import (
    CURRENT,
    EQUAL_GROUPS,
    MissingVariant,
    NormaliserVariant,
    WeightsVariant,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientindex.methodology import Methodology
    from clientindex.methodology.scoring_settings import MeanRule
    from clientindex.methodology.variants_settings import VariantsSettings

DIMENSIONS = (
    *("normaliser", "weights", "group_mean", "index_mean", "missing"),
    *("star_rule", "checklist"),
)
"""In the order of the grid: the last ones change fastest, and need no new scores."""

WITH, WITHOUT = "with", "without"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a dimension; without a value the methodology's own.

    Attributes
    ----------
    name : str
    value : object
        What the dimension is changed to.
    """

    name: str
    value: NormaliserVariant | WeightsVariant | MissingVariant | MeanRule | str | None = None


Grid = dict[str, tuple[Choice, ...]]
"""Choices of every dimension, the methodology's own first."""


def list_choices(methodology: Methodology, settings: VariantsSettings) -> Grid:
    """List the choices of every dimension, what equals the methodology's own left out.

    Raises
    ------
    StatisticsError
        If the grid has more variants than the settings allow, or given weights do not fit.
    """
    scoring = methodology.scoring
    own = {
        "group_mean": _name_mean(scoring.mean_of("group")),
        "index_mean": _name_mean(scoring.mean_of("index")),
        "missing": f"{scoring.missing_indicator}+{scoring.missing_group}",
        "star_rule": methodology.stars.rule,
        "checklist": WITH if _blends(methodology) else WITHOUT,
    }
    wanted: dict[str, list[Choice]] = {
        "normaliser": [
            Choice(name=name, value=value)
            for name, value in settings.normalisers.items()
            if not _is_own_normaliser(value, methodology)
        ],
        "weights": _list_weights(methodology, settings),
        "group_mean": [Choice(name=_name_mean(m), value=m) for m in settings.group_means],
        "index_mean": [Choice(name=_name_mean(m), value=m) for m in settings.index_means],
        "missing": [_complete_missing(m, methodology) for m in settings.missing],
        "star_rule": [Choice(name=rule, value=rule) for rule in settings.star_rules],
        "checklist": [Choice(name=use, value=use) for use in settings.checklists],
    }
    grid = {
        name: (Choice(name=own.get(name, CURRENT)), *_drop_known(wanted[name], own.get(name)))
        for name in DIMENSIONS
    }
    _check_size(grid, settings.most_variants)
    return grid


def count_variants(grid: Grid) -> int:
    """Return the number of variants of the whole grid."""
    return int(np.prod([len(choices) for choices in grid.values()]))


def _drop_known(choices: Iterable[Choice], own: str | None) -> list[Choice]:
    """Return choices of which each name comes once, and not the methodology's own."""
    found = {choice.name: choice for choice in choices if choice.name != own}
    return list(found.values())


def _check_size(grid: Grid, most: int) -> None:
    size = count_variants(grid)
    if size > most:
        told = " x ".join(f"{name} {len(c)}" for name, c in grid.items() if len(c) > 1)
        msg = (
            f"the grid has {size:,} variants ({told}), but no more than {most:,} are allowed: "
            "shorten a list of the variants, or raise most_variants"
        )
        raise StatisticsError(msg)


def _name_mean(mean: MeanRule) -> str:
    return mean.kind if mean.power is None else f"power {mean.power:g}"


def _blends(methodology: Methodology) -> bool:
    return methodology.checklist is not None and methodology.checklist.use == "blend"


def _complete_missing(missing: MissingVariant, methodology: Methodology) -> Choice:
    indicator = missing.indicator or methodology.scoring.missing_indicator
    group = missing.group or methodology.scoring.missing_group
    value = MissingVariant(indicator=indicator, group=group)
    return Choice(name=f"{indicator}+{group}", value=value)


def _is_own_normaliser(value: NormaliserVariant, methodology: Methodology) -> bool:
    scoring = methodology.scoring
    measures = [methodology.indicator(key).normaliser for key in methodology.measure_keys]
    return (
        (value.measures is None or all(own == value.measures for own in measures))
        and value.answers in (None, scoring.answers)
        and value.groups in (None, scoring.normalise_groups)
    )


def _list_weights(methodology: Methodology, settings: VariantsSettings) -> list[Choice]:
    """Return other weights; those that are the methodology's own are left out."""
    found = [
        Choice(name=name, value=equalise(methodology, by_group=name == EQUAL_GROUPS))
        for name in settings.equal_weights
    ]
    for name, value in settings.weights.items():
        _check_keys(name, value, methodology)
        found.append(Choice(name=name, value=value))
    return [c for c in found if not _is_own_weighting(c.value, methodology)]


def equalise(methodology: Methodology, *, by_group: bool) -> WeightsVariant:
    """Return equal weights of groups, or of all indicators; equal inside groups in both."""
    n_groups, n_items = len(methodology.groups), len(methodology.indicator_keys)
    return WeightsVariant(
        groups={
            g.key: 1 / n_groups if by_group else len(g.indicators) / n_items
            for g in methodology.groups
        },
        indicators={
            g.key: dict.fromkeys(g.indicators, 1 / len(g.indicators)) for g in methodology.groups
        },
    )


def _check_keys(name: str, value: WeightsVariant, methodology: Methodology) -> None:
    """Refuse weights of what the methodology does not have."""
    groups = {*value.groups, *value.indicators} - set(methodology.group_keys)
    unknown = [f"the group {key}" for key in sorted(groups)]
    for key, inner in value.indicators.items():
        if key in methodology.group_keys:
            own = methodology.group(key).indicators
            unknown += [f"the indicator {i} of {key}" for i in inner if i not in own]
    if unknown:
        msg = f"the weights {name!r} name {', '.join(unknown)}, which the methodology lacks"
        raise StatisticsError(msg)
    for what, weights in (("groups", value.groups), *value.indicators.items()):
        expected = methodology.group_keys if what == "groups" else ()
        own_keys = expected or (methodology.group(what).indicators if weights else ())
        if weights and (set(weights) != set(own_keys) or abs(sum(weights.values()) - 1) > 1e-6):
            msg = (
                f"the weights {name!r} of {what} must name all of "
                f"{', '.join(own_keys)} and sum to 1, not {sum(weights.values()):g}"
            )
            raise StatisticsError(msg)


def _is_own_weighting(value: object, methodology: Methodology) -> bool:
    assert isinstance(value, WeightsVariant)
    return all(
        abs(value.groups.get(g.key, g.weight) - g.weight) < 1e-9
        and all(
            abs(value.indicators.get(g.key, g.indicators)[key] - w) < 1e-9
            for key, w in g.indicators.items()
        )
        for g in methodology.groups
    )
