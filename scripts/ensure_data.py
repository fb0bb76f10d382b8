"""Simulate the data of an edition when it asks for a simulation and has none of its files yet.

Data that are there, even in part, are never touched: what is missing among them is for the intake
to report.
"""

from __future__ import annotations

import sys

from clientindex.cli.common import find_edition
from clientindex.edition import Edition, load_edition
from clientindex.errors import ClientIndexError
from clientindex.methodology import load_methodology


def needs_simulation(edition: Edition) -> bool:
    """Return whether the edition is simulated and none of its input files exists."""
    return edition.simulation is not None and not any(p.exists() for p in edition.input_files)


def ensure_data(name: str) -> None:
    """Simulate the data of the edition `name` when they are absent."""
    edition = load_edition(find_edition(name))
    if edition.simulation is None or not needs_simulation(edition):
        return
    # Slow to import, and not needed when the data are there.
    from clientindex.simulate import simulate_pilot, write_pilot

    methodology = load_methodology(edition.methodology)
    pilot = simulate_pilot(methodology, edition.simulation, seed=edition.seed)
    written = write_pilot(pilot, edition)
    print(f"simulated synthetic data of edition {edition.id}: {len(written)} files")


if __name__ == "__main__":
    try:
        ensure_data(*sys.argv[1:])
    except ClientIndexError as exc:
        sys.stderr.write(f"Error: {exc}\n")
        sys.exit(exc.exit_code)
