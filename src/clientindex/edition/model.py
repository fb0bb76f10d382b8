"""The shape of an edition file as frozen pydantic models.

Every path that the program reads or writes comes from here. A relative path starts from the folder
of the edition file, so an edition can lie anywhere.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads annotations when the class is made
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from clientindex.edition.spark_table import OPTIONS_OF_FILES, SparkTable, name_table
from clientindex.methodology import Bilingual  # noqa: TC001 - as above
from clientindex.methodology.texts import Key  # noqa: TC001 - as above
from clientindex.settings import Settings

Stage = Literal["rating", "sensitivity", "agreement", "reliability", "factors"]
STAGES: tuple[Stage, ...] = ("rating", "sensitivity", "agreement", "reliability", "factors")
"""Statistics that an edition may ask for, in the order of the report."""

Language = Literal["ru", "en"]
Format = Literal["html", "pdf", "docx"]
Document = Literal["rating", "methods"]
Respondents = Literal["keep", "count"]


def _resolve(path: Path, info: ValidationInfo) -> Path:
    """Make a path absolute, starting from the folder of the edition file."""
    base = Path((info.context or {}).get("base", "."))
    return path if path.is_absolute() else (base / path).resolve()


def _check_pattern(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groups
    except re.error as exc:
        msg = f"not a regular expression ({exc})"
        raise ValueError(msg) from None
    if groups != 1:
        msg = "must hold exactly one group in parentheses, the part to keep"
        raise ValueError(msg)
    return pattern


AbsolutePath = Annotated[Path, AfterValidator(_resolve)]
Pattern = Annotated[str, AfterValidator(_check_pattern)]


class ColumnSpec(Settings):
    """A column of a file, or the part of it that `pattern` captures.

    Written in the edition as plain text (the column's name) or as ``{column: ..., pattern: ...}``.
    """

    column: str = Field(min_length=1)
    pattern: Pattern | None = None

    @model_validator(mode="before")
    @classmethod
    def _accept_plain_name(cls, data: Any) -> Any:
        return {"column": data} if isinstance(data, str) else data


class TableFile(Settings):
    """How to read one file. `format` follows from the ending unless given."""

    file: AbsolutePath
    format: Literal["csv", "xlsx", "sav", "parquet"] | None = None
    encoding: Literal["utf-8", "cp1251"] = "utf-8"
    delimiter: Literal[",", ";", "\t"] = ","
    decimal: Literal[".", ","] = "."
    sheet: str | None = None
    where: dict[str, str] = Field(default_factory=dict)
    """Keep only rows whose column holds this text."""
    constant: dict[str, str] = Field(default_factory=dict)
    """Column that the file lacks -> its text, the same in all rows."""


class SurveySource(TableFile):
    """A file of survey answers, or of totals where a contractor delivers only those.

    In an edition file `file` may be a folder or a pattern such as ``survey/*/*.parquet``; a loaded
    edition has one source a file, see :mod:`clientindex.edition.file_sets`. In place of `file`,
    `spark` names answers that Spark reads; `file` is then a name for them and is never opened.

    kind ``respondents``: one row a respondent, one column an indicator.
    kind ``option_counts``: one row a centre, indicator and answer, with the number of answers.
    kind ``unit_means``: means, with n and SD when known; ``layout: long`` has one row a centre and
    indicator, ``layout: wide`` one row a centre and one column an indicator (n and SD unknown).
    """

    kind: Literal["respondents", "option_counts", "unit_means"] = "respondents"
    spark: SparkTable | None = None
    """A table or an address that Spark reads, in place of a file."""
    columns: dict[
        Literal[
            "respondent",
            "centre",
            "segment",
            "period",
            "channel",
            "day",
            "duration",
            "sex",
            "age",
            "education",
            "weight",
            "indicator",
            "answer",
            "mean",
            "n",
            "sd",
        ],
        ColumnSpec,
    ] = Field(default_factory=dict)
    """Column of each role; a role that is not listed is looked for under its own name, except
    ``sex``, ``age``, ``education`` and ``weight``, which are read only where they are listed."""
    traits: dict[Key, ColumnSpec] = Field(default_factory=dict)
    """Further traits of the clients -> column, beside ``sex``, ``age`` and ``education``."""
    indicators: dict[str, str] = Field(default_factory=dict)
    """Indicator key -> its name in the file; an indicator that is not listed has its own key."""
    segment: str | None = None
    """Segment of all rows, when the file has no segment column."""
    layout: Literal["long", "wide"] = "long"
    mean_scale: tuple[float, float] | None = None
    """Smallest and largest possible mean when means are not on the answer scale; higher is better.
    """

    @model_validator(mode="before")
    @classmethod
    def _name_spark_source(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("spark"), dict):
            return data
        given = [name for name in OPTIONS_OF_FILES if name in data]
        if given:
            msg = f"leave out {', '.join(map(repr, given))}: Spark reads this, and it is no file"
            raise ValueError(msg)
        return {**data, "file": name_table(data["spark"])}

    @model_validator(mode="after")
    def _refuse_totals_by_spark(self) -> Self:
        if self.spark is not None and self.kind != "respondents":
            msg = f"Spark counts single answers, kind 'respondents'; give {self.kind} as a file"
            raise ValueError(msg)
        return self


class ChecklistSource(TableFile):
    """A file of checklists: items answered by staff, or ready group scores of a second source."""

    kind: Literal["items", "group_scores"] = "items"
    columns: dict[Literal["centre", "item", "answer", "period"], ColumnSpec] = Field(
        default_factory=dict
    )
    groups: dict[str, str] = Field(default_factory=dict)
    """Group key -> its column, for ``group_scores``; a group not listed has its own key."""
    score_scale: tuple[float, float] = (0.0, 100.0)
    """Smallest and largest possible group score, for ``group_scores``."""


class RegisterSource(TableFile):
    """The register of centres; `name_en` and `region_en` are names for English documents."""

    columns: dict[
        Literal["centre", "name", "region", "visitors", "name_en", "region_en"], ColumnSpec
    ] = Field(default_factory=dict)
    attributes: dict[Key, ColumnSpec] = Field(default_factory=dict)
    """Further texts of centres -> column: peer groups and flags that the star rule names."""


class MarginsSource(TableFile):
    """Known numbers of visitors by trait: one row a scope (centre or region), trait and level."""

    columns: dict[Literal["scope", "segment", "trait", "level", "visitors"], ColumnSpec] = Field(
        default_factory=dict
    )


class MeasureSource(TableFile):
    """A file of measures: numbers that each centre reports, in any unit; empty cells are missing.

    ``layout: wide`` has one row a centre and one column an indicator of kind measure; ``layout:
    long`` one row a centre and indicator. Numbers have the unit of the file; the methodology's
    normalisers bring them to the scale of scores.
    """

    layout: Literal["wide", "long"] = "wide"
    columns: dict[Literal["centre", "indicator", "value", "std_error", "n"], ColumnSpec] = Field(
        default_factory=dict
    )
    """Column of each role; ``indicator``, ``value``, ``std_error`` and ``n`` of the long layout."""
    indicators: dict[str, str] = Field(default_factory=dict)
    """Indicator key -> its column (wide) or name (long); others have their own key. A wide file
    need not have all measures: those whose column it lacks are not in it, unless listed here."""
    std_errors: dict[str, str] = Field(default_factory=dict)
    """Indicator key -> column of its standard error, in the wide layout."""
    sizes: dict[str, str] = Field(default_factory=dict)
    """Indicator key -> column of the number of cases behind it, in the wide layout."""


class Data(Settings):
    """The input files of an edition."""

    survey: tuple[SurveySource, ...] = ()
    measures: tuple[MeasureSource, ...] = ()
    register_: RegisterSource | None = Field(default=None, alias="register")
    checklist: ChecklistSource | None = None
    second_checklist: ChecklistSource | None = None
    """A second visit to some centres, or an audit: the same checklist filled in once more."""
    margins: MarginsSource | None = None
    """Known margins of the visitors, to which answers can be weighted."""
    experts: TableFile | None = None
    """Experts' answers about weights: points, or pairwise judgements; every sheet unless named."""


class EarlierThan(Settings):
    """Which simulated edition this one is a year earlier than, and what changed in between.

    Centres of the later edition are taken over with their identifiers, names and regions, except
    those that its `renamed` lists: those had the previous identifiers, and several previous ones of
    one centre were centres of their own, merged since.
    """

    edition: AbsolutePath
    """The later edition, which has a simulation too."""
    correlation: float = Field(default=0.85, ge=0, le=1)
    """Of what makes a centre better or worse (its region, its halo, its groups) in both years,
    before anything is set as below; 1 = nothing else changed."""
    change: float = 0.0
    """Mean true change of the index towards the later edition, in points, over centres of both, by
    the later methodology with the indicators and segments of both."""
    improved: int = Field(default=0, ge=0)
    """Centres that improved much, a part of those that the mean is of."""
    improvement: float = Field(default=10.0, gt=0, lt=100)
    """True change of each of these, in points."""
    new: int = Field(default=0, ge=0)
    """Centres of the later edition that there were not yet."""
    closed: int = Field(default=0, ge=0)
    """Centres that the later edition has no more."""
    moved: dict[str, str] = Field(default_factory=dict)
    """Identifier in the later edition -> region that the centre was of before."""


class Simulation(Settings):
    """Sizes of the simulated pilot that stands in for data when there are none."""

    centres: int = Field(default=240, ge=26)
    """Not with `earlier_than`, by which the later edition says which centres there are."""
    citizens: int = Field(default=12_000, ge=100)
    employers: int = Field(default=3_000, ge=0)
    inflating_share: float = Field(default=0.25, ge=0, le=1)
    second_share: float = Field(default=0.15, ge=0, le=1)
    missing_share: float = Field(default=0.03, ge=0, lt=0.5)
    traits: bool = False
    """Whether citizens have a sex, age and education that colour their answers and differ in
    their mix between centres."""
    earlier_than: EarlierThan | None = None
    """Makes the pilot a previous year of another simulated edition."""

    @model_validator(mode="after")
    def _refuse_own_centres(self) -> Self:
        if self.earlier_than is not None and "centres" in self.model_fields_set:
            msg = "give 'centres' or 'earlier_than', whose edition says which centres there are"
            raise ValueError(msg)
        return self


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
