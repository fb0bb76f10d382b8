"""Which columns of a survey file are read in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientindex.intake.identifiers import encode_identifiers
from clientindex.intake.raw import clean_text, encode_arrow, encode_presence
from clientindex.intake.whole_numbers import encode_whole_numbers

if TYPE_CHECKING:
    from clientindex.edition import ColumnSpec, SurveySource
    from clientindex.intake.raw import TextColumn
    from clientindex.methodology import Methodology

_ROLES = ("respondent", "centre", "segment", "period", "channel", "day", "duration")
_ID = "respondent"


@dataclass(frozen=True, slots=True)
class ColumnEncoder:
    """Makes columns of a survey file from Arrow arrays.

    Ids of respondents are kept as Arrow text, and of a column that nothing uses only which cells
    are filled.

    Attributes
    ----------
    needed : frozenset of str
        Headings of the columns that are used.
    identifier : str
        Heading of the ids; "" where they are found by a pattern.
    decimal : {".", ","}
        Decimal mark to write numbers with.
    """

    needed: frozenset[str]
    identifier: str
    decimal: str

    def __call__(self, name: str, cells: Any) -> TextColumn:
        """Make the column of a heading from an Arrow array of any type."""
        heading = clean_text(name)
        if heading == self.identifier:
            return encode_identifiers(name, cells, decimal=self.decimal)
        if heading in self.needed:
            return encode_whole_numbers(name, cells) or encode_arrow(
                name, cells, decimal=self.decimal
            )
        return encode_presence(name, cells)


def make_encoder(source: SurveySource, methodology: Methodology) -> ColumnEncoder:
    """Return the encoder of a file of single answers."""
    specs: dict[str, ColumnSpec] = {str(role): spec for role, spec in source.columns.items()}
    specs |= source.traits
    named = {role: specs[role].column if role in specs else role for role in (*_ROLES, *specs)}
    answers = [source.indicators.get(key, key) for key in methodology.indicator_keys]
    headings = [*named.values(), *answers, *source.where]
    needed = [clean_text(heading) for heading in headings]
    identifier = clean_text(named[_ID])
    plain = _ID not in specs or specs[_ID].pattern is None
    alone = needed.count(identifier) == 1
    return ColumnEncoder(
        needed=frozenset(needed),
        identifier=identifier if plain and alone else "",
        decimal=source.decimal,
    )
