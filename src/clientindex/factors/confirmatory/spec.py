"""A confirmatory model as a list of parameters: what the syntax is read into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Operator = Literal["=~", "~~", "~", "~1", "|", "~*~"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a model in one group of respondents.

    Attributes
    ----------
    lhs, op, rhs : str
        As in lavaan: ``f =~ x`` loading of x on f, ``a ~~ b`` (co)variance, ``y ~ x`` regression of
        y on x, ``x ~1`` mean or intercept (rhs ""), ``x | t1`` threshold, ``x ~*~ x`` scale of
        the latent response of an ordinal indicator (1 / its standard deviation).
    group : int
        0 for a model of one group.
    free : bool
    value : float or None
        Fixed value; for a free parameter its start, or None to leave it to the program.
    label : str
        Free parameters with the same label are equal, within and between groups; "" for none.
    """

    lhs: str
    op: Operator
    rhs: str
    group: int = 0
    free: bool = True
    value: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """A complete model: every loading, variance and covariance that is free or not zero.

    Attributes
    ----------
    indicators : tuple of str
        Observed variables in the order of the moments' indicators (a subset is allowed).
    factors : tuple of str
        Latent variables in order of appearance.
    parameters : tuple of Parameter
        What is absent is fixed to 0. Means and intercepts, thresholds and scales are absent from a
        model without a mean structure; they are then saturated and do not enter the fit.
    n_groups : int
    """

    indicators: tuple[str, ...]
    factors: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    n_groups: int = 1
