"""A hand-made revision of the small bundle: what was first published, and what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.pipeline.revision import compare_with_published
from clientindex.reproduction.edition_lock import (
    PublishedCentre,
    PublishedNumbers,
    PublishedRegion,
)
from clientindex.results import Revision
from presentation_bundle import NAMES, REGIONS, make_bundle, make_results

if TYPE_CHECKING:
    from clientindex.results import Bundle

NOTE = {
    "date": "2026-10-20",
    "reason": {"ru": "Ответы одного центра были чужими.", "en": "Answers of a centre were wrong."},
    "what": {"ru": "Удалены ответы.", "en": "The answers were removed."},
}


def make_published() -> PublishedNumbers:
    """Make the first publication of the small bundle.

    Index and stars then -> now: c1 85.04 -> 85.25, 5 as before (prints 85.0 -> 85.3); c2 71.04 ->
    71.0, 4 (prints 71.0); c3 66.0 -> 62.5, 4 -> 3; c4 was not there; c5 90.0, 5 -> withheld; c6
    nothing; c7 is gone. Means: Край 76.0 -> 74.5, Псковская область 78.125 as before, the country
    76.5 -> 75.95.
    """
    rows = [
        ("c1", NAMES[0], REGIONS[0], 85.04, 83.1, 87.0, 5),
        ("c2", NAMES[1], REGIONS[1], 71.04, 68.1, 73.9, 4),
        ("c3", NAMES[2], REGIONS[2], 66.0, 62.1, 69.9, 4),
        ("c5", NAMES[4], REGIONS[4], 90.0, 78.2, 100.0, 5),
        ("c6", NAMES[5], REGIONS[5], None, None, None, None),
        ("c7", "ЦЗН № 7", "Край", 70.0, 66.0, 74.0, 4),
    ]
    regions = [
        ("Край", 3, 76.0, 40.0, 77.0),
        ("Округ", 0, None, None, None),
        ("Псковская область", 2, 78.125, 0.0, 100.0),
        ("country", 5, 76.5, 62.0, 90.0),
    ]
    return PublishedNumbers(
        published="2026-09-01",
        level=0.95,
        centres=tuple(
            PublishedCentre(**dict(zip(PublishedCentre.model_fields, row, strict=True)))
            for row in rows
        ),
        regions=tuple(
            PublishedRegion(**dict(zip(PublishedRegion.model_fields, row, strict=True)))
            for row in regions
        ),
    )


def make_revision() -> Revision:
    """Compare the small bundle with its first publication."""
    found = compare_with_published(make_published(), make_results())
    assert isinstance(found, Revision)
    return found


def make_revised_bundle(**changes: Any) -> Bundle:
    """Make the small bundle of a revised edition."""
    results = {**make_results(), "revision": make_revision()}
    return make_bundle(results=results, revisions=[NOTE], **changes)


def make_unrevised() -> Revision:
    """Make a revision that changed no number."""
    centres, regions = make_revision().centres, make_revision().regions
    same = {"status": "same", "index_changed": False, "stars_changed": False}
    return Revision(
        centres=centres.head(2).assign(**same, difference=0.0),
        regions=regions.assign(changed=False, before=pd.NA, difference=np.nan).head(0),
        published="2026-09-01",
        digits=1,
        level=0.95,
    )
