"""Read a YAML settings file into a pydantic model, and say exactly where it is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from clientindex.settings.model_fault import make_fault
from clientindex.settings.yaml_file import find_line, read_yaml, to_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from clientindex.errors import ClientIndexError
    from clientindex.settings.fault import SettingFault

Model = TypeVar("Model", bound=BaseModel)


class Settings(BaseModel):
    """Base of every settings model: frozen, and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def read_settings(
    path: Path,
    model: type[Model],
    *,
    error: type[ClientIndexError],
    check: Callable[[Model], Sequence[SettingFault]],
    context: Mapping[str, Any] | None = None,
) -> Model:
    """Read `path` as YAML, validate it against `model`, then run the cross-checks.

    Parameters
    ----------
    path : Path
        The settings file, UTF-8.
    model : type
        Pydantic model of the whole file.
    error : type
        Error class raised for every fault.
    check : callable
        Takes the validated model and returns the faults that no single field can see.
    context : mapping, optional
        Passed to pydantic validators (e.g. the folder that relative paths start from).

    Raises
    ------
    ClientIndexError
        Of class `error`, listing all faults with their lines.
    """
    document = read_yaml(path, error=error)
    try:
        settings = model.model_validate(to_plain(document), context=context)
    except ValidationError as exc:
        faults = [make_fault(detail, model) for detail in exc.errors()]
        raise error(_describe(path, faults, document)) from None
    found = check(settings)
    if found:
        raise error(_describe(path, found, document))
    return settings


def _describe(path: Path, faults: Sequence[SettingFault], document: Any) -> str:
    lines = [
        replace(fault, line=find_line(document, fault.location)).to_text(path) for fault in faults
    ]
    head = f"{path}: {len(lines)} fault{'s' if len(lines) > 1 else ''}"
    return "\n".join([head, *(f"  - {line}" for line in lines)])
