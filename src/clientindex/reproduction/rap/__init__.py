"""The checklist of a reproducible publication (``make rap``)."""

from clientindex.reproduction.rap.checklist import check_reproducibility
from clientindex.reproduction.rap.given import Given, GivenEdition
from clientindex.reproduction.rap.item import RapItem, State
from clientindex.reproduction.rap.repository import Repository

__all__ = [
    "Given",
    "GivenEdition",
    "RapItem",
    "Repository",
    "State",
    "check_reproducibility",
]
