"""One edition (year) of the publication: its data, methodology, languages, seed and outputs."""

from clientindex.edition.file_kind import is_edition_file
from clientindex.edition.load import load_edition
from clientindex.edition.model import STAGES, Edition, EditionCard, LeaveOut, RevisionNote
from clientindex.edition.simulation import EarlierThan, Simulation
from clientindex.edition.sources import (
    ChecklistSource,
    ColumnSpec,
    MarginsSource,
    MeasureSource,
    RegisterSource,
    SurveySource,
)
from clientindex.edition.spark_table import SparkTable

__all__ = [
    "STAGES",
    "ChecklistSource",
    "ColumnSpec",
    "EarlierThan",
    "Edition",
    "EditionCard",
    "LeaveOut",
    "MarginsSource",
    "MeasureSource",
    "RegisterSource",
    "RevisionNote",
    "Simulation",
    "SparkTable",
    "SurveySource",
    "is_edition_file",
    "load_edition",
]
