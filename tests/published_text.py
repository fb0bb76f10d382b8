"""All text that a published file holds, whatever its format, and what must not be in it."""

from __future__ import annotations

import base64
import html
import io
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pandas as pd
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_DATA = re.compile(r"data:[\w/+.-]*(?:;[\w=-]+)*;base64,([A-Za-z0-9+/=%\s]+)")
_TAG = re.compile(r"<[^>]*>")


def find_secrets(path: Path, secrets: Iterable[str]) -> list[str]:
    """Return the secrets that a file holds; spaces and hyphens that a page breaks do not count."""
    text = _squeeze("\n".join(_read(path.name, path.read_bytes())))
    return [secret for secret in secrets if _squeeze(secret) in text]


def _squeeze(text: str) -> str:
    return re.sub(r"[\s\u00ad\u2010-]+", "", text).casefold()


def _read(name: str, content: bytes) -> Iterator[str]:
    """Give the texts of a file, and of the files inside it."""
    suffix = name.rpartition(".")[2].lower()
    if suffix == "pdf":
        yield _read_pdf(content)
    elif suffix == "parquet":
        frame = pd.read_parquet(io.BytesIO(content))
        yield " ".join(map(str, frame.columns))
        yield frame.to_csv()
    elif suffix in ("xlsx", "docx", "zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inner in archive.namelist():
                yield from _read(inner, archive.read(inner))
    else:
        yield from _read_text(content)


def _read_text(content: bytes) -> Iterator[str]:
    text = content.decode("utf-8", errors="replace")
    yield text
    yield html.unescape(_TAG.sub("", text))
    for coded in _DATA.findall(text):
        plain = base64.b64decode(re.sub(r"\s", "", unquote(coded)))
        yield from _read("inner.pdf" if plain.startswith(b"%PDF") else "inner", plain)


def _read_pdf(content: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: texts of PDFs cannot be read")
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode("utf-8")
