"""The demo edition and the year before it, made smaller, with a history told by hand."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from clientindex.counts import compute_centre_moments, count_pairs
from clientindex.edition import load_edition
from clientindex.intake import require_tables, run_intake
from clientindex.methodology import load_methodology
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.change import PublishedEdition
from clientindex.simulate import simulate_edition, write_pilot

if TYPE_CHECKING:
    from clientindex.edition import Edition
    from clientindex.simulate import SimulatedPilot

ROOT = Path(__file__).parents[1]
YAML_FILE = YAML(typ="safe")
RENAMED = {"R33-104": "R33-004", "R24-105": "R24-005", "R24-106": "R24-005"}
"""One centre with another identifier, and one that was two."""
MOVED = {"R72-002": "Ямало-Ненецкий автономный округ"}
SIZES: dict[str, dict[str, Any]] = {
    "demo": {"centres": 120, "citizens": 8000, "employers": 3000, "missing_share": 0.03},
    "demo-2025": {"citizens": 7000, "employers": 2600, "missing_share": 0.04},
}
EARLIER: dict[str, Any] = {
    "edition": "demo.yml",
    "correlation": 0.98,
    "change": 1.5,
    "improved": 8,
    "improvement": 14,
    "new": 4,
    "closed": 3,
    "moved": MOVED,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Year:
    """One year: its pilot with the truth, and what was published."""

    edition: Edition
    pilot: SimulatedPilot
    published: PublishedEdition


def place_years(folder: Path, **earlier: Any) -> dict[str, Path]:
    """Write both editions, smaller, with their methodologies; return the edition files by name."""
    for name in ("editions", "methodology"):
        shutil.copytree(ROOT / name, folder / name)
    files = {name: folder / "editions" / f"{name}.yml" for name in SIZES}
    changes: dict[str, dict[str, Any]] = {
        "demo": {"previous": "demo-2025.yml", "renamed": RENAMED, "simulation": SIZES["demo"]},
        "demo-2025": {"simulation": SIZES["demo-2025"] | {"earlier_than": EARLIER | earlier}},
    }
    for name, path in files.items():
        change_edition(path, **changes[name])
    return files


def change_edition(path: Path, **settings: Any) -> None:
    """Replace settings of an edition file; None removes one."""
    raw = YAML_FILE.load(path.read_text(encoding="utf-8")) | settings
    with path.open("w", encoding="utf-8") as file:
        YAML_FILE.dump({key: value for key, value in raw.items() if value is not None}, file)


def read_year(path: Path, *, with_moments: bool) -> Year:
    """Simulate an edition, read its files back and score them."""
    edition = load_edition(path)
    methodology = load_methodology(edition.methodology)
    pilot = simulate_edition(edition)
    write_pilot(pilot, edition)
    tables = require_tables(run_intake(edition, methodology))
    assert tables.responses is not None
    moments = compute_centre_moments(count_pairs(tables.responses, methodology), methodology)
    register = tables.register
    visitors = dict(zip(register["centre"], register["visitors"], strict=True))
    scores = compute_scores(moments, methodology, visitors=visitors)
    published = PublishedEdition(
        scores=scores,
        stars=assign_stars(scores, methodology, register=register),
        methodology=methodology,
        moments=moments if with_moments else None,
        visitors=visitors,
    )
    return Year(edition=edition, pilot=pilot, published=published)
