"""Numbered notes under tables: why a cell has no number, and what a number must be read with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from clientindex.cli.plain_tables import print_words, write_interval
from clientindex.results import INDEX
from clientindex.wording import load_wording
from clientindex.wording.absence import name_reason
from clientindex.wording.words import find_placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from clientindex.methodology import Methodology

ALL_INDICATORS = "all indicators"
"""What tables call the group of all indicators; files have its key, "index"."""

ABSENT = "-"
"""A cell without a number."""


def name_row(group: str, whole: str = ALL_INDICATORS) -> str:
    """Return what a table calls a group; `whole` is the name of the key "index"."""
    return whole if group == INDEX else group


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """What is not defined for one reason; "" stands for every group, or every statistic."""

    groups: tuple[str, ...]
    statistics: tuple[str, ...]
    about: tuple[str, ...]
    text: str

    def covers(self, group: str, statistics: tuple[str, ...]) -> bool:
        """Return whether this is a reason why one of the statistics is not defined."""
        named = {"", *statistics} & set(self.statistics)
        return bool(named) and bool({"", group} & set(self.groups))

    def fits(self, group: str, statistics: tuple[str, ...], about: str) -> tuple[bool, ...]:
        """Return how closely it speaks of a cell; the largest is the closest."""
        named = bool(set(statistics) & set(self.statistics))
        return bool(about) and about in self.about, named, group in self.groups


class Footnotes:
    """Notes of one section, numbered in the order in which its cells ask for them.

    Parameters
    ----------
    left_out : DataFrame
        ``group``, ``statistic``, ``reason``, ``detail``: what is not defined in the part of the
        data that is shown. ``group`` may be absent.
    methodology : Methodology
    names : mapping, optional
        What tables call a statistic; those that are absent keep their keys.
    room : str
        Stage whose own words for a reason are taken before those that all stages share.
    whole : str
        What tables call the key "index".
    """

    def __init__(
        self,
        left_out: pd.DataFrame,
        methodology: Methodology,
        *,
        names: Mapping[str, str] | None = None,
        room: str = "reliability",
        whole: str = ALL_INDICATORS,
    ) -> None:
        self._names = names or {}
        self._whole = whole
        self._gaps = _collect(left_out, methodology, self._names, room=room, whole=whole)
        self._texts: list[str] = []

    def mark(self, text: str) -> str:
        """Return the number of a note, a new one where it is told for the first time."""
        if text not in self._texts:
            self._texts.append(text)
        return f"({self._texts.index(text) + 1})"

    def explain(self, group: str, *statistics: str, about: str = "") -> str:
        """Return the number of the note that says why a statistic is not defined.

        `statistics` are its key, and those that stand for several in which it is; `about` is the
        indicator of the cell, if it has one.
        """
        found = [gap for gap in self._gaps if gap.covers(group, statistics)]
        if found:
            return self.mark(max(found, key=lambda gap: gap.fits(group, statistics, about)).text)
        subjects = name_row(group, self._whole), self._names.get(statistics[0], statistics[0])
        return self.mark(_join(subjects, "not defined; the analysis gives no reason"))

    def dash(self, group: str, *statistics: str, about: str = "") -> str:
        """Return the cell of a statistic that is not defined."""
        return f"{ABSENT} {self.explain(group, *statistics, about=about)}"

    def write(
        self, row: Any, group: str, *statistics: str, about: str = "", form: str = "z.3f"
    ) -> str:
        """Write an estimate with its interval, or a dash; what is missing gets a note.

        `row` has ``estimate``, ``ci_low`` and ``ci_high``; None is an estimate that is not defined.
        """
        if row is None or not math.isfinite(row.estimate):
            return self.dash(group, *statistics, about=about)
        ends = write_interval(row.ci_low, row.ci_high, form=form)
        return f"{row.estimate:{form}} {ends or self.explain(group, *statistics, about=about)}"

    def tell(self) -> None:
        """Print all notes; what no cell has asked for stands at the end."""
        asked = len(self._texts)
        for gap in self._gaps:
            self.mark(gap.text)
        for number, text in enumerate(self._texts, start=1):
            if number == asked + 1 and asked:
                click.echo("Also not defined:")
            print_words(f"({number}) {text}")


def _collect(
    left_out: pd.DataFrame,
    methodology: Methodology,
    names: Mapping[str, str],
    *,
    room: str,
    whole: str,
) -> list[_Gap]:
    """Join what is not defined for the same reason: statistics of a group, then such groups."""
    statistics: dict[tuple[str, str, str], list[str]] = {}
    for row in left_out.to_dict("records"):
        key = row["reason"], row["detail"], row.get("group", "")
        statistics.setdefault(key, []).append(row["statistic"])
    groups: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for (reason, detail, group), whats in statistics.items():
        groups.setdefault((reason, detail, tuple(whats)), []).append(group)
    every = {*methodology.group_keys, INDEX}
    return [
        _Gap(
            groups=tuple(own),
            statistics=whats,
            about=tuple(detail.split(", ")),
            text=_join(
                [
                    *(name_row(group, whole) for group in own if set(own) != every),
                    *(names.get(what, what) for what in whats),
                ],
                say_reason(reason, detail, methodology, room=room),
            ),
        )
        for (reason, detail, whats), own in groups.items()
    ]


def _join(subjects: Iterable[str], text: str) -> str:
    """Return what a text is about, and the text."""
    about = ", ".join(subject for subject in subjects if subject)
    return f"{about}: {text}" if about else text


def say_reason(reason: str, detail: str, methodology: Methodology, *, room: str) -> str:
    """Say a reason, with what it is about by key where its words do not name it."""
    wording = load_wording("en")
    own = [f"{room}_detailed.{reason}"] * bool(detail) + [f"{room}.{reason}"]
    key = next((key for key in own if f"unavailable.{key}" in wording.texts), reason)
    sentence = name_reason(key, detail, methodology, wording=wording)
    if key == reason or not detail or find_placeholders(wording.texts[f"unavailable.{key}"]):
        return sentence
    status = f"status.{detail}"
    return f"{sentence.rstrip('.')}: {wording.texts.get(status, detail)}."
