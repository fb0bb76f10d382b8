"""What the descriptions of a pack are written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.pipeline.repro_pack.twin import PackTwin
    from clientindex.reproduction.layout import LaidOut
    from clientindex.reproduction.record import PublicationRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class PackMaterial:
    """A pack as it stands in its folder before it is described.

    Attributes
    ----------
    folder : Path
    edition : Edition
        As it is laid out in the folder.
    laid : LaidOut
    record : PublicationRecord
        Of the publication that stands in ``data_processed/<id>``.
    inputs : dict
        Input file of the pack -> SHA-256.
    twin : PackTwin or None
        What stands in for respondents' answers, None where these are in the pack themselves.
    """

    folder: Path
    edition: Edition
    laid: LaidOut
    record: PublicationRecord
    inputs: dict[str, str]
    twin: PackTwin | None = None
