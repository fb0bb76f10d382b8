"""Read a ``.qmd`` file: what it says, where it says it, and nothing outside the subset.

Only constructs that Quarto and the embedded renderer treat alike are let through. Every piece
keeps its file and line, because an error that cannot be found in the source cannot be mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from clientindex.errors import RenderError
from clientindex.publishing.refusals import (
    blank_blocks,
    locate,
    refuse_constructs,
    refuse_footnotes_without_text,
    refuse_repeated_labels,
    refuse_shortcodes,
)
from clientindex.publishing.segments import Cell, Inline, Markdown, Place, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from clientindex.publishing.segments import Segment

CELL_OPTIONS: Final = frozenset(
    {"label", "fig-cap", "fig-alt", "tbl-cap", "echo", "output", "include", "tags"}
)
"""Cell options with the same meaning in both renderers."""

_FENCE: Final = re.compile(r"^\s{0,3}(?P<ticks>`{3,}|~{3,})(?P<info>.*)$")
_ENGINE: Final = re.compile(r"^\{(?P<engine>[A-Za-z]\w*)(?P<rest>[^}]*)\}$")
_INCLUDE: Final = re.compile(r"^\s*\{\{<\s*include\s+(?P<file>\S+)\s*>\}\}\s*$")
_PAGE_BREAK: Final = re.compile(r"^\s*\{\{<\s*pagebreak\s*>\}\}\s*$")
_INLINE: Final = re.compile(r"(?<!`)`\{(?P<engine>[A-Za-z]\w*)\}[ \t]+(?P<code>[^`]+)`(?!`)")
_OPTION: Final = re.compile(r"^#\s*\|\s?(?P<text>.*)$")


def parse_source(path: Path) -> Source:
    """Parse a document with everything that it includes.

    Parameters
    ----------
    path : Path
        The ``.qmd`` file.

    Returns
    -------
    Source

    Raises
    ------
    RenderError
        The file or an include is missing, an include is circular, or a construct is outside the
        subset; the message names construct, file and line.
    """
    lines = _read_lines(path, asked_by=None)
    front_matter, body_start = _split_front_matter(lines, file=path.name)
    reader = _Reader(root=path.parent)
    segments = tuple(
        reader.read(path, lines[body_start:], first_line=body_start + 1, chain=(path,))
    )
    refuse_repeated_labels(segments)
    refuse_footnotes_without_text(segments)
    return Source(front_matter=front_matter, segments=segments)


def split_front_matter(text: str, *, file: str) -> tuple[dict[str, object], str]:
    """Separate the YAML block from the body of a document.

    Parameters
    ----------
    text : str
        Whole file.
    file : str
        Name for error messages.

    Returns
    -------
    tuple[dict[str, object], str]
        Metadata and the text after the block.
    """
    lines = text.splitlines()
    metadata, start = _split_front_matter(lines, file=file)
    return metadata, "\n".join(lines[start:]) + "\n"


def load_yaml(text: str, *, place: Place) -> object:
    """Parse YAML, and say where it is wrong.

    Parameters
    ----------
    text : str
        YAML.
    place : Place
        Where the text begins.

    Returns
    -------
    object

    Raises
    ------
    RenderError
        The text is not YAML; the message names the line.
    """
    try:
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        offset = error.problem_mark.line if error.problem_mark is not None else 0
        where = Place(file=place.file, line=place.line + offset)
        msg = f"{where}: not valid YAML: {error.problem}"
        raise RenderError(msg) from error
    except YAMLError as error:
        msg = f"{place}: not valid YAML: {error}"
        raise RenderError(msg) from error


def _read_lines(path: Path, *, asked_by: Place | None) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        where = f"{asked_by}: included file" if asked_by is not None else "document"
        msg = f"{where} {path.name} does not exist"
        raise RenderError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path.name} is not UTF-8: byte {error.start}"
        raise RenderError(msg) from error


def _split_front_matter(lines: list[str], *, file: str) -> tuple[dict[str, object], int]:
    if not lines or lines[0].rstrip() != "---":
        return {}, 0
    end = next((i for i, s in enumerate(lines[1:], 1) if s.rstrip() in {"---", "..."}), None)
    if end is None:
        msg = f"{file}:1: the YAML block is not closed by ---"
        raise RenderError(msg)
    loaded = load_yaml("\n".join(lines[1:end]), place=Place(file=file, line=2))
    if not isinstance(loaded, dict | None):
        msg = f"{file}:2: the YAML block must be a list of key: value lines"
        raise RenderError(msg)
    return {str(k): v for k, v in (loaded or {}).items()}, end + 1


@dataclass(frozen=True, slots=True)
class _Reader:
    root: Path

    def read(
        self, path: Path, lines: list[str], *, first_line: int, chain: tuple[Path, ...]
    ) -> Iterator[Segment]:
        text: list[str] = []
        start = first_line
        numbered = iter(enumerate(lines, first_line))
        for number, line in numbered:
            place = Place(file=self._name(path), line=number)
            fence = _FENCE.match(line)
            include = _INCLUDE.match(line)
            if fence is not None:
                block = [line, *_until_fence_end(numbered, fence["ticks"], place)]
                if not _is_cell(fence["info"].strip(), place):
                    text.extend(block)
                    continue
            elif include is None:
                text.append(_page_break(line) or line)
                continue
            yield from _inline_parts(text, Place(file=place.file, line=start))
            text = []
            if fence is not None:
                yield _build_cell(block[1:-1], place)
                start = number + len(block)
            else:
                yield from self._include(path, str(include["file"]), place, chain)  # type: ignore[index]  # not None in this branch
                start = number + 1
        yield from _inline_parts(text, Place(file=self._name(path), line=start))

    def _include(
        self, path: Path, name: str, place: Place, chain: tuple[Path, ...]
    ) -> Iterator[Segment]:
        target = (path.parent / name).resolve()
        if target in {p.resolve() for p in chain}:
            names = " -> ".join(p.name for p in (*chain, target))
            msg = f"{place}: circular include: {names}"
            raise RenderError(msg)
        lines = _read_lines(target, asked_by=place)
        if lines and lines[0].rstrip() == "---":
            msg = f"{place}: included file {name} has a YAML block of its own; remove it"
            raise RenderError(msg)
        yield Markdown(text="\n", place=place)
        yield from self.read(target, lines, first_line=1, chain=(*chain, target))
        yield Markdown(text="\n", place=place)

    def _name(self, path: Path) -> str:
        root, full = self.root.resolve(), path.resolve()
        return full.relative_to(root).as_posix() if full.is_relative_to(root) else path.name


def _until_fence_end(
    numbered: Iterator[tuple[int, str]], ticks: str, place: Place
) -> Iterator[str]:
    closing = re.compile(rf"^\s{{0,3}}{re.escape(ticks[0])}{{{len(ticks)},}}\s*$")
    for _, line in numbered:
        yield line
        if closing.match(line):
            return
    msg = f"{place}: the code block is not closed"
    raise RenderError(msg)


def _is_cell(info: str, place: Place) -> bool:
    engine = _ENGINE.match(info)
    if engine is None:
        return False
    if engine["engine"] != "python":
        msg = f"{place}: cells of engine {{{engine['engine']}}} are not supported, only {{python}}"
        raise RenderError(msg)
    if engine["rest"].strip():
        msg = f"{place}: write cell options as '#|' lines, not as {info}"
        raise RenderError(msg)
    return True


def _page_break(line: str) -> str | None:
    return "\n::: {.page-break}\n:::\n" if _PAGE_BREAK.match(line) else None


def _build_cell(lines: list[str], place: Place) -> Cell:
    marked = 0
    while marked < len(lines) and _OPTION.match(lines[marked]):
        marked += 1
    texts = [m["text"] for s in lines[:marked] if (m := _OPTION.match(s)) is not None]
    options_place = Place(file=place.file, line=place.line + 1)
    options = load_yaml("\n".join(texts), place=options_place) if texts else {}
    if not isinstance(options, dict):
        msg = f"{options_place}: '#|' lines must be 'key: value'"
        raise RenderError(msg)
    _check_options(options, options_place)
    code_line = place.line + 1 + marked
    return Cell(code="\n".join(lines[marked:]), options=options, place=place, code_line=code_line)


def _check_options(options: Mapping[str, object], place: Place) -> None:
    unknown = sorted(str(k) for k in options if k not in CELL_OPTIONS)
    if unknown:
        known = ", ".join(sorted(CELL_OPTIONS))
        msg = f"{place}: cell option {unknown[0]!r} is not supported; supported: {known}"
        raise RenderError(msg)
    for name in ("echo", "include"):
        if not isinstance(options.get(name, False), bool):
            msg = f"{place}: cell option {name!r} must be true or false"
            raise RenderError(msg)
    if options.get("output", True) not in (True, False, "asis"):
        msg = f"{place}: cell option 'output' must be true, false or asis"
        raise RenderError(msg)


def _inline_parts(lines: list[str], start: Place) -> Iterator[Segment]:
    if not lines:
        return
    text = "\n".join(lines) + "\n"
    refuse_shortcodes(text, start)
    refuse_constructs(text, start)
    done = 0
    for match in _INLINE.finditer(blank_blocks(text)):
        place = locate(text, match.start(), start)
        if match["engine"] != "python":
            msg = f"{place}: inline code of engine {{{match['engine']}}} is not supported"
            raise RenderError(msg)
        yield Markdown(text=text[done : match.start()], place=locate(text, done, start))
        yield Inline(code=match["code"].strip(), place=place)
        done = match.end()
    yield Markdown(text=text[done:], place=locate(text, done, start))
