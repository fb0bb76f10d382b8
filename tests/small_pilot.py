"""A small simulated pilot, read and counted, with both sources side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientindex.counts import compute_centre_moments, count_pairs
from clientindex.edition import Simulation, load_edition
from clientindex.intake import require_tables, run_intake
from clientindex.methodology import load_methodology
from clientindex.pipeline.pairing import pair_sources
from clientindex.rating import assign_stars, compute_scores, find_stars
from clientindex.simulate import simulate_pilot, write_pilot
from demo_text import read_demo

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.agreement import TwoSources
    from clientindex.counts import CentreMoments, PairCounts
    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology
    from clientindex.simulate import SimulatedPilot

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmallPilot:
    """What analyses of a pilot start from, and its truth."""

    methodology: Methodology
    tables: IntakeTables
    counts: PairCounts
    moments: CentreMoments
    visitors: dict[str, float]
    sources: TwoSources
    stars: pd.Series[Any]
    pilot: SimulatedPilot

    def find_stars(self, scores: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the stars of indices."""
        return find_stars(scores, self.methodology.stars.bands)


def make_small_pilot(folder: Path, **sizes: Any) -> SmallPilot:
    """Simulate a pilot of the demo edition with other sizes and read it back."""
    text = read_demo().replace("../data_raw/demo", str(folder / "data")).replace("../", f"{ROOT}/")
    path = folder / "demo.yml"
    path.write_text(text, encoding="utf-8")
    edition = load_edition(path)
    methodology = load_methodology(edition.methodology)
    settings = Simulation(**{"centres": 80, "citizens": 4000, "employers": 1600, **sizes})
    pilot = simulate_pilot(methodology, settings, seed=edition.seed)
    write_pilot(pilot, edition)
    tables = require_tables(run_intake(edition, methodology))
    assert tables.responses is not None
    counts = count_pairs(tables.responses, methodology)
    moments = compute_centre_moments(counts, methodology)
    register = tables.register
    visitors = dict(zip(register["centre"], register["visitors"], strict=True))
    sources = pair_sources(tables, methodology, moments=moments, counts=counts, visitors=visitors)
    assert sources is not None
    scores = compute_scores(moments, methodology, visitors=visitors)
    stars = assign_stars(scores, methodology, register=register).frame
    return SmallPilot(
        methodology=methodology,
        tables=tables,
        counts=counts,
        moments=moments,
        visitors=visitors,
        sources=sources,
        stars=stars.set_index("centre")["star"],
        pilot=pilot,
    )
