"""Counts of few people, and what would give them away, are not published."""

from clientindex.tables.disclosure.listed import list_hidden
from clientindex.tables.disclosure.marked import build_protected
from clientindex.tables.disclosure.protect import Protected, protect

__all__ = ["Protected", "build_protected", "list_hidden", "protect"]
