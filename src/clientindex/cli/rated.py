"""Results of a rating for the commands: those of the last run, or computed where they are old."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from clientindex.cli.plain_tables import print_words
from clientindex.cli.study import load_settings
from clientindex.errors import BundleError
from clientindex.pipeline.currency import is_run_current
from clientindex.pipeline.previous import check_previous
from clientindex.results import Stars, Unavailable, load_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    import pandas as pd

    from clientindex.edition import Edition
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle, Result

    Check = Callable[[pd.DataFrame], None]
    Compute = Callable[[Edition, Methodology, Check], "Rated"]

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rated:
    """An edition with the results of its rating.

    Attributes
    ----------
    edition : Edition
    methodology : Methodology
    results : mapping
        By the names of those that a command tells.
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


def read_rated(path: Path, *, names: Collection[str], check: Check, compute: Compute) -> Rated:
    """Read the results of the last run, or compute them; print how many centres there are.

    Parameters
    ----------
    path : Path
        Of the edition.
    names : collection of str
        Results that are told.
    check : callable
        Given the register (``centre``, ``name``, ``region``) before anything is computed; refuses
        what is not in it.
    compute : callable
        Given edition, methodology and `check`; called where results are old or lack a name.

    Raises
    ------
    IntakeError
        If the data have faults.
    ClientIndexError
        Of another class for wrong settings.
    """
    edition, methodology = load_settings(path)
    check_previous(edition, path=path)
    bundle = find_current(edition, names=names)
    if bundle is None:
        rated = compute(edition, methodology, check)
    else:
        check(take_register(bundle))
        results = {name: bundle.results[name] for name in names}
        rated = Rated(edition=edition, methodology=methodology, results=results, up_to_date=True)
    tell_size(rated)
    return rated


def find_current(edition: Edition, *, names: Collection[str]) -> Bundle | None:
    """Return the results of the last run where they are whole and nothing has changed since.

    `names` are those that must be among them.
    """
    try:
        bundle = load_bundle(edition.results_dir) if is_run_current(edition) else None
    except (OSError, BundleError):
        return None
    return bundle if bundle is not None and set(names) <= set(bundle.results) else None


def take_register(bundle: Bundle) -> pd.DataFrame:
    """Return the centres of a bundle: ``centre``, ``name``, ``region`` among others."""
    stars = bundle.results["stars"]
    assert isinstance(stars, Stars)
    return stars.frame


def tell_size(rated: Rated) -> None:
    """Print how many centres and respondents there are, and where results come from."""
    frame = rated.stars.frame
    source = "results of the last run" if rated.up_to_date else "computed now, not kept"
    print_words(
        f"{rated.edition.id}: {len(frame)} centres in {frame['region'].nunique()} regions, "
        f"{frame['n'].sum():.0f} respondents; {source}"
    )
