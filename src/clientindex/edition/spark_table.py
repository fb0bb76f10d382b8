"""A survey that no file of this machine holds: Spark reads it, on this machine or on a cluster."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, model_validator

from clientindex.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_FORMAT = "parquet"
"""What Spark reads under an address unless the edition says it."""

OPTIONS_OF_FILES = ("file", "format", "encoding", "delimiter", "sheet")
"""Settings of files, which a survey that Spark reads has not."""


class SparkTable(Settings):
    """What Spark reads: a table by its name, or an address by its format.

    Passwords do not belong here: they stand in the settings of Spark.
    """

    table: str | None = Field(default=None, min_length=1)
    """Name of a table or view in a catalogue that Spark knows, such as ``warehouse.survey``."""
    load: str | None = Field(default=None, min_length=1)
    """Address such as ``s3a://bucket/survey``, as Spark and its executors understand it."""
    format: str | None = Field(default=None, min_length=1)
    """Format of an address, such as parquet, orc, csv or delta; parquet unless given."""
    options: dict[str, str] = Field(default_factory=dict)
    """Further options of Spark's reader, such as ``header: "true"``."""

    @model_validator(mode="after")
    def _refuse_both(self) -> Self:
        if (self.table is None) == (self.load is None):
            msg = "give either 'table' or 'load'"
            raise ValueError(msg)
        if self.table is not None and (self.format is not None or self.options):
            msg = "'format' and 'options' go with 'load'; a table has its own"
            raise ValueError(msg)
        return self


def name_table(raw: Mapping[str, Any]) -> str:
    """Return what faults and the manifest call a table or an address: a name like that of a file.

    Examples
    --------
    >>> name_table({"table": "warehouse.survey"}), name_table({"load": "s3a://bucket/survey/"})
    ('warehouse.survey', 's3a:bucket:survey')
    """
    named = str(raw.get("table") or raw.get("load") or "spark")
    return re.sub(r"[:/\\]+", ":", named).strip(":") or "spark"
