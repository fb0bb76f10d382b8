"""What stands on the front page of a document: it comes from the edition, not from the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.wording import load_wording

if TYPE_CHECKING:
    from clientindex.results import Bundle


def describe_front_page(bundle: Bundle, *, document: str, language: str) -> dict[str, object]:
    """Return title, subtitle, author and date of a document.

    Parameters
    ----------
    bundle : Bundle
    document : {"rating", "methods"}
    language : {"ru", "en"}

    Returns
    -------
    dict
        ``title``, ``subtitle`` (with the words "synthetic data" where the data are), ``author``,
        ``date`` (the edition's date of publication, never today).
    """
    wording, edition = load_wording(language), bundle.edition
    edition_title = edition.title.in_language(language)
    title = edition_title if document == "rating" else wording.text(f"front_page.{document}")
    subtitle = wording.text(
        f"front_page.subtitle_{document}", title=edition_title, year=str(edition.year)
    )
    if edition.synthetic:
        subtitle = wording.text("front_page.synthetic", subtitle=subtitle)
    return {
        "title": title,
        "subtitle": subtitle,
        "author": edition.publisher.in_language(language),
        "date": edition.published.isoformat(),
    }
