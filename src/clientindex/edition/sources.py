"""The input files of an edition and how each is read."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from clientindex.edition.paths import AbsolutePath  # noqa: TC001 - pydantic reads annotations
from clientindex.edition.spark_table import OPTIONS_OF_FILES, SparkTable, name_table
from clientindex.methodology.texts import Key  # noqa: TC001 - as above
from clientindex.settings import Settings


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
