"""Results of the rating for the command: those of the last run, or computed where they are old."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clientindex.cli.rated import Rated, find_current, read_rated
from clientindex.cli.reporter import make_reporter
from clientindex.edition import is_edition_file, load_edition
from clientindex.errors import BundleError
from clientindex.pipeline.data_check import check_data
from clientindex.pipeline.material import prepare_material
from clientindex.pipeline.previous import load_previous
from clientindex.pipeline.rating_stage import run_rating

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.cli.rated import Check
    from clientindex.edition import Edition
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle

RATING_RESULTS = (
    "scores",
    "stars",
    "regions",
    "group_means",
    "score_parts",
    "star_doubt",
    "ranks",
    "error_check",
    "shrinkage",
    "regional",
    "change",
    "answer_weights",
    "case_mix",
)
"""Results that the command tells, by their names in the bundle."""

OLD_PREVIOUS = (
    "The results of the previous edition are absent, or older than its data or settings. Run this "
    "edition, which runs {path} first."
)


def read_rating(path: Path, *, check: Check) -> Rated:
    """Read or compute the results of the rating, see :func:`clientindex.cli.rated.read_rated`."""
    return read_rated(path, names=RATING_RESULTS, check=check, compute=_compute)


def _compute(edition: Edition, methodology: Methodology, check: Check) -> Rated:
    """Compute the results that the bundle of the edition would have; nothing is written."""
    checked = check_data(edition, methodology)
    tables = checked.require_tables()
    check(tables.register)
    previous, unread = _read_previous(edition)
    with make_reporter() as reporter, reporter.step("scores, stars and how sure they are"):
        material = prepare_material(
            edition,
            methodology,
            tables=tables,
            warnings=pd.DataFrame(),
            previous=previous,
            counted=checked.counts,
        )
        results = run_rating(material, {})
    return Rated(
        edition=edition,
        methodology=methodology,
        results={name: results[name] for name in RATING_RESULTS},
        up_to_date=False,
        unread_previous=unread,
    )


def _read_previous(edition: Edition) -> tuple[Bundle | None, str]:
    """Return the results of the previous edition, or why they cannot be used."""
    path = edition.previous
    if path is not None and is_edition_file(path):
        bundle = find_current(load_edition(path), names=RATING_RESULTS)
        return bundle, "" if bundle is not None else OLD_PREVIOUS.format(path=path.name)
    try:
        return load_previous(edition), ""
    except BundleError as exc:
        return None, str(exc)
