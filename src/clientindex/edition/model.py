"""The shape of an edition file as frozen pydantic models.

Every path that the program reads or writes comes from here. A relative path starts from the folder
of the edition file, so an edition can lie anywhere.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads annotations when the class is made
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from clientindex.edition.paths import AbsolutePath  # noqa: TC001 - as above
from clientindex.edition.simulation import Simulation  # noqa: TC001 - as above
from clientindex.edition.sources import Data, SurveySource, TableFile  # noqa: TC001 - as above
from clientindex.methodology import Bilingual  # noqa: TC001 - as above
from clientindex.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

Stage = Literal["rating", "sensitivity", "agreement", "reliability", "factors"]
STAGES: tuple[Stage, ...] = ("rating", "sensitivity", "agreement", "reliability", "factors")
"""Statistics that an edition may ask for, in the order of the report."""

Language = Literal["ru", "en"]
Format = Literal["html", "pdf", "docx"]
Document = Literal["rating", "methods"]
Respondents = Literal["keep", "count"]


class KnownError(Settings):
    """An error of a published edition that is known: when it was found, what it is and does."""

    found: dt.date
    what: Bilingual
    effect: Bilingual
    """What the error does to stars and other published numbers."""
    corrected: dt.date | None = None
    """Day of the corrected publication; none while the error stands."""


class RevisionNote(Settings):
    """Why a published edition was changed: it allows the change, and documents tell it."""

    date: dt.date
    """Day of the revised publication."""
    reason: Bilingual
    what: Bilingual
    """What was changed: data, settings, the methodology."""


class EditionCard(Settings):
    """What documents know of an edition: no paths, so it is the same on every machine."""

    id: str
    year: int
    title: Bilingual
    publisher: Bilingual
    cut_off: dt.date
    published: dt.date
    languages: tuple[Language, ...]
    documents: tuple[Document, ...]
    formats: tuple[Format, ...]
    stages: tuple[Stage, ...]
    seed: int
    synthetic: bool
    notes: Bilingual | None
    next_review: dt.date | None = None
    known_errors: tuple[KnownError, ...] = ()
    revisions: tuple[RevisionNote, ...] = ()
    revision_policy: Bilingual | None = None
    errors_contact: str | None = None


class LeaveOut(Settings):
    """How much of the survey may be left out because of faults, so that the rest is published.

    What is left out is told by the fault table and the documents; with more of it the run stops.
    """

    rows: float = Field(default=0.0, ge=0, lt=1)
    """Largest share of the rows of a file of single answers."""
    files: int = Field(default=0, ge=0)
    """Largest number of survey files that cannot be used as a whole."""


class Edition(Settings):
    """One edition, checked; all paths absolute."""

    schema_version: Literal[1] = Field(alias="schema")
    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    year: int = Field(ge=2000, le=2100)
    title: Bilingual
    publisher: Bilingual
    cut_off: dt.date
    published: dt.date
    methodology: AbsolutePath
    languages: tuple[Language, ...] = Field(default=("ru", "en"), min_length=1)
    documents: tuple[Document, ...] = Field(default=("rating", "methods"), min_length=1)
    formats: tuple[Format, ...] = Field(default=("html", "pdf", "docx"), min_length=1)
    stages: tuple[Stage, ...] = Field(default=STAGES, min_length=1)
    seed: int = Field(ge=0)
    synthetic: bool = False
    confidential: bool = False
    """Whether respondents' answers may leave only as a synthetic twin, in a replication pack."""
    simulation: Simulation | None = None
    respondents: Respondents = "keep"
    """Whether single answers stay in memory, or are counted piece by piece and given up. Counted,
    the need of memory does not grow with the number of respondents, and results that need every
    respondent are not available."""
    leave_out: LeaveOut = LeaveOut()
    data: Data
    previous: AbsolutePath | None = None
    """The edition before, to tell what changed: its edition file, which is run first, or the folder
    ``results/`` that it left."""
    renamed: dict[str, str] = Field(default_factory=dict)
    """Previous identifier -> current one, of centres that were renamed or merged."""
    reports: AbsolutePath
    """Folder of the .qmd sources."""
    output: AbsolutePath
    """Folder that the program writes: ``results/``, ``documents/``, ``tables/``, ``intake/``."""
    notes: Bilingual | None = None
    next_review: dt.date | None = None
    """Day by which the methodology or the edition is looked at again; documents name it."""
    known_errors: tuple[KnownError, ...] = ()
    """Errors of this edition that are known, each told by the methodological report."""
    revisions: tuple[RevisionNote, ...] = ()
    """A note for every revision since the publication, the first one first."""
    revision_policy: Bilingual | None = None
    """When and how published numbers are revised, in the publisher's words."""
    errors_contact: str | None = Field(default=None, min_length=1)
    """Where readers report errors: an address, a telephone number."""

    @property
    def card(self) -> EditionCard:
        """The part of the edition that documents may show."""
        return EditionCard(**{name: getattr(self, name) for name in EditionCard.model_fields})

    @property
    def results_dir(self) -> Path:
        """Folder of the results bundle."""
        return self.output / "results"

    @property
    def documents_dir(self) -> Path:
        """Folder of the rendered documents."""
        return self.output / "documents"

    @property
    def tables_dir(self) -> Path:
        """Folder of the published tables."""
        return self.output / "tables"

    @property
    def intake_dir(self) -> Path:
        """Folder of the fault table."""
        return self.output / "intake"

    @property
    def sources(self) -> tuple[TableFile, ...]:
        """Every input that the edition names, in the order of the file."""
        data = self.data
        others = (
            *(data.register_, data.checklist, data.second_checklist, data.margins),
            data.experts,
        )
        given = (source for source in others if source is not None)
        return (*data.survey, *data.measures, *given)

    @property
    def input_files(self) -> tuple[Path, ...]:
        """Every input file that the edition names, each once."""
        by_spark = {source.file for source in self.spark_sources}
        named = dict.fromkeys(source.file for source in self.sources)
        return tuple(path for path in named if path not in by_spark)

    @property
    def spark_sources(self) -> tuple[SurveySource, ...]:
        """Survey answers that Spark reads, in the order of the file."""
        return tuple(source for source in self.data.survey if source.spark is not None)
