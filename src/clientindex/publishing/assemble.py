"""Put prose and cell outputs together into one Markdown text that Pandoc reads once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError
from clientindex.publishing.segments import Cell, Inline, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from clientindex.publishing.execute import Output
    from clientindex.publishing.segments import Source

FIGURES: Final = "rendered-figures"
"""Folder for captured figures inside the staged folder."""

_FENCE: Final = ":::::::::"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Markdown with its origin.

    Attributes
    ----------
    text : str
        Markdown.
    place : Place
        First line in the source; for output of a cell, the line of the cell.
    is_output : bool
        True when a cell produced the text, so that its lines are not lines of the source.
    """

    text: str
    place: Place
    is_output: bool


def assemble(
    source: Source, outputs: Mapping[int, Sequence[Output]], *, folder: Path, echo: bool
) -> tuple[Piece, ...]:
    """Replace cells and inline expressions by what they showed.

    Parameters
    ----------
    source : Source
        Parsed document.
    outputs : Mapping[int, Sequence[Output]]
        From :func:`clientindex.publishing.execute.execute_source`.
    folder : Path
        Staged folder; figures are written into a folder below it.
    echo : bool
        Whether code is shown where a cell does not say.

    Returns
    -------
    tuple[Piece, ...]
        In reading order; their texts joined are the document.

    Raises
    ------
    RenderError
        A labelled cell shows no figure or table, several figures, or lacks caption or alt text.
    """
    (folder / FIGURES).mkdir(exist_ok=True)
    pieces: list[Piece] = []
    for index, segment in enumerate(source.segments):
        if isinstance(segment, Cell):
            name = segment.label or f"cell-{index}"
            text = _cell_text(segment, outputs[index], folder / FIGURES / name, echo=echo)
            pieces.append(Piece(text=text, place=segment.place, is_output=True))
        elif isinstance(segment, Inline):
            text = _inline_text(segment, outputs[index])
            pieces.append(Piece(text=text, place=segment.place, is_output=True))
        else:
            pieces.append(Piece(text=segment.text, place=segment.place, is_output=False))
    return tuple(pieces)


def join_pieces(pieces: Sequence[Piece]) -> str:
    """Return the Markdown of the whole document."""
    return "".join(piece.text for piece in pieces)


def locate(pieces: Sequence[Piece], *needles: str) -> str:
    """Say where a text stands in the source.

    Parameters
    ----------
    pieces : Sequence[Piece]
        The document.
    *needles : str
        Spellings to look for, best first.

    Returns
    -------
    str
        ``file:line``, or the file alone when no spelling occurs.
    """
    for needle in needles:
        for piece in pieces:
            before, found, _ = piece.text.partition(needle)
            if found:
                line = piece.place.line + (0 if piece.is_output else before.count("\n"))
                return str(Place(file=piece.place.file, line=line))
    return pieces[0].place.file if pieces else ""


def name_line(pieces: Sequence[Piece], line: int) -> str:
    """Say which place of the source a line of the assembled text comes from.

    Parameters
    ----------
    pieces : Sequence[Piece]
        The document.
    line : int
        Line of the joined text, from 1.

    Returns
    -------
    str
        ``file:line``.
    """
    passed = 1
    for piece in pieces:
        count = piece.text.count("\n")
        if line < passed + count or piece is pieces[-1]:
            offset = 0 if piece.is_output else line - passed
            return str(Place(file=piece.place.file, line=piece.place.line + offset))
        passed += count
    return ""


def _inline_text(inline: Inline, outputs: Sequence[Output]) -> str:
    texts = [o.text for o in outputs if o.kind == "markdown"]
    if len(texts) != 1 or len(outputs) != 1:
        msg = f"{inline.place}: inline `{inline.code}` must give one value and print nothing"
        raise RenderError(msg)
    return texts[0]


def _cell_text(cell: Cell, outputs: Sequence[Output], stem: Path, *, echo: bool) -> str:
    if cell.options.get("include") is False:
        return ""
    shown = [] if cell.options.get("output") is False else list(outputs)
    code = _code_block(cell.code, "python") if cell.options.get("echo", echo) else ""
    _check_figures(cell, shown)
    parts = [_output_text(cell, output, stem) for output in shown]
    return "\n" + code + _captioned(cell, parts) + "\n"


def _check_figures(cell: Cell, outputs: Sequence[Output]) -> None:
    figures = sum(output.kind == "figure" for output in outputs)
    if cell.label.startswith("fig-") and figures != 1:
        msg = f"{cell.place}: cell {cell.label!r} must show one figure, it shows {figures}"
        raise RenderError(msg)
    if figures > 1:
        msg = f"{cell.place}: a cell may show one figure, this one shows {figures}"
        raise RenderError(msg)
    if figures and not cell.options.get("fig-alt"):
        msg = f"{cell.place}: the figure has no 'fig-alt', the text read out instead of it"
        raise RenderError(msg)
    if figures and cell.options.get("fig-cap") and not cell.label.startswith("fig-"):
        msg = f"{cell.place}: a figure with 'fig-cap' needs a label of the form fig-..."
        raise RenderError(msg)


def _output_text(cell: Cell, output: Output, stem: Path) -> str:
    if output.kind == "markdown":
        return output.text
    if output.kind == "text":
        return _code_block(output.text, "")
    stem.with_suffix(".svg").write_text(output.svg, encoding="utf-8")
    stem.with_suffix(".png").write_bytes(output.png)
    alt = " ".join(str(cell.options["fig-alt"]).split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'![]({FIGURES}/{stem.name}.svg){{fig-alt="{alt}"}}\n'


def _captioned(cell: Cell, parts: Sequence[str]) -> str:
    body = "\n\n".join(part.strip("\n") for part in parts)
    kind = cell.label.partition("-")[0]
    if kind not in {"fig", "tbl"}:
        return f"{body}\n"
    caption = str(cell.options.get(f"{kind}-cap") or "").strip()
    if not caption:
        msg = f"{cell.place}: cell {cell.label!r} has no '{kind}-cap'"
        raise RenderError(msg)
    return f"\n{_FENCE} {{#{cell.label}}}\n\n{body}\n\n{caption}\n\n{_FENCE}\n"


def _code_block(text: str, language: str) -> str:
    ticks = "`" * max([3, *(n + 1 for n in _tick_runs(text))])
    return f"\n{ticks}{language}\n{text.rstrip()}\n{ticks}\n"


def _tick_runs(text: str) -> Iterator[int]:
    run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        yield run
