"""The command line; every other room is imported only when its command runs."""

from clientindex.cli.main import main

__all__ = ["main"]
