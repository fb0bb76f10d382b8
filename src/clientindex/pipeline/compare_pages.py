"""The summary page of a comparison, rendered in the languages of the edition."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from clientindex.pipeline.progress import SilentReporter
from clientindex.publishing.methodology_comparison import NAME
from clientindex.publishing.render import render_document
from clientindex.results.storage import save_result
from clientindex.wording import load_wording

if TYPE_CHECKING:
    from clientindex.pipeline.compare import Comparison
    from clientindex.pipeline.progress import Reporter

RendererWish = Literal["auto", "quarto", "embedded"]
LANGUAGES = ("ru", "en")
FORMATS = ("html", "pdf", "docx")


def write_pages(
    comparison: Comparison,
    folder: Path,
    *,
    renderer: RendererWish = "auto",
    reporter: Reporter | None = None,
) -> tuple[Path, ...]:
    """Write ``compare.<language>.<format>`` in both languages as HTML, PDF and DOCX.

    Parameters
    ----------
    comparison : Comparison
    folder : Path
        Made when absent; files of the same names are overwritten.
    renderer : {"auto", "quarto", "embedded"}
    reporter : Reporter, optional

    Raises
    ------
    RenderError
        If the folder cannot be written, or the sources are not among the edition's reports.
    """
    listener = reporter or SilentReporter()
    written: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="clientindex-compare-") as aside:
        save_result(comparison.result, Path(aside), name=NAME)
        for language in LANGUAGES:
            with listener.step(f"compare.{language}: {', '.join(FORMATS)}"):
                done = render_document(
                    comparison.edition.reports / f"compare.{language}.qmd",
                    output_dir=folder,
                    formats=FORMATS,
                    parameters={"comparison": aside, "language": language},
                    metadata=describe_page(comparison, language),
                    renderer=renderer,
                )
            written += done.paths.values()
    return tuple(sorted(written))


def describe_page(comparison: Comparison, language: str) -> dict[str, str]:
    """Return title, subtitle (with the words for synthetic data), author and date of the page."""
    edition, wording, result = comparison.edition, load_wording(language), comparison.result
    subtitle = wording.text("compare.front", edition=edition.id)
    if edition.synthetic:
        subtitle = wording.text("front.synthetic", subtitle=subtitle)
    return {
        "title": wording.text("compare.title", before=result.before_id, after=result.after_id),
        "subtitle": subtitle,
        "author": edition.publisher.in_language(language),
        "date": edition.published.isoformat(),
    }
