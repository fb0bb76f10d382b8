"""What each indicator is like, and how it goes together with its group."""

from clientindex.reliability.items.room import analyse_items

__all__ = ["analyse_items"]
