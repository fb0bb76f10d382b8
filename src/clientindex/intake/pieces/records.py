"""Where records of delimited text end: a line feed inside quotation marks ends none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_QUOTE, _LINE_FEED, _RETURN = 34, 10, 13


def find_records(content: bytes, *, delimiter: str) -> tuple[int, int]:
    r"""Find where the last whole record of a text that begins with a record ends.

    A quotation mark opens a quoted cell only where a cell begins, as in RFC 4180.

    Parameters
    ----------
    content : bytes
    delimiter : str
        One ASCII character.

    Returns
    -------
    end : int
        Position after the line feed of the last whole record; 0 = there is none.
    opened : int
        Position of the quotation mark that is still open at the end of `content`; -1 = none is.

    Examples
    --------
    >>> find_records(b'1;2\n"3\n', delimiter=";")
    (4, 4)
    """
    if b'"' not in content:
        return content.rfind(b"\n") + 1, -1
    end, opened = _scan(np.frombuffer(content, dtype=np.uint8), ord(delimiter))
    return int(end), int(opened)


@njit(cache=True, nogil=True)
def _scan(
    content: NDArray[np.uint8], delimiter: int
) -> tuple[int, int]:  # pragma: no cover - compiled
    end, opened, begins = 0, -1, True
    place, size = 0, len(content)
    while place < size:
        byte = content[place]
        if opened >= 0:
            if byte == _QUOTE:
                if place + 1 < size and content[place + 1] == _QUOTE:
                    place += 1
                else:
                    opened = -1
        elif byte == _QUOTE and begins:
            opened = place
            begins = False
        elif byte == _LINE_FEED:
            end = place + 1
            begins = True
        else:
            begins = byte in (delimiter, _RETURN)
        place += 1
    return end, opened
