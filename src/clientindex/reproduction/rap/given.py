"""What the checks of an edition are given, because other rooms know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from clientindex.edition import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenEdition:
    """An edition, its file, and whether what it published is made from what is there now.

    Attributes
    ----------
    edition : Edition
    path : Path
        The edition file.
    stale : tuple of str or None
        Why the publication is not current, in words; empty when it is. None when nothing is
        published.
    """

    edition: Edition
    path: Path
    stale: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What other rooms have found out.

    Attributes
    ----------
    typed_digits : mapping of str to sequence of str
        Source of a document -> digits typed in its prose.
    edition : GivenEdition or None
        None when no edition is asked about.
    """

    typed_digits: Mapping[str, Sequence[str]]
    edition: GivenEdition | None
