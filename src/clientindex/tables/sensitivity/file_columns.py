"""Columns that several tables of the sensitivity for files have in common."""

from __future__ import annotations

from clientindex.tables.long import tell
from clientindex.tables.naming import keep
from clientindex.tables.sensitivity.names import name_part

CENTRE = tell("centre_id", "centre", keep)
PART = tell("compared", ("kind", "key"), name_part)
