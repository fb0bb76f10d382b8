"""Where records of delimited text end: a line feed inside quotation marks ends none.

A quotation mark that is not closed would swallow all lines after it. Such a line is lost alone, in
whatever portions the text is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

LONGEST_CELL = 2**20
"""A quoted cell with more bytes is one whose quotation mark is not closed.

So is one that goes on in another line up to a mark with text behind it: that mark opens a cell.
"""

_QUOTE, _LINE_FEED, _RETURN = 34, 10, 13


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclosedLine:
    """A line with a quotation mark that is not closed.

    Attributes
    ----------
    n_before : int
        Records before it, other such lines excepted.
    text : bytes
    """

    n_before: int
    text: bytes


def find_records(
    content: bytes, *, delimiter: str, start: int = 0, most: int = 0
) -> tuple[int, int, bool]:
    r"""Find where the last whole record of a text that begins with a record ends.

    A quotation mark opens a quoted cell only where a cell begins, as in RFC 4180. The search ends
    where it is sure that a mark is not closed, see :data:`LONGEST_CELL`.

    Parameters
    ----------
    content : bytes
    delimiter : str
        One ASCII character.
    start : int
        Position of the first record.
    most : int
        Records after which the search ends; 0 = it does not.

    Returns
    -------
    end : int
        Position after the line feed of the last whole record; `start` = there is none.
    opened : int
        Position of the quotation mark that is still open where the search ends; -1 = none is.
    is_unclosed : bool
        Whether that mark is not closed, whatever follows the text.

    Examples
    --------
    >>> find_records(b'1;2\n"3\n', delimiter=";")
    (4, 4, False)
    >>> find_records(b'1;2\n"3\n4;"5"\n', delimiter=";")
    (4, 4, True)
    """
    if not most and content.find(b'"', start) < 0:
        return max(content.rfind(b"\n") + 1, start), -1, False
    array = np.frombuffer(content, dtype=np.uint8)
    end, opened, is_unclosed = _scan(array, start, ord(delimiter), (LONGEST_CELL, most))
    return int(end), int(opened), bool(is_unclosed)


def find_end(content: bytes, *, delimiter: str, is_whole: bool) -> int:
    r"""Find where the last whole record ends, lines with an unclosed quotation mark counted too.

    Parameters
    ----------
    content : bytes
        Begins with a record.
    delimiter : str
    is_whole : bool
        Whether nothing follows: else a mark that is open at the end may be closed later.

    Examples
    --------
    >>> find_end(b'1;"2\n3;4\n', delimiter=";", is_whole=False)
    0
    >>> find_end(b'1;"2\n3;4\n', delimiter=";", is_whole=True)
    9
    """
    if is_whole:
        return len(content)
    *_, (_, end) = _find_runs(content, delimiter, is_whole=False)
    return end


def split_records(content: bytes, *, delimiter: str) -> tuple[bytes, tuple[UnclosedLine, ...]]:
    r"""Take lines with an unclosed quotation mark out of a whole text.

    Returns
    -------
    kept : bytes
    lines : tuple of UnclosedLine

    Examples
    --------
    >>> split_records(b'1;2\n3;"4\n5;6\n', delimiter=";")
    (b'1;2\n5;6\n', (UnclosedLine(n_before=1, text=b'3;"4\n'),))
    """
    runs = list(_find_runs(content, delimiter, is_whole=True))
    if len(runs) == 1:
        return content, ()
    kept, lines, n_before = [], [], 0
    for (start, end), (after, _) in zip(runs, [*runs[1:], (len(content), 0)], strict=True):
        run = content[start:end]
        kept.append(run)
        n_before += count_records(run, delimiter=delimiter)
        if after > end:
            lines.append(UnclosedLine(n_before=n_before, text=content[end:after]))
    return b"".join(kept), tuple(lines)


def count_records(content: bytes, *, delimiter: str) -> int:
    r"""Count the records of a text without unclosed quotation marks.

    A carriage return alone ends one too, as it does for Arrow.

    Examples
    --------
    >>> count_records(b'1;2\n"3\n";4\r\n5\r6\n', delimiter=";")
    4
    """
    return int(_count(np.frombuffer(content, dtype=np.uint8), ord(delimiter)))


def _find_runs(content: bytes, delimiter: str, *, is_whole: bool) -> Iterator[tuple[int, int]]:
    """Yield start and end of every run of records; between them stand unclosed lines."""
    start, last = 0, len(content) if is_whole else 0
    while True:
        end, opened, is_unclosed = find_records(content, delimiter=delimiter, start=start)
        if opened < 0:
            yield start, max(end, last)
            return
        yield start, end
        start = content.find(b"\n", opened) + 1 or last
        if not start or not (is_whole or is_unclosed):
            return


@njit(nogil=True)
def _scan(
    content: NDArray[np.uint8], start: int, delimiter: int, limits: tuple[int, int]
) -> tuple[int, int, bool]:  # pragma: no cover - compiled
    longest, most = limits
    end, opened, begins, n, goes_on = start, -1, True, 0, False
    place, size = start, len(content)
    while place < size:
        byte = content[place]
        if opened >= 0:
            if place - opened >= longest:
                return end, opened, True
            goes_on |= byte == _LINE_FEED
            if byte == _QUOTE:
                after = content[place + 1] if place + 1 < size else _LINE_FEED
                if after == _QUOTE:
                    place += 1
                elif goes_on and after not in (delimiter, _LINE_FEED, _RETURN):
                    return end, opened, True
                else:
                    opened = -1
        elif byte == _QUOTE and begins:
            opened = place
            begins, goes_on = False, False
        elif byte == _LINE_FEED:
            end = place + 1
            begins = True
            n += 1
            if n == most:
                return end, -1, False
        else:
            begins = byte in (delimiter, _RETURN)
        place += 1
    return end, opened, False


@njit(nogil=True)
def _count(content: NDArray[np.uint8], delimiter: int) -> int:  # pragma: no cover - compiled
    n, quoted, begins = 0, False, True
    for place in range(len(content)):
        byte = content[place]
        if quoted:
            # The second of two marks opens the cell again.
            quoted = byte != _QUOTE
            begins = not quoted
            continue
        n += byte == _LINE_FEED
        n += byte == _RETURN and (place + 1 == len(content) or content[place + 1] != _LINE_FEED)
        quoted = byte == _QUOTE and begins
        begins = byte in (delimiter, _LINE_FEED, _RETURN)
    return n
