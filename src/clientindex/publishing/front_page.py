"""Title, subtitle, publisher and date of a document, from its edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.wording import load_wording

if TYPE_CHECKING:
    from clientindex.results import Bundle


def describe_front_page(bundle: Bundle, *, document: str, language: str) -> dict[str, str]:
    """Return the metadata that the renderer puts on the first page.

    Parameters
    ----------
    bundle : Bundle
    document : {"rating", "methods", "region"}
    language : {"ru", "en"}

    Returns
    -------
    dict
        ``title``, ``subtitle`` (with the words for synthetic data where they are), ``author`` (the
        publisher) and ``date`` (of publication).
    """
    edition, wording = bundle.edition, load_wording(language)
    subtitle = wording.text(f"front.{document}", year=str(edition.year))
    if edition.synthetic:
        subtitle = wording.text("front.synthetic", subtitle=subtitle)
    return {
        "title": edition.title.in_language(language),
        "subtitle": subtitle,
        "author": edition.publisher.in_language(language),
        "date": edition.published.isoformat(),
    }


def describe_region_page(bundle: Bundle, *, region: str, language: str) -> dict[str, str]:
    """Return the same for the report of a region, whose name begins the title.

    Parameters
    ----------
    bundle : Bundle
    region : str
        As the language names it.
    language : {"ru", "en"}
    """
    told = describe_front_page(bundle, document="region", language=language)
    wording = load_wording(language)
    title = wording.text("front.region_title", region=region, title=told["title"])
    return told | {"title": title}
