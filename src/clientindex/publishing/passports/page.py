"""The page of a passport in words: everything that the template prints, ready to be printed."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from clientindex.publishing.passports.change import tell_change
from clientindex.publishing.passports.scores import describe_scores
from clientindex.publishing.passports.stars import describe_stars
from clientindex.results import EditionChange, Stars
from clientindex.tables.rating.names import say_reason
from clientindex.wording.absence import explain_absence
from clientindex.wording.names import name_region, name_segment
from clientindex.wording.sentences.provenance import list_status

if TYPE_CHECKING:
    from clientindex.publishing.passports.values import Estimate, Passport, Standing
    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

    Page = dict[str, Any]

LONGEST_WORD: Final = 24
"""Letters after which a word may be broken without a hyphen: nothing may leave the page."""
LONGEST_PLACE: Final = 300
"""Characters of the name of a centre that a page shows."""
MOVES_SHOWN: Final = 11
"""Rows of what would move the star; the first of them say most."""
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
"""Signs that turn the direction of all that follows."""
_LONG: Final = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWriter:
    """Writes the pages of one bundle in one language.

    Attributes
    ----------
    bundle : Bundle
        Places already named in the language.
    wording : Wording
    """

    bundle: Bundle
    wording: Wording

    def write(self, passport: Passport, moves: TableSpec | None) -> Page:
        """Return what the template prints: texts, and numbers of the drawings.

        Parameters
        ----------
        passport : Passport
        moves : TableSpec or None
            What would move the star, if it is known.
        """
        bundle, wording = self.bundle, self.wording
        edition, name = bundle.edition, shorten(passport.name)
        page = {
            "lang": wording.language,
            "heading": wording.text("passport.heading"),
            "title": wording.text("passport.title", name=name),
            "author": edition.publisher.in_language(wording.language),
            "edition": edition.title.in_language(wording.language),
            "synthetic": wording.text("passport.synthetic") if edition.synthetic else "",
            "name": name,
            "place": wording.text(
                "passport.place", code=passport.centre, region=passport.region or wording.missing
            ),
            "stars": describe_stars(passport, bundle, wording),
            "index": self._describe_index(passport),
            "rank": self._describe_rank(passport),
            "n": self._tell_n(passport),
            "scores": describe_scores(passport, bundle, wording),
            "change": {
                "title": wording.text("passport.change.title"),
                "text": self._tell_change(passport),
            },
            "moves": self._describe_moves(passport, moves),
            "limits": {
                "title": wording.text("passport.limits.title"),
                "text": wording.text("passport.limits.text"),
            },
            "footer": self._list_footer(passport),
        }
        clean: Page = clean_texts(page)
        return clean

    def _describe_index(self, passport: Passport) -> Page:
        wording, methodology = self.wording, self.bundle.methodology
        rows = [
            [name_segment(segment, methodology, wording), *write_estimate(estimate, wording)]
            for segment, estimate in passport.index
        ]
        known = any(estimate.value is not None for _, estimate in passport.index)
        bounded = methodology.scoring.scale == "points"
        return {
            "title": wording.text(f"passport.index.title{'' if bounded else '_standard'}"),
            "columns": [
                wording.text(f"passport.index.{key}") for key in ("part", "value", "interval", "n")
            ],
            "rows": rows if known else [],
            "note": "" if known else wording.text("passport.index.none"),
        }

    def _describe_rank(self, passport: Passport) -> Page:
        wording = self.wording
        heads = [wording.text(f"passport.rank.{key}") for key in ("scope", "value", "set", "of")]
        reasons = [self._explain(standing) for standing in passport.standings]
        notes = [reason for reason in dict.fromkeys(reasons) if reason]
        if passport.star is None:
            notes = [wording.text("passport.rank.none")]
        elif not any(standing.low for standing in passport.standings) and not notes:
            notes = [explain_absence(self.bundle, ["ranks"], wording=wording)]
        return {
            "title": wording.text("passport.rank.title"),
            "columns": heads,
            "rows": [self._write_standing(standing) for standing in passport.standings],
            "note": " ".join(filter(None, notes)),
        }

    def _write_standing(self, standing: Standing) -> list[str]:
        wording = self.wording
        ends = (standing.low, standing.high)
        none = wording.missing
        known = None not in ends
        return [
            name_region(standing.scope, wording),
            none if standing.rank is None else wording.integer(standing.rank),
            wording.interval(ends[0] or 0, ends[1] or 0, 0) if known else none,
            none if standing.of is None else wording.integer(standing.of),
        ]

    def _explain(self, standing: Standing) -> str:
        if not standing.reason:
            return ""
        said = say_reason(standing.reason, self.bundle.methodology, self.wording)
        return f"{name_region(standing.scope, self.wording)}: {said}"

    def _tell_n(self, passport: Passport) -> str:
        wording = self.wording
        n = passport.index[0][1].n
        if n is None:
            return wording.text("passport.n.unknown")
        if n == 0:
            return wording.text("passport.n.none")
        said = wording.text("passport.n.all", n=wording.counted(n, "respondent"))
        if passport.small_sample is None:
            return said
        limit = wording.counted(passport.small_sample, "respondent_of")
        return f"{said} {wording.text('passport.n.small', limit=limit)}"

    def _tell_change(self, passport: Passport) -> str:
        absence = explain_absence(self.bundle, ["change"], wording=self.wording)
        if absence:
            return absence
        result = self.bundle.get("change", EditionChange)
        fdr = result.fdr if isinstance(result, EditionChange) else math.nan
        return tell_change(passport.change, self.bundle.methodology, self.wording, fdr=fdr)

    def _describe_moves(self, passport: Passport, moves: TableSpec | None) -> Page:
        wording = self.wording
        rows = [] if moves is None else list(moves.rows)
        shown = [[str(cell or wording.missing) for cell in row] for row in rows[:MOVES_SHOWN]]
        return {
            "title": wording.text("passport.moves.title"),
            "columns": [wording.text(f"passport.moves.{key}") for key in ("what", "how", "stars")],
            "rows": shown,
            "note": self._note_moves(passport, len(shown), len(rows)),
        }

    def _note_moves(self, passport: Passport, shown: int, total: int) -> str:
        wording = self.wording
        if passport.star is None:
            return wording.text("passport.moves.withheld")
        if not total:
            absence = explain_absence(self.bundle, ["weight_bounds"], wording=wording)
            return absence or wording.text("passport.moves.none")
        said = wording.text("passport.moves.note")
        if shown == total:
            return said
        values = {"shown": wording.integer(shown), "total": wording.integer(total)}
        return f"{said} {wording.text('passport.moves.more', **values)}"

    def _list_footer(self, passport: Passport) -> list[str]:
        bundle, wording = self.bundle, self.wording
        stars = bundle.results.get("stars")
        level = stars.level if isinstance(stars, Stars) else bundle.methodology.intervals.level
        status = list_status(bundle.edition, bundle.manifest, wording=wording)
        said = wording.text("passport.footer", level=wording.percent(level))
        said = f"{said} {wording.text('missing.note')}"
        told = (*(e for _, e in passport.index), *(scored.survey for scored in passport.scores))
        if any(estimate.hidden for estimate in told):
            fewest = wording.integer(bundle.methodology.disclosure.fewest)
            said = f"{said} {wording.text('hidden.note', n=fewest)}"
        return [said, " · ".join(status)]


def write_estimate(estimate: Estimate, wording: Wording) -> list[str]:
    """Write a number, its interval and n; without one, the sign or the word for it."""
    low, high = estimate.low, estimate.high
    none = wording.text("hidden.mark") if estimate.hidden else wording.missing
    return [
        none if estimate.value is None else wording.number(estimate.value),
        none if low is None or high is None else wording.interval(low, high),
        none if estimate.n is None else wording.integer(estimate.n),
    ]


def shorten(name: str) -> str:
    """Cut a name that no page could show in letters that can be read."""
    whole = " ".join(name.split())
    return whole if len(whole) <= LONGEST_PLACE else f"{whole[:LONGEST_PLACE].rstrip()}…"


def clean_texts(value: Any) -> Any:
    """Make every text printable, whatever a register holds: one line, no signs without a look.

    Signs that turn the direction of writing are dropped, and words that are longer than a column
    may be broken. A number that is not finite becomes nothing.
    """
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, dict):
        return {key: clean_texts(part) for key, part in value.items()}
    if isinstance(value, list):
        return [clean_texts(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _clean_text(text: str) -> str:
    lines = re.sub(r"[\t\n\r\f\v\u2028\u2029]+", " ", text)
    seen = "".join(c for c in lines if unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co"))
    return _LONG.sub(lambda found: f"{found[0]}\u200b", _TURNING.sub("", seen)).strip()
