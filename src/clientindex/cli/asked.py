"""What a command on the results of a rating is asked for, and how it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from clientindex.cli.csv_frames import make_folder, write_results
from clientindex.cli.options import refuse
from clientindex.cli.rating_nearest import require_centre, require_region
from clientindex.cli.study import FAULTY_DATA

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from clientindex.cli.rated import Check, Rated


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: a part of the results, and folders for files."""

    what: tuple[str, ...] = ()
    region: str | None = None
    centre: str | None = None
    csv: Path | None = None
    figures: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a command prints and writes.

    Attributes
    ----------
    read : callable
        Reads or computes the results of an edition.
    region, centre : callable
        Print the centres of a region, and one centre.
    parts : mapping
        Part -> what prints it and returns whether it has results.
    whole : callable
        Prints what is shown unless something is asked for.
    results : tuple of str
        Names of the results that are written as CSV.
    write_figures : callable
        Writes figures of the whole, a region or a centre; returns what to say of them.
    """

    read: Callable[[Path, Check], Rated]
    region: Callable[[Rated, str], object]
    centre: Callable[[Rated, str], object]
    parts: Mapping[str, Callable[[Rated], bool]]
    whole: Callable[[Rated], object]
    results: tuple[str, ...]
    write_figures: Callable[[Rated, Asked, Path], str]


def answer(path: Path, asked: Asked, answers: Answers) -> int:
    """Print and write what is asked for, and return the exit code.

    What is not defined is said with its reason; faulty data (1) when nobody has an index.

    Raises
    ------
    click.BadParameter
        If options exclude each other, or the region or centre is not there.
    EditionError
        If a folder for files cannot be written.
    """
    check_asked(asked)
    rated = answers.read(path, lambda register: check_register(register, asked))
    _tell(rated, asked, answers)
    if asked.csv is not None:
        results = {name: rated.results[name] for name in answers.results}
        n_files = write_results(results, asked.csv)
        click.echo(f"\n{n_files} CSV files of all results in {asked.csv}")
    if asked.figures is not None:
        click.echo(f"\n{answers.write_figures(rated, asked, asked.figures)}")
    return 0 if rated.stars.frame["estimate"].notna().any() else FAULTY_DATA


def check_asked(asked: Asked) -> None:
    """Refuse what is wrong before anything is read."""
    given = {"--what": asked.what, "--region": asked.region, "--centre": asked.centre}
    named = [option for option, value in given.items() if value]
    if len(named) > 1:
        refuse(f"{' and '.join(named)} exclude each other; ask for one at a time", option=named[0])
    for folder in (asked.csv, asked.figures):
        if folder is not None:
            make_folder(folder)


def check_register(register: pd.DataFrame, asked: Asked) -> None:
    """Refuse a region or a centre that is not there, before anything is computed."""
    if asked.region is not None:
        require_region(asked.region, register)
    if asked.centre is not None:
        require_centre(asked.centre, register)


def _tell(rated: Rated, asked: Asked, answers: Answers) -> None:
    """Print a region, a centre, parts in their own order, or the whole."""
    if asked.what:
        for name, tell in answers.parts.items():
            if name in asked.what:
                click.echo("")
                tell(rated)
        return
    click.echo("")
    if asked.region is not None:
        answers.region(rated, asked.region)
    elif asked.centre is not None:
        answers.centre(rated, asked.centre)
    else:
        answers.whole(rated)
