"""The stable fault codes and what each means; data_raw/README.md prints the same list."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES: Mapping[str, str] = MappingProxyType(
    {
        "E-FILE-MISSING": "The file named in the edition does not exist.",
        "E-FILE-UNREADABLE": "The file is damaged, of another kind, a folder, or may not be read.",
        "E-FORMAT": "The ending of the file name does not say its format.",
        "E-SHEET": "The workbook has no sheet of this name.",
        "E-ENCODING": "The file has another encoding than the edition says, or was garbled before.",
        "E-DELIMITER": "The columns are separated by another character than the edition says.",
        "E-ROW-WIDTH": "A row has more or fewer cells than the heading, or an unclosed quote.",
        "E-COLUMN": "A column that is needed is absent or renamed.",
        "E-COLUMN-TWICE": "Two columns have the same heading.",
        "E-PATTERN": "A cell does not match the pattern that the edition gives for its column.",
        "E-NO-ROWS": "The file has no rows of data, none with an answer, or the filter keeps none.",
        "E-SETTING": "The edition contradicts the methodology or itself.",
        "E-SEGMENT": "The segment is not one of the methodology's.",
        "E-CENTRE-EMPTY": "A row has no centre id.",
        "E-CENTRE-UNKNOWN": "The centre is absent from the register.",
        "E-CENTRE-TWICE": "The register lists a centre twice.",
        "E-REGION-EMPTY": "The register does not say the region of a centre.",
        "E-ENGLISH-LETTERS": "An English name has Russian letters.",
        "E-ENGLISH-SEVERAL": "A centre or region has several English names.",
        "E-ENGLISH-TWICE": "Two regions have one English name.",
        "E-VISITORS": "The number of visitors is not a whole number from 0.",
        "E-RESPONDENT-TWICE": "A respondent stands twice in one segment and period.",
        "E-NUMBER": "The cell should hold a number and does not.",
        "E-FRACTION": "The answer is not a whole number.",
        "E-DURATION": "The time that an interview took is not a number of seconds from 0.",
        "E-AGE": "The age is neither a number of years nor, like the others, an age group.",
        "E-WEIGHT": "The weight of a respondent is not a positive number.",
        "E-SCALE": "The answer is neither on the scale nor a missing code.",
        "E-LABEL": "The value label in the file says another answer than the methodology.",
        "E-INDICATOR": "The indicator is not one of the methodology's.",
        "E-TOTALS-TWICE": "A total is given twice.",
        "E-COUNT": "A count of answers is not a whole number from 0.",
        "E-MEAN": "A mean lies outside its scale.",
        "E-SD": "A standard deviation is negative.",
        "E-N": "The number of answers behind a mean is not positive.",
        "E-MIXED": "A centre and segment has single answers and totals at once.",
        "E-ITEM": "The checklist item is not one of the methodology's.",
        "E-CHECKLIST-ANSWER": "The checklist answer is none of those that the methodology lists.",
        "E-CHECKLIST-TWICE": "A checklist entry is given twice.",
        "E-SCORE": "A group score lies outside its scale.",
        "E-MARGIN": "A number of visitors in a margin is not a number from 0.",
        "E-MARGIN-SCOPE": "A margin is of a centre or region that the register does not list.",
        "E-MARGIN-TRAIT": "A margin is of a trait that the survey does not have.",
        "E-MARGIN-LEVEL": "A margin does not say its level.",
        "E-MARGIN-TWICE": "A margin is given twice.",
        "E-EXPERT-LAYOUT": "The headings of a sheet of experts' answers fit none of its layouts.",
        "E-EXPERT-KEY": "Experts' answers name what has no weight, or compare what stands apart.",
        "E-EXPERT-GAP": "An expert's answer is missing.",
        "E-EXPERT-POINTS": "An expert's points are not a number from 0, or all are 0.",
        "E-EXPERT-JUDGEMENT": "A pairwise judgement is not a positive number.",
        "E-EXPERT-RECIPROCAL": "Two judgements of one pair do not answer each other.",
        "E-EXPERT-TWICE": "An expert or a judgement stands twice.",
        "W-LEFT-OUT": "Faulty rows or files of the survey are left out, as the edition allows.",
        "W-OPTION": "An option of the edition has no effect for this file.",
        "W-SHEET": "The workbook has several sheets and the edition names none; the first is read.",
        "W-COLUMN-EXTRA": "The file has columns that nothing uses.",
        "W-REGISTER-NONE": "The edition has no register: centres are those of the survey.",
        "W-ENGLISH-EMPTY": "The register has no English name of a centre or region.",
        "W-ENGLISH-TWICE": "Centres of different names have one English name.",
        "W-REGION-SINGLE": "A region has one centre: no variance within the region can be known.",
        "W-RESPONDENT-NONE": "There is no column of respondent ids: repeats cannot be found.",
        "W-RESPONDENT-EMPTY": "A respondent id is empty: repeats of this row cannot be found.",
        "W-TRAIT-EMPTY": "A trait of some respondents is unknown, which is a level of its own.",
        "W-WEIGHT-NONE": "A survey file has no weights though others have: its weights are 1.",
        "W-MARGIN-LEVEL": "Nobody in the survey has the level of a margin.",
        "W-MARGIN-TOTALS": "The margins of one scope add up to different numbers of visitors.",
        "W-VISITORS": "The register has fewer visitors than there are respondents.",
        "W-NO-VARIANCE": "All answers to an indicator are equal.",
        "W-INDICATOR-EMPTY": "Nobody answered an indicator.",
        "W-CENTRE-SILENT": "A centre of the register has no answers.",
        "W-CENTRE-NO-CHECKLIST": "A centre of the register has no checklist.",
        "W-SECOND-NO-FIRST": "A centre has a second checklist and no first one.",
        "W-CHECKLIST-BLANK": "A checklist cell is empty and is left out.",
        "W-EXPERT-TOTAL": "Experts distribute different totals of points; shares are used.",
        "W-EXPERT-INCONSISTENT": "An expert's pairwise judgements contradict each other.",
    }
)
"""Code -> meaning. ``E-`` stops the run unless the edition leaves it out, ``W-`` does not."""

STRUCTURAL = frozenset(
    {
        "E-FILE-MISSING",
        "E-FILE-UNREADABLE",
        "E-FORMAT",
        "E-SHEET",
        "E-ENCODING",
        "E-DELIMITER",
        "E-COLUMN",
        "E-NO-ROWS",
        "E-SETTING",
    }
)
"""Faults that hide a whole file or column: what is absent because of them is not told again."""


def severity_of(code: str) -> Literal["error", "warning"]:
    """Return the severity that the first letter of a code states."""
    return "error" if code.startswith("E-") else "warning"
