"""The hand-made bundle with checklists of three centres, for tests of passports.

c1 and c3 have points of every group and indicator, c2 of one indicator; the others have none. c1
has scores of the index in one segment, of a group and of one of its indicators.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd

from presentation_bundle import load_small_methodology, make_bundle, make_results

if TYPE_CHECKING:
    from clientindex.results import Bundle, Result

COMFORT_INDICATOR = "location"
CHECKLISTS = {"c1": 75.0, "c3": 50.0}
SCORES = [
    ("c1", "citizens", "index", "index", 84.5, 1.1, 82.3, 86.7, 300),
    ("c1", "employers", "index", "index", 86.0, 1.9, 82.2, 89.8, 100),
    ("c1", "all", "indicator", COMFORT_INDICATOR, 91.25, 1.5, 88.2, 94.3, 397),
    ("c1", "all", "group", "comfort", 88.0, 1.2, 85.6, 90.4, 398),
]


def make_passport_results(**changes: Result) -> dict[str, Result]:
    """Return the hand-made results with checklists and a few more scores."""
    results: dict[str, Any] = make_results()
    methodology = load_small_methodology()
    parts = [("group", group.key) for group in methodology.groups]
    parts += [("indicator", key) for key in methodology.indicator_keys]
    rows = [(c, kind, key, points) for c, points in CHECKLISTS.items() for kind, key in parts]
    rows.append(("c2", "indicator", COMFORT_INDICATOR, 25.0))
    columns = ["centre", "kind", "subject", "checklist"]
    results["agreement"] = dataclasses.replace(
        results["agreement"], checklists=pd.DataFrame(rows, columns=columns)
    )
    names = ["centre", "segment", "kind", "key", "estimate", "std_error", "ci_low", "ci_high", "n"]
    results["scores"] = dataclasses.replace(
        results["scores"], frame=pd.DataFrame(SCORES, columns=names)
    )
    return {**results, **changes}


def make_passport_bundle(**edition: Any) -> Bundle:
    """Return the bundle; `edition` changes the card of the edition."""
    return make_bundle(results=make_passport_results(), **edition)


def rename_centre(bundle: Bundle, centre: str, name: str) -> Bundle:
    """Return a bundle in which a centre has another name."""
    stars: Any = bundle.results["stars"]
    frame = stars.frame.assign(
        name=stars.frame["name"].where(stars.frame["centre"] != centre, name)
    )
    results = {**bundle.results, "stars": dataclasses.replace(stars, frame=frame)}
    return dataclasses.replace(bundle, results=results)
