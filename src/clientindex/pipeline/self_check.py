"""The checklist of a reproducible publication, with what other rooms know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.edition import load_edition
from clientindex.errors import ReproductionError
from clientindex.pipeline.currency import explain_staleness
from clientindex.publishing.typed_digits import find_typed_digits
from clientindex.reproduction.rap import Given, GivenEdition, Repository, check_reproducibility

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.reproduction.rap import RapItem


def check_publication(root: Path, edition: Path | None = None) -> tuple[RapItem, ...]:
    """Answer the checklist for a repository, and for an edition of it where one is named.

    Parameters
    ----------
    root : Path
        A checkout, or an unpacked replication pack.
    edition : Path, optional
        An edition file.

    Returns
    -------
    tuple of RapItem

    Raises
    ------
    ReproductionError
        If `root` holds no repository of this program.
    ClientIndexError
        If the edition or a source of documents cannot be read.
    """
    if not (root / "Makefile").is_file() or not (root / "pyproject.toml").is_file():
        msg = (
            f"{root}: holds no Makefile and pyproject.toml. Call `clientindex rap` in the folder "
            "of the repository, or in that of an unpacked replication pack."
        )
        raise ReproductionError(msg)
    given = None
    if edition is not None:
        loaded = load_edition(edition)
        given = GivenEdition(edition=loaded, path=edition, stale=explain_staleness(loaded))
    typed = find_typed_digits(root / "reports")
    return check_reproducibility(Repository(root), Given(typed_digits=typed, edition=given))
