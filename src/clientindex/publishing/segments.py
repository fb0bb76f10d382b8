"""What a document consists of, each piece with its file and line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line of a source file.

    Attributes
    ----------
    file : str
        Path relative to the folder of the document.
    line : int
        Line number, from 1.
    """

    file: str
    line: int

    def __str__(self) -> str:
        """Return ``file:line``."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Markdown:
    """A run of Markdown between cells and inline expressions."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """An inline expression, `` `{python} code` `` in the source."""

    code: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A Python cell.

    Attributes
    ----------
    code : str
        Code without the ``#|`` lines.
    options : Mapping[str, object]
        Parsed ``#|`` lines.
    place : Place
        Line of the opening fence.
    code_line : int
        Line of the first line of ``code`` in the same file.
    """

    code: str
    options: Mapping[str, object]
    place: Place
    code_line: int

    @property
    def label(self) -> str:
        """Return the label, or an empty string."""
        return str(self.options.get("label", ""))

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the tags, none when the option is absent."""
        tags = self.options.get("tags", [])
        return tuple(map(str, tags)) if isinstance(tags, list) else (str(tags),)


Segment = Markdown | Inline | Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A parsed document.

    Attributes
    ----------
    front_matter : Mapping[str, object]
        YAML block at the top of the main file.
    segments : tuple[Segment, ...]
        Content in reading order, includes resolved.
    """

    front_matter: Mapping[str, object]
    segments: tuple[Segment, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return the Python cells in order."""
        return tuple(s for s in self.segments if isinstance(s, Cell))
