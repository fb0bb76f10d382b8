"""Choices of method: the options of each, and which method and star rule a combination is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.sensitivity.runs.methods import IndexMethod

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.methodology.scoring_settings import Scoring
    from clientindex.methodology.sobol_settings import MethodAlternatives

OF_INDEX = ("aggregation", "normalise_groups", "missing_indicator", "missing_group")
STAR_RULE = "star_rule"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choices:
    """Options of every choice, the methodology's own first, and the methods they make.

    Attributes
    ----------
    options : dict of str to tuple of str
        By choice; those of `OF_INDEX`, then the star rule.
    methods : tuple of IndexMethod
        One a combination of options of the index, the methodology's own first.
    rescaled : tuple of bool
        Methods that bring groups to another scale than the methodology does.
    own_share : float or None
    """

    options: dict[str, tuple[str, ...]]
    methods: tuple[IndexMethod, ...]
    rescaled: tuple[bool, ...]
    own_share: float | None

    @property
    def open(self) -> tuple[str, ...]:
        """Choices that have more than one option."""
        return tuple(name for name, options in self.options.items() if len(options) > 1)

    def pick(self, uniform: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return method and star rule of R runs.

        Parameters
        ----------
        uniform : ndarray of shape (R, number of open choices)
            In [0, 1].
        """
        picked = {name: np.zeros(len(uniform), dtype=np.intp) for name in self.options}
        for column, name in enumerate(self.open):
            picked[name] = self._divide(uniform[:, column], len(self.options[name]))
        sizes = [len(self.options[name]) for name in OF_INDEX]
        method = np.ravel_multi_index([picked[name] for name in OF_INDEX], sizes)
        return np.asarray(method, dtype=np.intp), picked[STAR_RULE]

    def _divide(self, u: NDArray[np.float64], n: int) -> NDArray[np.intp]:
        own = 1 / n if self.own_share is None else self.own_share
        other = 1 + np.floor((u - own) / (1 - own) * (n - 1))
        return np.where(u < own, 0, np.clip(other, 1, n - 1)).astype(np.intp)


def list_choices(
    methodology: Methodology, alternatives: MethodAlternatives, *, idle: tuple[str, ...] = ()
) -> Choices:
    """List the options of every choice.

    Parameters
    ----------
    methodology : Methodology
    alternatives : MethodAlternatives
        What is the methodology's own again is left out, and what can never be combined with it:
        scores that may be negative (z scores of groups, the scale "standard") have no other mean
        than the arithmetic one.
    idle : tuple of str
        Choices that cannot change anything: they keep the methodology's own option.

    Raises
    ------
    StatisticsError
        If two alternatives cannot be combined, or the methodology has a mean that runs lack.
    """
    scoring = methodology.scoring
    own = _name_own(scoring) | {STAR_RULE: methodology.stars.rule}
    given = _drop_undefined(alternatives.model_dump(), scoring)
    options = {
        name: (first, *dict.fromkeys(o for o in given[name] if o != first and name not in idle))
        for name, first in own.items()
    }
    combined = [
        dict(zip(OF_INDEX, one, strict=True))
        for one in product(*(options[name] for name in OF_INDEX))
    ]
    return Choices(
        options=options,
        methods=tuple(_make_method(scoring, one) for one in combined),
        rescaled=tuple(one["normalise_groups"] != scoring.normalise_groups for one in combined),
        own_share=alternatives.own_share,
    )


def _drop_undefined(given: dict[str, Any], scoring: Scoring) -> dict[str, Any]:
    """Return alternatives without those that have no meaning beside the methodology's own."""
    ends = {scoring.mean_of(level).kind for level in ("index", "segments")}
    if scoring.normalise_groups == "z" or scoring.scale == "standard":
        return given | {"aggregation": ()}
    if ends != {"arithmetic"}:
        return given | {"normalise_groups": ()}
    return given


def _name_own(scoring: Scoring) -> dict[str, str]:
    kinds = [scoring.mean_of("group").kind, scoring.mean_of("index").kind]
    return {
        "aggregation": "/".join(dict.fromkeys(kinds)),
        "normalise_groups": scoring.normalise_groups,
        "missing_indicator": scoring.missing_indicator,
        "missing_group": scoring.missing_group,
    }


def _make_method(scoring: Scoring, chosen: dict[str, Any]) -> IndexMethod:
    kinds = chosen["aggregation"].split("/")
    return IndexMethod(
        group=kinds[0],
        index=kinds[-1],
        segments=scoring.mean_of("segments").kind,
        missing_indicator=chosen["missing_indicator"],
        missing_group=chosen["missing_group"],
        normalises=chosen["normalise_groups"] == "z",
    )
