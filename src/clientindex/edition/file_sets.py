"""Survey entries that stand for many files: a folder, or a pattern such as ``survey/*/*.parquet``.

A folder ``name=value`` on the way to a file, as Spark and Hive write them, gives all rows of the
file a column ``name`` with this text.
"""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from clientindex.edition.formats import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.edition.model import Edition
    from clientindex.edition.sources import SurveySource

_NO_VALUE: Final = "__HIVE_DEFAULT_PARTITION__"
_HIDDEN: Final = ("_", ".")
"""First letters of files that programs leave beside data, such as ``_SUCCESS``."""


def expand_survey(edition: Edition) -> Edition:
    """Return the edition with one survey entry a file, files of an entry in the order of paths.

    An entry that no file answers to stays as it is: intake says that it is missing.
    """
    survey = tuple(one for source in edition.data.survey for one in _expand(source))
    if survey == edition.data.survey:
        return edition
    data = edition.data.model_copy(update={"survey": survey})
    return edition.model_copy(update={"data": data})


def is_pattern(path: Path) -> bool:
    """Return whether a path is a pattern rather than the name of a file that is there."""
    return glob.has_magic(str(path)) and not path.exists()


def _expand(source: SurveySource) -> Iterator[SurveySource]:
    path = source.file
    if source.spark is not None:
        yield source
        return
    if path.is_dir():
        root, found = path, path.rglob("*")
    elif is_pattern(path):
        root = _fixed_part(path)
        found = root.glob(str(path.relative_to(root)))
    else:
        yield source
        return
    files = sorted(file for file in found if _is_data(file, root, source))
    if not files:
        yield source
    for file in files:
        constant = {**_read_folders(file.relative_to(root)), **source.constant}
        yield source.model_copy(update={"file": file, "constant": constant})


def _fixed_part(path: Path) -> Path:
    """Return the folder before the first part that is a pattern."""
    parts = path.parts
    first = next(place for place, part in enumerate(parts) if glob.has_magic(part))
    return Path(*parts[:first])


def _is_data(file: Path, root: Path, source: SurveySource) -> bool:
    hidden = any(part.startswith(_HIDDEN) for part in file.relative_to(root).parts)
    known = source.format is not None or file.suffix.lower() in ENDINGS
    return not hidden and known and file.is_file()


def _read_folders(path: Path) -> dict[str, str]:
    """Return the columns that the folders of a path name."""
    pairs = [part.split("=", 1) for part in path.parent.parts if "=" in part]
    return {unquote(name): "" if text == _NO_VALUE else unquote(text) for name, text in pairs}
