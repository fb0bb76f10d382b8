"""``clientindex reliability --drop / --move``: what another set of indicators does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clientindex.cli.csv_frames import make_folder, write_frames
from clientindex.cli.options import refuse, require_known
from clientindex.cli.plain_tables import print_words
from clientindex.cli.reliability_parts import Part, check_choice, choose_part
from clientindex.cli.reliability_sets import tell_comparison
from clientindex.cli.reporter import make_reporter
from clientindex.cli.study import FAULTY_DATA, load_settings, read_study
from clientindex.errors import StatisticsError
from clientindex.reliability import compare_sets, list_scopes
from clientindex.reliability.sets import change_set, list_sets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from clientindex.cli.study import Study
    from clientindex.methodology import Methodology
    from clientindex.reliability.scopes import Kind, Scope

FILE = "set_change"
"""Name of the file of --csv, without its ending."""


def run_change(
    path: Path,
    asked: Mapping[Kind, str | None],
    *,
    drop: Sequence[str],
    move: Sequence[str],
    csv: Path | None,
) -> int:
    """Print what a change of the set does, and return the exit code.

    The change is checked before the answers are read. Faulty data (1) when there is nothing to
    compare.

    Raises
    ------
    click.BadParameter
        If the change or the part of the data is not possible.
    EditionError
        If the folder for the files cannot be written.
    StatisticsError
        If the part of the data has one centre.
    """
    edition, methodology = load_settings(path)
    check_choice(asked, methodology)
    moves = read_change(drop, move, methodology)
    if csv is not None:
        make_folder(csv)
    study = read_study(edition, methodology, subject="what a change of the set does")
    part = choose_part(asked, study)
    scope = _find_scope(part, study)
    with make_reporter() as reporter, reporter.step("groups before and after the change"):
        changed = compare_sets(scope, methodology, drop=drop, move=moves)
    n, centres = int(scope.counts.n.sum()), len(scope.regions)
    click.echo(f"Part of the data: {part} ({n} respondents, {centres} centres)")
    print_words(f"{describe_change(drop, moves)} ({methodology.intervals.level:.0%} intervals)")
    known = tell_comparison(changed, count_indicators(methodology, drop, moves), methodology)
    if csv is not None:
        write_frames({FILE: changed}, csv)
        click.echo(f"wrote {csv / FILE}.csv")
    return 0 if known else FAULTY_DATA


def read_change(
    drop: Sequence[str], move: Sequence[str], methodology: Methodology
) -> dict[str, str]:
    """Return the group that every moved indicator joins.

    Raises
    ------
    click.BadParameter
        For names that the methodology lacks, and changes that cannot be made.
    """
    for key in drop:
        require_known(key, methodology.indicator_keys, option="--drop", what="indicator")
    moves: dict[str, str] = {}
    for text in move:
        key, equals, target = text.partition("=")
        if not equals:
            refuse(f"read {text!r}; write INDICATOR=GROUP", option="--move")
        require_known(key, methodology.indicator_keys, option="--move", what="indicator")
        require_known(target, methodology.group_keys, option="--move", what="group")
        if moves.setdefault(key, target) != target:
            refuse(f"{key} is moved to {moves[key]} and to {target}", option="--move")
        if methodology.group_of(key) == target:
            refuse(f"{key} is in {target} already", option="--move")
    try:
        change_set(methodology, drop=drop, move=moves)
    except StatisticsError as exc:
        refuse(str(exc), option="--drop")
    return moves


def _find_scope(part: Part, study: Study) -> Scope:
    """Return a part of the data with its counts.

    Raises
    ------
    StatisticsError
        If it has one centre.
    """
    scopes = list_scopes(study.counts, study.methodology, study.strata)
    scope = next(s for s in scopes if (s.kind, s.part) == (part.kind, part.key))
    if len(scope.regions) < 2:
        msg = f"{part}: there is one centre; intervals come from the differences between centres"
        raise StatisticsError(msg)
    return scope


def describe_change(drop: Sequence[str], move: Mapping[str, str]) -> str:
    """Say what is changed, and what becomes of the weights."""
    parts = [f"without {', '.join(dict.fromkeys(drop))}"] if drop else []
    parts += [f"with {key} in {target}" for key, target in move.items()]
    text = "The set " + ", ".join(parts)
    text += ". Weights left in a group are scaled to sum to 1"
    return text + ("; one that moves gets the mean weight of the group it joins" if move else "")


def count_indicators(
    methodology: Methodology, drop: Sequence[str], move: Mapping[str, str]
) -> dict[str, tuple[int, int]]:
    """Return the number of indicators of every group, and of all, before and after a change."""
    after = change_set(methodology, drop=drop, move=move)
    return {
        key: (len(before.items), len(after[key].items) if key in after else 0)
        for key, before in list_sets(methodology).items()
    }
