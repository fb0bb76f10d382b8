"""Media types of the files of a pack, by their endings."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_BY_ENDING: Final = {
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
    ".css": "text/css",
    ".csl": "application/vnd.citationstyles.style+xml",
    ".csv": "text/csv",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".htm": "text/html",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".js": "text/javascript",
    ".json": "application/json",
    ".lua": "text/x-lua",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".py": "text/x-python",
    ".qmd": "text/markdown",
    ".sav": "application/x-spss-sav",
    ".sh": "application/x-sh",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".typ": "text/plain",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
_PLAIN: Final = ("LICENSE", "Makefile", "requirements.lock")
_PLAIN_ENDINGS: Final = (".sha256", ".gitignore", ".typed", ".mplstyle")


def find_media_type(name: str) -> str:
    """Return the media type of a file.

    Examples
    --------
    >>> find_media_type("results/scores.parquet"), find_media_type("Makefile")
    ('application/vnd.apache.parquet', 'text/plain')
    """
    path = PurePosixPath(name)
    if path.name in _PLAIN or path.name.endswith(_PLAIN_ENDINGS):
        return "text/plain"
    return _BY_ENDING.get(path.suffix.lower(), "application/octet-stream")
