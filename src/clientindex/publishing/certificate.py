"""What the cells of the certificate use: a verification, told in a language on one page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clientindex.results.verification import (
    DIFFERENCES_NAME,
    VERIFICATION_NAME,
    load_verification,
)
from clientindex.tables import to_markdown
from clientindex.tables.markdown import escape_markdown
from clientindex.tables.spec import Column, TableSpec
from clientindex.wording import load_wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from clientindex.results.verification import Cause, Difference, Verification
    from clientindex.wording import Wording

MOST_LINES: Final = 4
"""Differences, and causes, that leave the certificate on one page."""
MOST_FILES: Final = 3
MOST_SIGNS: Final = 44
HASH_LENGTH: Final = 12
_QUESTIONS: Final = ("complete", "stable", "consistent")
_CUT: Final = "…"
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Certificate:
    """A verification told in one language."""

    found: Verification
    wording: Wording

    def show_verdict(self) -> None:
        """Print the verdict in a box, and the three words with what they mean."""
        kind, key = self._name_verdict()
        title = self._text(key).replace('"', '\\"')
        intro = self._text("intro", date=self.wording.date(self.found.verified))
        box = f'::: {{.callout-{kind} title="{title}"}}\n{escape_markdown(intro)}\n:::'
        print(f"\n{box}\n\n{to_markdown(self._build_verdict(), wording=self.wording)}\n")

    def show_compared(self) -> None:
        """Print how much was compared, and the files that are not as they were published."""
        told = [self._tell_compared(), *self._tell_files()]
        print("\n" + "\n\n".join(map(escape_markdown, told)) + "\n")

    def show_differences(self) -> None:
        """Print the first differences as a table, or that there are none."""
        counted = self.found.counted
        if counted:
            print(f"\n{to_markdown(self._build_differences(counted), wording=self.wording)}\n")
        elif not self.found.altered and not self.found.missing:
            print(f"\n{escape_markdown(self._text('no_differences'))}\n")
        others = len(self.found.differences) - len(counted)
        if others:
            told = self._text(
                "other_differences", differences=self.wording.counted(others, "difference")
            )
            print(f"\n{escape_markdown(told)}\n")

    def show_causes(self) -> None:
        """Print what the rebuilt publication was made from that is not what was published from."""
        causes = self.found.causes
        if not causes:
            print(f"\n{escape_markdown(self._text('no_causes'))}\n")
            return
        items = [self._tell_cause(cause) for cause in causes[:MOST_LINES]]
        if len(causes) > MOST_LINES:
            more = self.wording.integer(len(causes) - MOST_LINES)
            items.append(self._text("more_causes", n=more, file=VERIFICATION_NAME))
        lines = "".join(f"- {escape_markdown(item)}\n" for item in items)
        print(f"\n{escape_markdown(self._text('causes'))}\n\n{lines}")

    def show_origin(self) -> None:
        """Print fingerprints, program and machine."""
        found = self.found
        told = self._text(
            "origin",
            published=found.published_fingerprint[:HASH_LENGTH],
            rebuilt=found.rebuilt_fingerprint[:HASH_LENGTH],
            version=found.code_version,
            code=found.code_sha256[:HASH_LENGTH],
            python=found.python_version,
            system=found.system,
            renderer=self._name_renderer(),
            lock=self._text(f"lock_{found.lock}"),
        )
        print(f"\n{escape_markdown(told)}\n")

    def _name_renderer(self) -> str:
        name, _, version = self.found.renderer.partition(" ")
        return self._text(f"renderer_{name}", version=version)

    def _text(self, key: str, **values: str) -> str:
        return self.wording.text(f"certificate.{key}", **values)

    def _name_verdict(self) -> tuple[str, str]:
        if not self.found.passed:
            return "warning", "failed"
        return "note", "partly" if self.found.stable == "not_asked" else "passed"

    def _build_verdict(self) -> TableSpec:
        found = self.found
        answers = {"complete": found.complete, "stable": found.stable}
        answers["consistent"] = found.consistent
        told = dict(zip(_QUESTIONS, self._tell_found(), strict=True))
        rows = tuple(
            (
                self._text(name),
                self._text(f"{name}_means"),
                self._text(f"answer_{answers[name]}"),
                told[name],
            )
            for name in _QUESTIONS
        )
        heads = ("question", "meaning", "answer", "found")
        columns = tuple(Column(key=head, header=self._text(head)) for head in heads)
        return TableSpec(key="verdict", caption=self._text("caption"), columns=columns, rows=rows)

    def _tell_found(self) -> Iterator[str]:
        found, counted = self.found, self.wording.counted
        files = found.compared.files
        out = self.wording.integer(files - len(found.missing))
        yield self._text("complete_found", out=out, files=counted(files, "file_of"))
        if found.stable == "no":
            n = counted(len(found.unstable), "file")
            yield self._text("stable_no", files=n)
        else:
            yield self._text(f"stable_{found.stable}")
        differences = counted(len(found.counted), "difference")
        yield self._text("consistent_found", differences=differences)

    def _tell_compared(self) -> str:
        compared, counted = self.found.compared, self.wording.counted
        return self._text(
            "compared",
            cells=counted(compared.cells, "cell"),
            tables=counted(compared.tables, "table_of"),
            marks=counted(compared.marks, "mark"),
            figures=counted(compared.figures, "figure_of"),
            numbers=counted(compared.numbers, "number_written"),
            passages=counted(compared.sentences, "passage_in"),
            identical=self.wording.integer(compared.identical),
            files=counted(compared.files, "file_of"),
            relative=_write_power(self.found.relative_tolerance),
            absolute=_write_power(self.found.absolute_tolerance),
        )

    def _tell_files(self) -> Iterator[str]:
        for name in ("missing", "altered", "unstable"):
            files: tuple[str, ...] = getattr(self.found, name)
            if files:
                yield self._text(name, files=self._list_files(files))

    def _list_files(self, files: Sequence[str]) -> str:
        shown = ", ".join(files[:MOST_FILES])
        if len(files) <= MOST_FILES:
            return shown
        more = self.wording.integer(len(files) - MOST_FILES)
        return self._text("more_files", files=shown, n=more)

    def _build_differences(self, counted: Sequence[Difference]) -> TableSpec:
        shown = counted[:MOST_LINES]
        caption = self._text("all_differences_caption")
        if len(counted) > MOST_LINES:
            caption = self._text(
                "differences_caption",
                shown=self.wording.integer(len(shown)),
                all=self.wording.integer(len(counted)),
                file=DIFFERENCES_NAME,
            )
        heads = ("where", "published", "rebuilt", "tolerance")
        return TableSpec(
            key="differences",
            caption=caption,
            columns=tuple(Column(key=head, header=self._text(head)) for head in heads),
            rows=tuple(self._tell_difference(difference) for difference in shown),
        )

    def _tell_difference(self, difference: Difference) -> tuple[str, ...]:
        places = (difference.document, difference.part, difference.row, difference.column)
        values = (difference.published, difference.rebuilt)
        shown = (_cut(value) or self._text("nothing") for value in values)
        return (_join(places), *shown, self._tell_tolerance(difference))

    def _tell_tolerance(self, difference: Difference) -> str:
        if difference.tolerance == "as_written":
            return self._text("as_written")
        near = (self.found.relative_tolerance, self.found.absolute_tolerance)
        relative, absolute = map(_write_power, near)
        return self._text("within", relative=relative, absolute=absolute)

    def _tell_cause(self, cause: Cause) -> str:
        nothing = self._text("nothing")
        return self._text(
            "cause",
            what=self._text(f"kind.{cause.kind}"),
            name=cause.name,
            published=_cut(cause.published) or nothing,
            now=_cut(cause.now) or nothing,
        )


def _write_power(value: float) -> str:
    """Write a power of ten with its exponent, other numbers as they are.

    Examples
    --------
    >>> _write_power(1e-09), _write_power(0.05)
    ('10⁻⁹', '0.05')
    """
    mantissa, _, exponent = f"{value:e}".partition("e")
    if not value or float(mantissa) != 1:
        return f"{value:g}"
    return "10" + str(int(exponent)).translate(_RAISED)


def _join(places: Iterable[str]) -> str:
    return " · ".join(_cut(place) for place in places if place)


def _cut(text: str) -> str:
    """Shorten what would not leave the certificate on its page."""
    return text if len(text) <= MOST_SIGNS else f"{text[:MOST_SIGNS]}{_CUT}"


def open_certificate(verification: str, language: str) -> Certificate:
    """Open a verification for the cells of the certificate.

    Parameters
    ----------
    verification : str
        File that :func:`clientindex.results.verification.save_verification` wrote.
    language : {"ru", "en"}

    Raises
    ------
    BundleError
        The file is absent or damaged.
    WordingError
        There is no such language.
    """
    found = load_verification(Path(verification))
    return Certificate(found=found, wording=load_wording(language))
