"""From the text of a model to its specification."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientindex.errors import ModelSyntaxError
from clientindex.factors.confirmatory.spec import ModelSpec, Parameter
from clientindex.factors.confirmatory.syntax.defaults import Options, complete
from clientindex.factors.confirmatory.syntax.entries import list_entries
from clientindex.factors.confirmatory.syntax.names import check_names, find_factors
from clientindex.factors.confirmatory.syntax.statements import parse_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLE = "satisfaction =~ competence + respect + advice"


def read_model(
    text: str,
    *,
    indicators: Sequence[str],
    n_groups: int = 1,
    std_lv: bool = False,
    orthogonal: bool = False,
) -> ModelSpec:
    """Read a model written in the language of lavaan.

    ``f =~ x1 + x2`` says which indicators (or factors) measure a factor, ``a ~~ b`` names a
    variance or covariance, ``f ~ g`` a regression between factors, ``x ~ 1`` a mean or intercept,
    ``x | t1 + t2`` thresholds and ``x ~*~ x`` the scale of a latent response. Before a name may
    stand ``0.5*`` (fixed), ``NA*`` (free), ``a*`` (label; the same label means equal),
    ``start(0.7)*``, ``equal("f=~x1")*``, and for several groups ``c(1, NA)*`` or ``c(a, b)*``;
    one value holds for all groups. What the text does not say is filled in as lavaan's ``cfa()``
    does, see :mod:`~clientindex.factors.confirmatory.syntax.defaults`. A label that a fixed
    parameter shares fixes the others to the same value.

    A text speaks of answers, whichever moments the model is fitted to:
    :func:`~clientindex.factors.confirmatory.ordinal.make_ordinal` takes out what polychoric
    correlations do not determine.

    Parameters
    ----------
    text : str
    indicators : sequence of str
        Keys that the text may use.
    n_groups : int
    std_lv : bool
        Identify factors by a variance of 1 instead of a first loading of 1.
    orthogonal : bool
        Leave factors uncorrelated (a bifactor model) unless the text correlates them.

    Returns
    -------
    ModelSpec
        Indicators in the order of `indicators`, those that the text uses.

    Raises
    ------
    ModelSyntaxError
        If the text cannot be read; the message has line, column, what was read, what is allowed.

    Examples
    --------
    >>> spec = read_model("f =~ a + b + c", indicators=("a", "b", "c", "d"))
    >>> [f"{p.lhs} {p.op} {p.rhs}" for p in spec.parameters if p.free]
    ['f =~ b', 'f =~ c', 'a ~~ a', 'b ~~ b', 'c ~~ c', 'f ~~ f']
    """
    statements = parse_statements(text)
    if not statements:
        msg = f"the model is empty; write at least one factor, such as: {EXAMPLE}"
        raise ModelSyntaxError(msg)
    entries = list_entries(statements, n_groups=n_groups)
    check_names(entries, indicators=indicators)
    factors = find_factors(entries)
    if not factors:
        msg = f"the model has no factor; write at least one, such as: {EXAMPLE}"
        raise ModelSyntaxError(msg)
    named = {name for entry in entries for name in (entry.lhs, entry.rhs)}
    used = tuple(name for name in indicators if name in named)
    options = Options(n_groups=n_groups, std_lv=std_lv, orthogonal=orthogonal)
    parameters = _fix_tied(complete(entries, used, options))
    return ModelSpec(
        indicators=used, factors=factors, parameters=tuple(parameters), n_groups=n_groups
    )


def _fix_tied(parameters: list[Parameter]) -> list[Parameter]:
    """Fix the free parameters whose label stands at a fixed one too."""
    values: dict[str, float] = {}
    for parameter in parameters:
        if parameter.free or not parameter.label or parameter.value is None:
            continue
        if values.setdefault(parameter.label, parameter.value) != parameter.value:
            msg = (
                f"the label {parameter.label!r} makes parameters equal that are fixed to "
                f"{values[parameter.label]:g} and {parameter.value:g}; take one of them out"
            )
            raise ModelSyntaxError(msg)
    return [
        replace(p, free=False, value=values[p.label]) if p.free and p.label in values else p
        for p in parameters
    ]
