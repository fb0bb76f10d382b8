"""Read a YAML file that people wrote: every way it can be unreadable is told in words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from clientindex.settings.fault import find_nearest

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.errors import ClientIndexError
    from clientindex.settings.fault import Location

MOST_VALUES: Final = 100_000
"""Keys and values that a file may have once its aliases are written out."""

FILES_KEPT: Final = 16
"""Files that are not parsed again while their text is the same."""

_MAYBE_TRICK: Final = re.compile(r"(?:^|[\s\[{,:-])[!&*]\S")
"""What every tag, anchor and alias looks like, and some plain texts too."""


def read_yaml(path: Path, *, error: type[ClientIndexError]) -> Any:
    """Read a YAML file of keys and values, keeping the line of every key.

    Raises
    ------
    ClientIndexError
        Of class `error`, if the file is absent, not UTF-8, not YAML or not keys and values.
    """
    document = _parse(_read_text(path, error=error), path, error=error)
    if not isinstance(document, dict):
        kind = _describe_kind(document)
        msg = f"{path}: read {kind}; expected keys and values at the top of the file."
        raise error(msg)
    return document


def _read_text(path: Path, *, error: type[ClientIndexError]) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
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


def _parse(text: str, path: Path, *, error: type[ClientIndexError]) -> Any:
    try:
        _refuse_tricks(text, path, error=error)
        return _load(text)
    except DuplicateKeyError as exc:
        problem = str(exc.problem).split(" with value")[0]
        where = f"{path}{_place(exc, column=False)}"
        msg = f"{where}: {problem}; a key may stand only once. Remove or rename one of them."
    except MarkedYAMLError as exc:
        where = f"{path}{_place(exc, column=True)}"
        msg = f"{where}: not valid YAML ({exc.problem}). Check indentation, colons and quotes."
    except YAMLError as exc:
        msg = f"{path}: not valid YAML ({exc}). Check indentation, colons and quotes."
    except ValueError:
        msg = f"{path}{_find_impossible(text)}: no such date or number. Correct it."
    raise error(msg)


@lru_cache(maxsize=FILES_KEPT)
def _load(text: str) -> Any:
    """Load a text once: a run reads its settings again and again, to see whether they changed.

    Whoever gets the document leaves it as it is.
    """
    return YAML(typ="rt").load(text)


def _refuse_tricks(text: str, path: Path, *, error: type[ClientIndexError]) -> None:
    """Refuse tags, which could name code, and aliases that repeat values without bounds."""
    if not _MAYBE_TRICK.search(text):
        return
    has_aliases = False
    for event in YAML(typ="rt", pure=True).parse(text):
        has_aliases = has_aliases or isinstance(event, AliasEvent)
        if getattr(event, "ctag", None) is not None and str(event.ctag) not in ("None", ""):
            line = event.start_mark.line + 1
            msg = (
                f"{path}, line {line}: read the tag {event.ctag}; settings are plain keys and "
                "values. Remove it."
            )
            raise error(msg)
    line = _find_growing(YAML(typ="rt", pure=True).compose(text)) if has_aliases else 0
    if line:
        msg = (
            f"{path}, line {line}: aliases repeat values here more than {MOST_VALUES} times, or "
            "one holds itself. Write the values out."
        )
        raise error(msg)


def _find_growing(root: Any) -> int:
    """Return the line of the first value that aliases make too large, 0 where none does."""
    sizes: dict[int, int] = {}
    growing = 0

    def measure(node: Any) -> int:
        nonlocal growing
        if id(node) in sizes:
            return sizes[id(node)]
        sizes[id(node)] = MOST_VALUES + 1
        size = 1 + sum(measure(child) for child in _list_children(node))
        sizes[id(node)] = size
        if size > MOST_VALUES and not growing:
            growing = node.start_mark.line + 1
        return size

    measure(root)
    return growing


def _list_children(node: Any) -> list[Any]:
    if not isinstance(node.value, list):
        return []
    return [part for item in node.value for part in (item if node.id == "mapping" else [item])]


def _place(exc: MarkedYAMLError, *, column: bool) -> str:
    mark = exc.problem_mark
    if mark is None:
        return ""
    return f", line {mark.line + 1}" + (f", column {mark.column + 1}" if column else "")


def _find_impossible(text: str) -> str:
    """Return the line and the words of the first value that looks like a date or number only."""
    yaml = YAML(typ="rt")
    pending = [yaml.compose(text)]
    while pending:
        node = pending.pop(0)
        if isinstance(node.value, list):
            pending = [*_list_children(node), *pending]
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


def to_plain(node: Any) -> Any:
    """Turn ruamel's commented containers and scalars into plain Python ones."""
    if isinstance(node, dict):
        return {to_plain(key): to_plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [to_plain(item) for item in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def find_line(document: Any, location: Location) -> int | None:
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
