"""The models that every methodology is asked about: one factor, groups, a halo above or beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.factors.confirmatory.syntax import read_model

if TYPE_CHECKING:
    from clientindex.factors.confirmatory.spec import ModelSpec
    from clientindex.methodology import Methodology

STANDARD_MODELS = ("one_factor", "correlated", "second_order", "bifactor")

FEWEST_FIRST_ORDER = 3
"""Two factors have one covariance: it does not tell their two loadings on a third apart."""

PAIR = 2
GENERAL = "general"

ABSENT_REASONS = {
    "few_indicators": "a factor needs at least three indicators",
    "one_group": "there is one group: the model would be that of one factor",
    "few_groups": "a second-order factor needs at least three groups",
    "single_indicators": "every group has one indicator: the model would be that of one factor",
}
"""Why a standard model is not fitted: the key stands in ``detail`` of its row."""


def build_standard_models(methodology: Methodology) -> dict[str, ModelSpec]:
    """Build the models of the groups of a methodology.

    ``one_factor``: one factor for all indicators. ``correlated``: a factor a group, all correlated.
    ``second_order``: the factors of the groups are correlated because a general factor stands above
    them. ``bifactor``: every indicator measures a general factor and the factor of its group, all
    uncorrelated. Factors have variance 1, but for the groups' factors of ``second_order``: there
    the first loading is 1, so that a residual variance of a factor can be seen to be negative
    instead of driving loadings to infinity.

    Small groups need constraints to be identified. The factor of a group of one indicator *is*
    that indicator: residual variance 0 in ``correlated``; in ``second_order`` and ``bifactor`` it
    measures the general factor alone. A group of two in ``bifactor`` has equal loadings on its
    factor, because one covariance does not tell two loadings apart: they are 1 and the factor's
    variance is free, negative where the two are correlated less than the general factor says.

    Parameters
    ----------
    methodology : Methodology

    Returns
    -------
    dict
        Model by key of :data:`STANDARD_MODELS`, those of them that are identified; see
        :func:`explain_absent_models` for the others.
    """
    texts = _write_texts(methodology)
    absent = explain_absent_models(methodology)
    return {
        key: read_model(
            text,
            indicators=methodology.indicator_keys,
            std_lv=key != "second_order",
            orthogonal=key == "bifactor",
        )
        for key, text in texts.items()
        if key not in absent
    }


def explain_absent_models(methodology: Methodology) -> dict[str, str]:
    """Return the standard models that these groups do not identify, each with its reason.

    Returns
    -------
    dict
        Key of :data:`ABSENT_REASONS` by model.
    """
    sizes = [len(group.indicators) for group in methodology.groups]
    if sum(sizes) < FEWEST_FIRST_ORDER:
        return dict.fromkeys(STANDARD_MODELS, "few_indicators")
    absent = {}
    if len(sizes) == 1:
        absent["correlated"] = "one_group"
    if len(sizes) < FEWEST_FIRST_ORDER:
        absent["second_order"] = "few_groups"
    elif max(sizes) == 1:
        absent["second_order"] = "single_indicators"
    if len(sizes) == 1:
        absent["bifactor"] = "one_group"
    elif max(sizes) == 1:
        absent["bifactor"] = "single_indicators"
    return absent


def name_factors(methodology: Methodology) -> dict[str, str]:
    """Return the factor of every group: its key, made different from every indicator's.

    The general factor has the key ``""``.
    """
    taken = {*methodology.indicator_keys}
    names = {}
    for group in ("", *methodology.group_keys):
        name = group or GENERAL
        while name in taken or (not group and name in methodology.group_keys):
            name += "_factor"
        names[group] = name
        taken.add(name)
    return names


def _write_texts(methodology: Methodology) -> dict[str, str]:
    names = name_factors(methodology)
    members = {names[group.key]: list(group.indicators) for group in methodology.groups}
    groups = {factor: f"{factor} =~ " + " + ".join(keys) for factor, keys in members.items()}
    larger = {factor: keys for factor, keys in members.items() if len(keys) > 1}
    above = [factor if factor in larger else keys[0] for factor, keys in members.items()]
    whole = f"{names['']} =~ "
    everything = whole + " + ".join(methodology.indicator_keys)
    second_order = [
        *(groups[factor] for factor in larger),
        f"{whole}NA*" + " + ".join(above),
        f"{names['']} ~~ 1*{names['']}",
    ]
    beside = [
        _write_pair(factor, keys) if len(keys) == PAIR else groups[factor]
        for factor, keys in larger.items()
    ]
    return {
        "one_factor": everything,
        "correlated": "\n".join(groups.values()),
        "second_order": "\n".join(second_order),
        "bifactor": "\n".join([everything, *beside]),
    }


def _write_pair(factor: str, keys: list[str]) -> str:
    return f"{factor} =~ 1*{keys[0]} + 1*{keys[1]}\n{factor} ~~ NA*{factor}"
