"""Results as CSV files: the tidy table of each, and each of its frames in full."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from clientindex.errors import EditionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientindex.results import Result


def make_folder(folder: Path) -> None:
    """Make the folder for the files, before anything is computed.

    Raises
    ------
    EditionError
        If it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        msg = f"{folder}: cannot be written ({exc.strerror}); name a folder that can"
        raise EditionError(msg) from exc


def write_results(results: Mapping[str, Result], folder: Path) -> int:
    """Write ``<name>.csv``, tidy, and ``<name>.<frame>.csv`` of every result; count the files.

    A result that is not available has no files. See :func:`write_frames`.
    """
    frames: dict[str, pd.DataFrame] = {}
    for name, result in results.items():
        own = list_frames(result)
        if own:
            frames |= {name: result.tidy(), **{f"{name}.{key}": own[key] for key in own}}
    return write_frames(frames, folder)


def list_frames(result: Result) -> dict[str, pd.DataFrame]:
    """Return the frames of a result by the name of their field."""
    named = {
        field.name: getattr(result, field.name)
        for field in dataclasses.fields(result)  # type: ignore[arg-type]  # results are dataclasses
    }
    return {name: value for name, value in named.items() if isinstance(value, pd.DataFrame)}


def write_frames(frames: Mapping[str, pd.DataFrame], folder: Path) -> int:
    """Write frames as UTF-8 with commas and full precision; return how many there are.

    What is not defined is an empty cell. Files of the same names are overwritten.

    Raises
    ------
    EditionError
        If a file cannot be written.
    """
    for name, frame in frames.items():
        path = folder / f"{name}.csv"
        try:
            frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
        except OSError as exc:
            msg = f"{path}: cannot be written ({exc.strerror}); close it, or name another folder"
            raise EditionError(msg) from exc
    return len(frames)
