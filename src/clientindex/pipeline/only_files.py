"""What is done with files only: a survey that Spark reads cannot be compared, packed or rebuilt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientindex.edition import Edition
    from clientindex.errors import ClientIndexError


def require_files(edition: Edition, *, doing: str, error: type[ClientIndexError]) -> None:
    """Refuse an edition with a survey that Spark reads.

    Parameters
    ----------
    edition : Edition
    doing : str
        What cannot be done to it, as in "it cannot be locked".
    error : type of ClientIndexError

    Raises
    ------
    ClientIndexError
        Saying why, and what to do.
    """
    named = ", ".join(source.file.name for source in edition.spark_sources)
    if named:
        msg = (
            f"{edition.id}: cannot be {doing}: Spark reads {named}, which may change at any time "
            "and has no hash before it is counted. Have Spark write it as Parquet files, name them "
            "under 'file', and run the edition again; the engine of Spark counts files too."
        )
        raise error(msg)
