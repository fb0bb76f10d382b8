"""Read a YAML settings file into a pydantic model, and say exactly where it is wrong.

Methodology and edition files are written by people who are not programmers. Every fault therefore
names the file, the line, the key path, what was read, what is allowed and the nearest valid key,
and all faults of a file are reported together.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from clientindex.errors import ClientIndexError

Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class Settings(BaseModel):
    """Base of every settings model: frozen, and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingFault:
    """One fault of a settings file.

    Attributes
    ----------
    location : tuple of str or int
        Key path from the top of the file; list positions count from 0.
    read : str
        What stands in the file.
    allowed : str
        What may stand there.
    nearest : str or None
        The valid key closest in spelling, when there is one.
    line : int or None
        Line in the file, counted from 1.
    """

    location: Location
    read: str
    allowed: str
    nearest: str | None = None
    line: int | None = None

    def to_text(self, path: Path) -> str:
        """Return the fault as one sentence for people."""
        where = f"{path}, line {self.line}" if self.line is not None else str(path)
        hint = f"; did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{where}: {format_location(self.location)}: read {self.read}; {self.allowed}{hint}"


def format_location(location: Location) -> str:
    """Return a key path as people write it, e.g. ``groups[0].weight``."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text or "(whole file)"


def find_nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate closest in spelling to `word`, or None when none is close."""
    matches = difflib.get_close_matches(word, list(candidates), n=1, cutoff=0.6)
    return matches[0] if matches else None


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
    document = _parse_yaml(path, error=error)
    try:
        settings = model.model_validate(_to_plain(document), context=context)
    except ValidationError as exc:
        faults = [_fault_from_pydantic(detail, model) for detail in exc.errors()]
        raise error(_describe(path, faults, document)) from None
    found = check(settings)
    if found:
        raise error(_describe(path, found, document))
    return settings


def _parse_yaml(path: Path, *, error: type[ClientIndexError]) -> Any:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        near = find_nearest(path.name, (p.name for p in path.parent.glob("*.y*ml")))
        hint = f"; did you mean {near!r}?" if near else ""
        msg = f"{path}: no such file{hint}. Expected a YAML settings file."
        raise error(msg) from None
    except OSError as exc:
        msg = f"{path}: cannot be read ({exc.strerror}). Expected a YAML settings file."
        raise error(msg) from None
    except UnicodeDecodeError as exc:
        msg = f"{path}: byte {exc.start} is not UTF-8. Save the file as UTF-8 and try again."
        raise error(msg) from None
    try:
        document = YAML(typ="rt").load(text)
    except DuplicateKeyError as exc:
        mark = exc.problem_mark
        line = f", line {mark.line + 1}" if mark else ""
        problem = str(exc.problem).split(" with value")[0]
        msg = f"{path}{line}: {problem}; a key may stand only once. Remove or rename one of them."
        raise error(msg) from None
    except MarkedYAMLError as exc:
        mark = exc.problem_mark
        line = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        msg = f"{path}{line}: not valid YAML ({exc.problem}). Check indentation, colons and quotes."
        raise error(msg) from None
    except YAMLError as exc:
        msg = f"{path}: not valid YAML ({exc}). Check indentation, colons and quotes."
        raise error(msg) from None
    except ValueError:
        msg = f"{path}{_find_impossible(text)}: no such date or number. Correct it."
        raise error(msg) from None
    if not isinstance(document, dict):
        kind = _describe_kind(document)
        msg = f"{path}: read {kind}; expected keys and values at the top of the file."
        raise error(msg)
    return document


def _find_impossible(text: str) -> str:
    """Return the line and the words of the first value that looks like a date or number only."""
    yaml = YAML(typ="rt")
    pending = [yaml.compose(text)]
    while pending:
        node = pending.pop(0)
        if isinstance(node.value, list):
            children = [
                part for item in node.value for part in (item if node.id == "mapping" else [item])
            ]
            pending = [*children, *pending]
            continue
        try:
            yaml.constructor.construct_object(node)
        except ValueError:
            return f", line {node.start_mark.line + 1}: read {node.value[:40]!r}"
    return ""


def _describe_kind(document: Any) -> str:
    if document is None:
        return "an empty file"
    return "a list" if isinstance(document, list) else f"the single value {document!r}"


def _to_plain(node: Any) -> Any:
    """Turn ruamel's commented containers and scalars into plain Python ones."""
    if isinstance(node, dict):
        return {_to_plain(key): _to_plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_to_plain(item) for item in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _describe(path: Path, faults: Sequence[SettingFault], document: Any) -> str:
    lines = [
        SettingFault(
            location=fault.location,
            read=fault.read,
            allowed=fault.allowed,
            nearest=fault.nearest,
            line=_find_line(document, fault.location),
        ).to_text(path)
        for fault in faults
    ]
    head = f"{path}: {len(lines)} fault{'s' if len(lines) > 1 else ''}"
    return "\n".join([head, *(f"  - {line}" for line in lines)])


def _find_line(document: Any, location: Location) -> int | None:
    """Return the 1-based line of the deepest part of `location` that stands in the file."""
    node, line = document, None
    for part in location:
        try:
            marks: Any = node.lc
            position = marks.key(part) if isinstance(node, dict) else marks.item(part)
            node = node[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
        line = position[0] + 1
    return line


def _fault_from_pydantic(detail: Mapping[str, Any], model: type[BaseModel]) -> SettingFault:
    location: Location = tuple(part for part in detail["loc"] if part != "[key]")
    kind = detail["type"]
    if kind == "extra_forbidden":
        allowed = sorted(_known_keys(model, location[:-1]))
        return SettingFault(
            location=location,
            read=f"the unknown key {location[-1]!r}",
            allowed=f"allowed here: {', '.join(allowed)}",
            nearest=find_nearest(str(location[-1]), allowed),
        )
    if kind == "missing":
        return SettingFault(location=location, read="nothing", allowed="this key is required")
    return SettingFault(
        location=location,
        read=repr(detail.get("input")),
        allowed=str(detail["msg"]).removeprefix("Value error, "),
        nearest=_nearest_choice(detail),
    )


def _nearest_choice(detail: Mapping[str, Any]) -> str | None:
    expected = str(detail.get("ctx", {}).get("expected", ""))
    choices = [part.strip(" '\"") for part in expected.replace(" or ", ",").split(",")]
    return find_nearest(str(detail.get("input")), choices)


def _known_keys(model: type[BaseModel], location: Location) -> list[str]:
    """Return the keys that the model at `location` accepts."""
    current: type[BaseModel] = model
    for part in location:
        if isinstance(part, int):
            continue
        field = _field_of(current, part)
        nested = _nested_models(field.annotation) if field is not None else []
        if nested:
            current = nested[0]
    return [field.alias or name for name, field in current.model_fields.items()]


def _field_of(model: type[BaseModel], key: str) -> Any:
    for name, field in model.model_fields.items():
        if key in (name, field.alias):
            return field
    return None


def _nested_models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _nested_models(part)]
