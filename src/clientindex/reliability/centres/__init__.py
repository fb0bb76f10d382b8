"""How reliably centres are told apart, and how many answers that takes."""

from clientindex.reliability.centres.room import assess_centres

__all__ = ["assess_centres"]
