"""Run the cells and inline expressions of a document once and return what they showed."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from clientindex.errors import RenderError
from clientindex.publishing.kernel import run_in_kernel
from clientindex.publishing.segments import Cell, Inline, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nbclient import NotebookClient

    from clientindex.publishing.segments import Source

_INLINE: Final = (
    "__import__('clientindex.publishing.inline', fromlist=['as_markdown']).as_markdown(\n{code}\n)"
)
_CELL_LINE: Final = re.compile(r"(?:Cell )?In\s?\[\d+\], line (\d+)")
_ANSI: Final = re.compile(r"\x1b\[[0-9;]*m")
_WARNING: Final = re.compile(r"\b\w*Warning: .+")
_SILENT_RESULT: Final = re.compile(r"^[\[(]?<(matplotlib|Axes|Figure)|^\[?Text\(")

OutputKind = Literal["markdown", "text", "figure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One thing that a cell showed.

    Attributes
    ----------
    kind : {"markdown", "text", "figure"}
        Markdown and text are in ``text``; a figure is in ``svg`` and ``png``.
    text, svg : str
        Content, empty for the other kind.
    png : bytes
        The same figure at ``FIGURE_DPI``.
    """

    kind: OutputKind
    text: str = ""
    svg: str = ""
    png: bytes = b""


def execute_source(source: Source, *, folder: Path, timestamp: int) -> Mapping[int, list[Output]]:
    """Run a document.

    Parameters
    ----------
    source : Source
        Parsed document.
    folder : Path
        Working directory of the kernel.
    timestamp : int
        SOURCE_DATE_EPOCH for the cells.

    Returns
    -------
    Mapping[int, list[Output]]
        Outputs by position of the cell or inline expression among the segments.

    Raises
    ------
    RenderError
        A cell raises, warns, writes to standard error, shows something that not all formats can
        hold, takes longer than ``CELL_TIMEOUT_S``, or the kernel dies; the message has file, line,
        label and the last line of the traceback.
    """
    runnable = {i: s for i, s in enumerate(source.segments) if isinstance(s, Cell | Inline)}
    if not runnable:
        return {}
    notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]  # nbformat has no annotations
    new_cell: Any = nbformat.v4.new_code_cell
    notebook.cells = [new_cell(_code(segment)) for segment in runnable.values()]

    async def run_all(client: NotebookClient) -> dict[int, list[Any]]:
        return {
            index: await _run(client, position, segment)
            for position, (index, segment) in enumerate(runnable.items())
        }

    raw = run_in_kernel(notebook, run_all, folder=folder, timestamp=timestamp)
    return {index: list(_outputs(raw[index], runnable[index])) for index in runnable}


def _code(segment: Cell | Inline) -> str:
    return segment.code if isinstance(segment, Cell) else _INLINE.format(code=segment.code)


async def _run(client: NotebookClient, position: int, segment: Cell | Inline) -> list[Any]:
    cell = client.nb.cells[position]
    try:
        await client.async_execute_cell(cell, position)
    except CellExecutionError as error:
        raise _failure(segment, cell.outputs, f"{error.ename}: {error.evalue}") from error
    except (CellTimeoutError, DeadKernelError, TimeoutError) as error:
        raise _failure(segment, [], f"the kernel stopped or took too long: {error}") from error
    complaint = "".join(o.text for o in cell.outputs if o.get("name") == "stderr").strip()
    if complaint:
        raise _failure(segment, [], f"wrote to standard error: {_gist(complaint)}")
    return list(cell.outputs)


def _failure(segment: Cell | Inline, outputs: list[Any], reason: str) -> RenderError:
    last = _ANSI.sub("", reason).strip().splitlines()
    if isinstance(segment, Inline):
        return RenderError(f"{segment.place}: inline `{segment.code}`: {last[0]}")
    line = _line_in_cell(outputs)
    where = Place(file=segment.place.file, line=segment.code_line + line - 1)
    named = f"cell {segment.label!r}" if segment.label else "cell"
    return RenderError(f"{where if line else segment.place}: {named}: {last[0]}")


def _line_in_cell(outputs: list[Any]) -> int:
    frames = [_ANSI.sub("", text) for o in outputs for text in o.get("traceback", [])]
    found = [int(m[1]) for text in frames for m in _CELL_LINE.finditer(text)]
    return found[0] if found else 0


def _gist(complaint: str) -> str:
    warning = _WARNING.search(complaint)
    return warning[0] if warning is not None else complaint.splitlines()[-1]


def _outputs(raw: list[Any], segment: Cell | Inline) -> Iterator[Output]:
    asis = isinstance(segment, Cell) and segment.options.get("output") == "asis"
    has_figure = any("image/svg+xml" in o.get("data", {}) for o in raw)
    for output in raw:
        if output.output_type == "stream":
            yield Output(kind="markdown" if asis else "text", text=output.text)
        elif output.output_type in {"display_data", "execute_result"}:
            yield from _rich_output(output.data, segment, has_figure=has_figure)


def _rich_output(
    data: Mapping[str, str], segment: Cell | Inline, *, has_figure: bool
) -> Iterator[Output]:
    if "image/svg+xml" in data:
        png = base64.b64decode(data.get("image/png", ""))
        yield Output(kind="figure", svg=data["image/svg+xml"], png=png)
    elif "text/markdown" in data:
        yield Output(kind="markdown", text=data["text/markdown"])
    elif set(data) - {"text/plain"}:
        kinds = ", ".join(sorted(set(data) - {"text/plain"}))
        raise _failure(segment, [], f"shows {kinds}, which not all formats hold; print Markdown")
    elif not (has_figure and _SILENT_RESULT.match(data["text/plain"])):
        yield Output(kind="text", text=data["text/plain"])
