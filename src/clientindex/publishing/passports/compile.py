"""Make PDFs of pages with typst; one compiler reads its fonts once and makes many."""

from __future__ import annotations

import datetime as dt
import json
import re
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import typst

from clientindex.errors import RenderError
from clientindex.publishing.fonts import find_fonts

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE: Final = "passport.typ"
_PAGES: Final = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")


class PageCompiler:
    """Makes the PDF of a page.

    Fonts are those of typst and, for signs that these lack (Hebrew, Arabic, faces), the ones that
    matplotlib brings; never those of the machine, so that equal pages are equal bytes everywhere.

    Parameters
    ----------
    day : datetime.date
        Date of publication, which the files bear.
    """

    def __init__(self, day: dt.date) -> None:
        template = resources.files("clientindex.publishing") / "assets" / TEMPLATE
        self._template = template.read_bytes()
        self._timestamp = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
        self._compiler = typst.Compiler(
            font_paths=find_fonts(),
            ignore_system_fonts=True,
        )

    def compile(self, page: Mapping[str, Any]) -> bytes:
        """Return the PDF of a page.

        Raises
        ------
        RenderError
            typst refuses, with the message of typst, or the text is longer than any page.
        """
        text = json.dumps(page, ensure_ascii=False, allow_nan=False)
        made = self._try(text, fit="usual")
        if count_pages(made) != 1:
            made = self._try(text, fit="measured")
        if count_pages(made) != 1:
            msg = "the text of the page is too long for one page, however small"
            raise RenderError(msg)
        return made

    def _try(self, text: str, *, fit: str) -> bytes:
        try:
            made = self._compiler.compile(
                input=self._template,
                sys_inputs={"page": text, "fit": fit},
                format="pdf",
                timestamp=self._timestamp,
                pdf_standards=["ua-1"],
            )
        except typst.TypstError as error:
            msg = f"typst: {error}"
            raise RenderError(msg) from error
        return made if isinstance(made, bytes) else b""


def count_pages(content: bytes) -> int:
    """Return the number of pages of a PDF that typst made, 0 where it is not found."""
    found = _PAGES.search(content)
    return int(found[1]) if found else 0
