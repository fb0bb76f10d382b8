"""One edition (year) of the publication: its data, methodology, languages, seed and outputs."""

from clientindex.edition.load import load_edition
from clientindex.edition.model import (
    STAGES,
    ChecklistSource,
    ColumnSpec,
    EarlierThan,
    Edition,
    EditionCard,
    MarginsSource,
    MeasureSource,
    RegisterSource,
    RevisionNote,
    Simulation,
    SurveySource,
)

__all__ = [
    "STAGES",
    "ChecklistSource",
    "ColumnSpec",
    "EarlierThan",
    "Edition",
    "EditionCard",
    "MarginsSource",
    "MeasureSource",
    "RegisterSource",
    "RevisionNote",
    "Simulation",
    "SurveySource",
    "load_edition",
]
