"""From a specification back to text."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from clientindex.factors.confirmatory.spec import Parameter
from clientindex.factors.confirmatory.syntax.entries import make_key
from clientindex.factors.confirmatory.syntax.read import read_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.factors.confirmatory.spec import ModelSpec

Key = tuple[str, str, str]


def format_model(spec: ModelSpec) -> str:
    """Return the text of a model: reading it again gives the same model.

    Loadings, regressions and means are written out; variances and covariances where they differ
    from what :func:`read_model` adds by itself. A covariance that the specification lacks is
    written as fixed to 0, as is a residual variance that only a text on answers has (a
    specification without any residual variance is ordinal and written without them).

    Parameters
    ----------
    spec : ModelSpec

    Returns
    -------
    str
        Lines joined by newlines, without one at the end.
    """
    own = _by_key(spec.parameters)
    text = _join({key: cells for key, cells in own.items() if key[1] != "~~"}, spec)
    read = read_model(text, indicators=spec.indicators, n_groups=spec.n_groups)
    differing = _find_differing(own, _by_key(read.parameters), spec)
    return f"{text}\n{_join(differing, spec)}" if differing else text


def _by_key(parameters: Sequence[Parameter]) -> dict[Key, list[Parameter]]:
    cells: dict[Key, list[Parameter]] = {}
    for parameter in sorted(parameters, key=lambda p: p.group):
        cells.setdefault(make_key(parameter.lhs, parameter.op, parameter.rhs), []).append(parameter)
    return cells


def _find_differing(
    own: dict[Key, list[Parameter]], read: dict[Key, list[Parameter]], spec: ModelSpec
) -> dict[Key, list[Parameter]]:
    """Return the variances and covariances, or means, that the text read back has otherwise."""
    observed = set(spec.indicators)
    ordinal = not any(make_key(name, "~~", name) in own for name in observed)
    differing = {}
    for key in dict.fromkeys((*own, *read)):
        lhs, op, rhs = key
        if ordinal and key not in own and lhs in observed and (op == "~1" or lhs == rhs):
            continue
        is_new = op == "~1" and key not in own
        if (op == "~~" or is_new) and own.get(key) != read.get(key):
            differing[key] = own.get(key, [])
    return differing


def _join(parts: dict[Key, list[Parameter]], spec: ModelSpec) -> str:
    first = {key[0]: key for key in reversed(parts) if key[1] == "=~"}
    lines = []
    for (lhs, op), keys in groupby(parts, key=lambda key: key[:2]):
        terms = []
        for key in keys:
            by_group = {cell.group: cell for cell in parts[key]}
            absent = Parameter(lhs=lhs, op="~~", rhs=lhs, free=False, value=0.0)
            cells = [by_group.get(group, absent) for group in range(spec.n_groups)]
            marker = first.get(lhs) == key
            terms.append(_write_modifiers(cells, op, marker=marker) + (key[2] or "1"))
        lines.append(f"{lhs} {'~' if op == '~1' else op} " + " + ".join(terms))
    return "\n".join(lines)


def _write_modifiers(cells: list[Parameter], op: str, *, marker: bool) -> str:
    values = [None if cell.free else cell.value for cell in cells]
    told = op == "~~" or any(value != (1.0 if marker else None) for value in values)
    text = _write_values(["NA" if value is None else f"{value:.10g}" for value in values], told)
    labels = [cell.label for cell in cells]
    if any(labels):
        text += _write_values(
            [label if _is_name(label) else f'"{label}"' for label in labels], True
        )
    starts = [cell.value for cell in cells if cell.free and cell.value is not None]
    if starts and len(starts) == len(cells):
        text += f"start({', '.join(f'{value:.10g}' for value in starts)})*"
    return text


def _is_name(label: str) -> bool:
    return label.isidentifier() and label != "NA"


def _write_values(values: list[str], told: bool) -> str:
    if not told:
        return ""
    return f"{values[0]}*" if len(set(values)) == 1 else f"c({', '.join(values)})*"
