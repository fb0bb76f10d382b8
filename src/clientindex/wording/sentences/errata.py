"""Known errors of the edition, and how published numbers are revised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.wording.sentences.recipe import Paragraph, ParagraphRecipe

if TYPE_CHECKING:
    from clientindex.edition import EditionCard
    from clientindex.edition.model import KnownError
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

KEY: Final = "sentence.errata"


def list_known_errors(edition: EditionCard, *, wording: Wording) -> Paragraph:
    """List the known errors in the order they were found, or say that none is known."""
    if not edition.known_errors:
        return wording.text(f"{KEY}.none", date=wording.date(edition.published))
    found = sorted(edition.known_errors, key=lambda error: error.found)
    return tuple(_say_error(error, wording) for error in found)


def _say_error(error: KnownError, wording: Wording) -> str:
    said = wording.text(
        f"{KEY}.error",
        date=wording.date(error.found),
        what=error.what.in_language(wording.language),
        effect=error.effect.in_language(wording.language),
    )
    if error.corrected is None:
        return f"{said} {wording.text(f'{KEY}.stands')}"
    corrected = wording.text(f"{KEY}.corrected", date=wording.date(error.corrected))
    return f"{said} {corrected}"


def say_revisions(edition: EditionCard, *, wording: Wording) -> str:
    """Say the publisher's rule of revisions, and where errors are reported."""
    policy = edition.revision_policy
    told = (
        wording.text(f"{KEY}.no_policy") if policy is None else policy.in_language(wording.language)
    )
    contact = edition.errors_contact
    where = (
        wording.text(f"{KEY}.no_contact")
        if contact is None
        else wording.text(f"{KEY}.contact", contact=contact)
    )
    return f"{told} {where}"


def _errors(bundle: Bundle, wording: Wording) -> Paragraph:
    return list_known_errors(bundle.edition, wording=wording)


def _revisions(bundle: Bundle, wording: Wording) -> str:
    return say_revisions(bundle.edition, wording=wording)


RECIPES = (
    ParagraphRecipe(name="known_errors", needs=(), build=_errors),
    ParagraphRecipe(name="revisions", needs=(), build=_revisions),
)
