"""Bytes to text, strictly: a wrong encoding is a fault that names the right one, never mojibake."""

from __future__ import annotations

import re

from clientindex.intake.log import ReadingError, Trouble

CODE = "E-ENCODING"
UTF8, CP1251 = "utf-8", "cp1251"
SAMPLE_BYTES = 10_000
_SIGNATURES = {
    b"\xff\xfe": "UTF-16, which Excel calls 'Unicode text'",
    b"\xfe\xff": "UTF-16, which Excel calls 'Unicode text'",
}
_ASCII = bytes(range(0x80))
_SECOND_BYTES = bytes(range(0x80, 0xC0))
"""What follows the first byte of a Russian letter in UTF-8."""

_AS_CYRILLIC = _SECOND_BYTES.decode(CP1251, "ignore")
_AS_WESTERN = _SECOND_BYTES.decode("cp1252", "ignore") + "".join(map(chr, _SECOND_BYTES))
_GARBLED = re.compile(
    f"(?:[РС][{re.escape(_AS_CYRILLIC)}]){{3}}|(?:[ÐÑ][{re.escape(_AS_WESTERN)}]){{3}}"
)
"""Three Russian letters of UTF-8 read byte by byte: no language writes this."""


def decode_text(content: bytes, *, encoding: str) -> str:
    """Decode a file, with or without a byte order mark.

    Parameters
    ----------
    content : bytes
        The whole file.
    encoding : {"utf-8", "cp1251"}
        What the edition says.

    Returns
    -------
    str

    Raises
    ------
    ReadingError
        If the bytes do not fit the encoding, fit the other one, or were garbled earlier.
    """
    for signature, name in _SIGNATURES.items():
        if content.startswith(signature):
            raise ReadingError(
                _misread(name, encoding, advice="Save the file as CSV UTF-8."), code=CODE
            )
    text = _decode_cp1251(content) if encoding == CP1251 else _decode_utf8(content)
    _refuse_mojibake(text, encoding)
    return text


def _decode_utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        row = content.count(b"\n", 0, exc.start) + 1
        if _reads_as_cyrillic(content):
            raise ReadingError(_switch(CP1251, UTF8), code=CODE, row=row) from None
        read = f"byte {content[exc.start]:#04x}, which is not UTF-8"
        advice = "Save the file as CSV UTF-8 and try again."
        raise ReadingError(_misread(read, UTF8, advice=advice), code=CODE, row=row) from None


def _decode_cp1251(content: bytes) -> str:
    if not content.isascii() and _is_utf8(content):
        raise ReadingError(_switch(UTF8, CP1251), code=CODE)
    try:
        return content.decode(CP1251)
    except UnicodeDecodeError as exc:
        row = content.count(b"\n", 0, exc.start) + 1
        read = f"byte {content[exc.start]:#04x}, which is not cp1251"
        advice = "Save the file as CSV UTF-8 and write 'encoding: utf-8'."
        raise ReadingError(_misread(read, CP1251, advice=advice), code=CODE, row=row) from None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_cyrillic(content: bytes) -> bool:
    """Return whether most letters beyond ASCII would be Russian in cp1251."""
    high = content.translate(None, _ASCII)[:SAMPLE_BYTES]
    letters = sum(b >= 0xC0 or b in (0xA8, 0xB8) for b in high)
    return 0x98 not in high and letters > len(high) / 2


def _switch(right: str, declared: str) -> Trouble:
    advice = f"Write 'encoding: {right}' for this file in the edition."
    return _misread(f"text in {right}", declared, advice=advice)


def _misread(read: str, declared: str, *, advice: str) -> Trouble:
    allowed = f"text in {declared}, as the edition says"
    return Trouble(read=read, allowed=allowed, advice=advice)


def _may_be_garbled(text: str) -> bool:
    """Return whether the characters beyond ASCII, closed up, hold a garbled place.

    Garbled letters have no ASCII among them, so this finds all of them, in a small part of the time
    that a search of the whole text takes.
    """
    beyond = text.encode("utf-8").translate(None, _ASCII)
    return _GARBLED.search(beyond.decode("utf-8")) is not None


def _refuse_mojibake(text: str, encoding: str) -> None:
    found = _GARBLED.search(text) if _may_be_garbled(text) else None
    if found is None:
        return
    row = text.count("\n", 0, found.start()) + 1
    sample = text[found.start() : found.start() + 20].splitlines()[0]
    read = f"garbled text such as {sample!r}: UTF-8 that a program took for another encoding"
    advice = (
        f"The file itself is damaged and no setting will mend it (here '{encoding}'; the text was "
        "utf-8 at first): export it again from the source as CSV UTF-8."
    )
    trouble = Trouble(read=read, allowed="readable text", advice=advice)
    raise ReadingError(trouble, code=CODE, row=row)
