"""Constructs that some format or renderer would lose: each is an error with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError
from clientindex.publishing.segments import Cell, Markdown, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.publishing.segments import Segment

_SHORTCODE: Final = re.compile(r"\{\{<\s*(?P<name>[\w-]+)?")
_CODE_SPAN: Final = re.compile(r"(?s)(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_NOTE: Final = re.compile(r"(?<!\\)\[\^(?P<key>[^\]\s]+)\](?P<defines>:)?")
_FENCED: Final = re.compile(r"(?ms)^\s{0,3}(`{3,}|~{3,}).*?^\s{0,3}\1\s*$")
_LABEL: Final = re.compile(r"(?<!\\)\{#(?P<label>[\w:.-]+)")
_REFUSED: Final = (
    (
        re.compile(
            r"(?<![^\n]\n)^---[ \t]*\n(?=[^\s-])[^\n]*:.*?^(?:---|\.\.\.)[ \t]*$", re.M | re.S
        ),
        "a YAML block may stand only at the top of a document, elsewhere Quarto would hide it",
    ),
    (
        re.compile(r"(?<=\$\$)[ \t]*\{#eq-[^}\n]*"),
        "labels of equations ({#eq-...}) are not supported",
    ),
)


def refuse_shortcodes(text: str, start: Place) -> None:
    """Refuse shortcodes but those that were read before."""
    match = _SHORTCODE.search(_without_code(text))
    if match is not None:
        place = locate(text, match.start(), start)
        msg = f"{place}: shortcode {{{{< {match['name'] or ''} >}}}} is not supported here"
        raise RenderError(msg)


def refuse_constructs(text: str, start: Place) -> None:
    """Refuse what one of the renderers would drop or hide."""
    for pattern, trouble in _REFUSED:
        match = pattern.search(_without_code(text))
        if match is not None:
            msg = f"{locate(text, match.start(), start)}: {trouble}"
            raise RenderError(msg)


def refuse_footnotes_without_text(segments: tuple[Segment, ...]) -> None:
    """Refuse a footnote without its text, which Pandoc would print as it is written."""
    texts = [(s, _without_code(s.text)) for s in segments if isinstance(s, Markdown)]
    notes = [(s, text, m) for s, text in texts for m in _NOTE.finditer(text)]
    defined = {m["key"] for _, text, m in notes if _defines(text, m)}
    for segment, text, match in notes:
        if match["key"] not in defined:
            place = locate(text, match.start(), segment.place)
            msg = f"{place}: footnote {match[0].rstrip(':')} has no text"
            raise RenderError(msg)


def _defines(text: str, match: re.Match[str]) -> bool:
    return bool(match["defines"]) and text[: match.start()].rpartition("\n")[2].strip() == ""


def blank_blocks(text: str) -> str:
    """Blank out code blocks, length kept."""
    return _FENCED.sub(_blank, text)


def _without_code(text: str) -> str:
    """Blank out code spans and blocks, length kept, so that examples may show shortcodes."""
    return _CODE_SPAN.sub(_blank, blank_blocks(text))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def locate(text: str, position: int, start: Place) -> Place:
    """Return the place of a position in a text that begins at another place."""
    return Place(file=start.file, line=start.line + text.count("\n", 0, position))


def refuse_repeated_labels(segments: tuple[Segment, ...]) -> None:
    """Refuse a label that two places have."""
    seen: dict[str, Place] = {}
    for label, place in _list_labels(segments):
        if label in seen:
            msg = f"{place}: label {label!r} is already used at {seen[label]}"
            raise RenderError(msg)
        seen[label] = place


def _list_labels(segments: tuple[Segment, ...]) -> Iterator[tuple[str, Place]]:
    for segment in segments:
        if isinstance(segment, Cell) and segment.label:
            yield segment.label, segment.place
        elif isinstance(segment, Markdown):
            text = _without_code(segment.text)
            for match in _LABEL.finditer(text):
                yield match["label"], locate(text, match.start(), segment.place)
