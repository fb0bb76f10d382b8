"""Simulate the data of an edition when it asks for a simulation and has none of its files yet.

The same is done for the edition before, and the one before that, where `previous` names an edition
file. Data that are there, even in part, are never touched: what is missing among them is for the
intake to report.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from clientindex.cli.common import find_edition
from clientindex.edition import Edition, load_edition
from clientindex.errors import ClientIndexError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EDITION_ENDINGS = (".yml", ".yaml")


def needs_simulation(edition: Edition) -> bool:
    """Return whether the edition is simulated and none of its input files exists."""
    return edition.simulation is not None and not any(p.exists() for p in edition.input_files)


def list_editions(path: Path) -> Iterator[Edition]:
    """Return the edition and those before it, each once."""
    seen: set[Path] = set()
    following: Path | None = path.resolve()
    while following is not None and following not in seen:
        seen.add(following)
        edition = load_edition(following)
        yield edition
        previous = edition.previous
        is_edition = previous is not None and previous.suffix.lower() in EDITION_ENDINGS
        following = previous if is_edition else None


def ensure_data(name: str) -> None:
    """Simulate the data of the edition `name`, and of those before it, when they are absent."""
    for edition in list_editions(find_edition(name)):
        if not needs_simulation(edition):
            continue
        # Slow to import, and not needed when the data are there.
        from clientindex.simulate import simulate_edition, write_pilot

        written = write_pilot(simulate_edition(edition), edition)
        print(f"simulated synthetic data of edition {edition.id}: {len(written)} files")


if __name__ == "__main__":
    try:
        ensure_data(*sys.argv[1:])
    except ClientIndexError as exc:
        sys.stderr.write(f"Error: {exc}\n")
        sys.exit(exc.exit_code)
