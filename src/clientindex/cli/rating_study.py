"""Results of the rating for the command: those of the last run, or computed where they are old."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from clientindex.cli.plain_tables import print_words
from clientindex.cli.reporter import make_reporter
from clientindex.cli.study import load_settings
from clientindex.edition import load_edition
from clientindex.errors import BundleError
from clientindex.intake import require_tables, run_intake
from clientindex.pipeline.fingerprint import collect_run_inputs
from clientindex.pipeline.material import prepare_material
from clientindex.pipeline.previous import (
    check_previous,
    hash_previous,
    is_edition_file,
    load_previous,
)
from clientindex.pipeline.rating_stage import run_rating
from clientindex.results import Stars, Unavailable, load_bundle
from clientindex.results.bundle import check_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle, Result

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

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rated:
    """An edition with the results of its rating.

    Attributes
    ----------
    edition : Edition
    methodology : Methodology
    results : mapping
        By the names of :data:`RATING_RESULTS`, or of those that another command tells.
    up_to_date : bool
        Whether they were read from the last run; else they were computed now.
    unread_previous : str
        Why the previous edition could not be read; "" where it was, or there is none.
    """

    edition: Edition
    methodology: Methodology
    results: Mapping[str, Result]
    up_to_date: bool
    unread_previous: str = ""

    @property
    def stars(self) -> Stars:
        """Stars, which every edition has."""
        found = self.results["stars"]
        assert isinstance(found, Stars)
        return found

    def take(self, name: str, kind: type[Kind]) -> Kind | Unavailable:
        """Return a result, or the reason why there is none.

        Raises
        ------
        TypeError
            If it is of another type.
        """
        found = self.results[name]
        if not isinstance(found, (kind, Unavailable)):
            msg = f"{name} is {type(found).__name__}, not {kind.__name__}"
            raise TypeError(msg)
        return found


def read_rating(path: Path, *, check: Callable[[pd.DataFrame], None]) -> Rated:
    """Read the results of the last run, or compute them; print how many centres there are.

    Parameters
    ----------
    path : Path
        Of the edition.
    check : callable
        Given the register (``centre``, ``name``, ``region``) before anything is computed; refuses
        what is not in it.

    Raises
    ------
    IntakeError
        If the data have faults.
    ClientIndexError
        Of another class for wrong settings.
    """
    edition, methodology = load_settings(path)
    check_previous(edition, path=path)
    bundle = find_current(path, edition)
    if bundle is None:
        rated = _compute(edition, methodology, check)
    else:
        check(take_register(bundle))
        results = {name: bundle.results[name] for name in RATING_RESULTS}
        rated = Rated(edition=edition, methodology=methodology, results=results, up_to_date=True)
    tell_size(rated)
    return rated


def find_current(
    path: Path, edition: Edition, *, names: Collection[str] = RATING_RESULTS
) -> Bundle | None:
    """Return the results of the last run where they are whole and nothing has changed since.

    `names` are those that must be among them.
    """
    try:
        bundle = load_bundle(edition.results_dir) if _is_current(path, edition) else None
    except (OSError, BundleError):
        return None
    return bundle if bundle is not None and set(names) <= set(bundle.results) else None


def _is_current(path: Path, edition: Edition) -> bool:
    """Return whether a run would compute nothing, here or in a previous edition."""
    previous = edition.previous
    by_file = previous is not None and is_edition_file(previous)
    if previous is not None and by_file and not _is_current(previous, load_edition(previous)):
        return False
    inputs = collect_run_inputs(
        path,
        edition.methodology,
        edition.input_files,
        previous_sha256=hash_previous(edition),
    )
    return check_bundle(edition.results_dir).fingerprint == inputs.fingerprint()


def take_register(bundle: Bundle) -> pd.DataFrame:
    """Return the centres of a bundle: ``centre``, ``name``, ``region`` among others."""
    stars = bundle.results["stars"]
    assert isinstance(stars, Stars)
    return stars.frame


def _compute(
    edition: Edition, methodology: Methodology, check: Callable[[pd.DataFrame], None]
) -> Rated:
    """Compute the results that the bundle of the edition would have; nothing is written."""
    tables = require_tables(run_intake(edition, methodology))
    check(tables.register)
    previous, unread = _read_previous(edition)
    with make_reporter() as reporter, reporter.step("scores, stars and how sure they are"):
        material = prepare_material(
            edition, methodology, tables=tables, warnings=pd.DataFrame(), previous=previous
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
        bundle = find_current(path, load_edition(path))
        return bundle, "" if bundle is not None else OLD_PREVIOUS.format(path=path.name)
    try:
        return load_previous(edition), ""
    except BundleError as exc:
        return None, str(exc)


def tell_size(rated: Rated) -> None:
    """Print how many centres and respondents there are, and where results come from."""
    frame = rated.stars.frame
    source = "results of the last run" if rated.up_to_date else "computed now, not kept"
    print_words(
        f"{rated.edition.id}: {len(frame)} centres in {frame['region'].nunique()} regions, "
        f"{frame['n'].sum():.0f} respondents; {source}"
    )
