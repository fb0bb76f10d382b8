"""Raw files to checked tables, or a report of all faults at once."""

from clientindex.intake.codes import CODES
from clientindex.intake.fault_table import write_fault_table
from clientindex.intake.faults import DataFault, tabulate_faults
from clientindex.intake.run import IntakeReport, describe_fault, require_tables, run_intake
from clientindex.intake.tables import (
    NO_ANSWER,
    UNKNOWN_LEVEL,
    InputFile,
    IntakeTables,
    Responses,
    Trait,
)

__all__ = [
    "CODES",
    "NO_ANSWER",
    "UNKNOWN_LEVEL",
    "DataFault",
    "InputFile",
    "IntakeReport",
    "IntakeTables",
    "Responses",
    "Trait",
    "describe_fault",
    "require_tables",
    "run_intake",
    "tabulate_faults",
    "write_fault_table",
]
