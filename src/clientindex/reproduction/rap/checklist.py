"""The checklist of a reproducible publication, every item answered from the repository."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from clientindex.reproduction.rap.assertions import check_tests
from clientindex.reproduction.rap.documentation import check_documentation
from clientindex.reproduction.rap.edition_items import check_edition
from clientindex.reproduction.rap.environment import check_environment
from clientindex.reproduction.rap.one_command import check_commands
from clientindex.reproduction.rap.publication_items import check_publication
from clientindex.reproduction.rap.source_rules import check_source
from clientindex.reproduction.rap.tidy import check_files
from clientindex.reproduction.rap.versions import check_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.reproduction.rap.given import Given
    from clientindex.reproduction.rap.item import RapItem
    from clientindex.reproduction.rap.repository import Repository


def check_reproducibility(repository: Repository, given: Given) -> tuple[RapItem, ...]:
    """Answer every item of the checklist.

    Parameters
    ----------
    repository : Repository
    given : Given
        What other rooms know; without an edition, items about one are left out.

    Returns
    -------
    tuple of RapItem
        In the order in which they are read: commands, environment, inputs and code, tests, files,
        documentation, versions, then the edition and what it published.
    """
    with _pause_collector():
        items = [
            *check_commands(repository),
            *check_environment(repository),
            *check_source(repository),
            *check_tests(repository),
            *check_files(repository),
            *check_documentation(repository, typed_digits=given.typed_digits),
            *check_versions(repository),
        ]
    if given.edition is not None:
        items += [*check_edition(given.edition), *check_publication(given.edition)]
    return tuple(items)


@contextmanager
def _pause_collector() -> Iterator[None]:
    """Keep the collector from walking over syntax trees again and again: four times as fast."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
