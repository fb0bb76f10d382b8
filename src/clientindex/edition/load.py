"""Load an edition file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.edition.file_sets import expand_survey
from clientindex.edition.model import Edition
from clientindex.errors import EditionError
from clientindex.settings import SettingFault, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def load_edition(path: Path) -> Edition:
    """Load and check an edition file.

    Parameters
    ----------
    path : Path
        A YAML file such as ``editions/demo.yml``. Relative paths in it start from its folder.

    Returns
    -------
    Edition

    Raises
    ------
    EditionError
        Listing every fault with file, line, key path, what was read and what is allowed.
    """
    edition = read_settings(
        path,
        Edition,
        error=EditionError,
        check=lambda edition: list(_check(edition)),
        context={"base": path.resolve().parent},
    )
    expanded = expand_survey(edition)
    _refuse_overlap(path, expanded)
    return expanded


def _refuse_overlap(path: Path, edition: Edition) -> None:
    """Refuse patterns that take one file twice."""
    faults = list(_find_repeated_sources(edition))
    if faults:
        msg = f"{path.name}: data.survey: read {faults[0].read}; allowed: {faults[0].allowed}"
        raise EditionError(msg)


def _check(edition: Edition) -> Iterator[SettingFault]:
    if not edition.data.survey and not edition.data.measures:
        yield SettingFault(
            location=("data",), read="no input", allowed="'survey', 'measures', or both"
        )
    if edition.published < edition.cut_off:
        yield SettingFault(
            location=("published",),
            read=str(edition.published),
            allowed=f"not before the data cut-off {edition.cut_off}",
        )
    if edition.next_review is not None and edition.next_review <= edition.published:
        yield SettingFault(
            location=("next_review",),
            read=str(edition.next_review),
            allowed=f"a day after the publication on {edition.published}",
        )
    yield from _check_errors(edition)
    yield from _check_revisions(edition)
    if edition.renamed and edition.previous is None:
        yield SettingFault(
            location=("renamed",),
            read="renamed centres without a previous edition",
            allowed="add 'previous', or remove the renamed centres",
        )
    if edition.simulation is not None and not edition.synthetic:
        yield SettingFault(
            location=("simulation",),
            read="a simulation in an edition that is not marked synthetic",
            allowed="add 'synthetic: true', or remove the simulation",
        )
    for position, source in enumerate(edition.data.survey):
        if source.segment is not None and "segment" in source.columns:
            yield SettingFault(
                location=("data", "survey", position, "segment"),
                read="both a fixed segment and a segment column",
                allowed="give one of the two",
            )
    yield from _check_spark(edition)
    yield from _find_repeated_sources(edition)


def _check_spark(edition: Edition) -> Iterator[SettingFault]:
    """Find what does not go with answers that Spark reads."""
    if not edition.spark_sources:
        return
    if edition.respondents != "count":
        yield SettingFault(
            location=("respondents",),
            read="answers that stay in memory, where a survey is read by Spark",
            allowed="'respondents: count', since answers that Spark reads are only counted",
        )
    if edition.simulation is not None:
        yield SettingFault(
            location=("simulation",),
            read="a simulation, where a survey is read by Spark",
            allowed="files for all sources, which the simulation writes",
        )


def _check_errors(edition: Edition) -> Iterator[SettingFault]:
    """Find errors that were corrected before they were found."""
    for position, error in enumerate(edition.known_errors):
        if error.corrected is not None and error.corrected < error.found:
            yield SettingFault(
                location=("known_errors", position, "corrected"),
                read=str(error.corrected),
                allowed=f"not before the day it was found, {error.found}",
            )


def _check_revisions(edition: Edition) -> Iterator[SettingFault]:
    """Find notes of revisions that do not come after the publication and the note before."""
    before, what = edition.published, "the publication"
    for position, note in enumerate(edition.revisions):
        if note.date <= before:
            yield SettingFault(
                location=("revisions", position, "date"),
                read=str(note.date),
                allowed=f"a day after {what} on {before}",
            )
        before, what = note.date, "the revision"


def _find_repeated_sources(edition: Edition) -> Iterator[SettingFault]:
    """Find survey entries that read the same cells, and so would count the same people twice.

    What an entry adds to the cells makes no other people of them.
    """
    seen: dict[str, int] = {}
    for position, source in enumerate(edition.data.survey):
        cells = source.model_dump_json(exclude={"segment", "constant"})
        first = seen.setdefault(cells, position)
        if first != position:
            yield SettingFault(
                location=("data", "survey", position, "file"),
                read=f"{source.file.name}, read in the same way as in entry {first}",
                allowed="a file, sheet, columns or 'where' of its own",
            )
