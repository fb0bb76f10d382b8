"""Where a result comes from: who computed it, from which files, settings and other results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientindex.results.manifest import InputRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginRecord:
    """The origin of a result as the manifest keeps it.

    Attributes
    ----------
    stage : str
        Stage of the run; "" for what every run computes.
    function : str
        Dotted name of the function that computed it.
    inputs : tuple of str
        Names of the input files that it depends on, other results aside.
    settings : dict
        Part of the methodology -> SHA-256 of its values, defaults among them.
    after : tuple of str
        Results that it was computed from.
    """

    stage: str
    function: str
    inputs: tuple[str, ...]
    settings: dict[str, str]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a result of a bundle was computed from, with hashes.

    Attributes
    ----------
    result : str
    stage, function : str
        As in :class:`OriginRecord`.
    inputs : tuple of InputRecord
        Name, SHA-256 and rows of every file, those behind other results among them.
    settings : dict
        Part of the methodology -> SHA-256, those behind other results not among them.
    after : tuple of str
        Results that it was computed from, the nearest first.
    files : dict
        Files of the bundle that hold it -> SHA-256.
    seed : int
    methodology_id, methodology_sha256 : str
    code_version, code_sha256 : str
    packages : dict
    """

    result: str
    stage: str
    function: str
    inputs: tuple[InputRecord, ...]
    settings: dict[str, str]
    after: tuple[str, ...]
    files: dict[str, str]
    seed: int
    methodology_id: str
    methodology_sha256: str
    code_version: str
    code_sha256: str
    packages: dict[str, str]
