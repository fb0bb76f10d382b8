"""Images and stylesheets are put into a page."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest

from clientindex.errors import RenderError
from clientindex.publishing.embedding import embed_resources

if TYPE_CHECKING:
    from pathlib import Path


def test_images_and_stylesheets_are_inside_and_nothing_else_changes(tmp_path: Path) -> None:
    (tmp_path / "план & схема.svg").write_bytes(b"<svg/>")
    (tmp_path / "b.png").write_bytes(b"\x89PNG")
    (tmp_path / "look.css").write_text("p { color: red; }\n", encoding="utf-8")
    page = (
        '<link rel="stylesheet" href="look.css">\n'
        '<img src="%D0%BF%D0%BB%D0%B0%D0%BD%20&amp;%20%D1%81%D1%85%D0%B5%D0%BC%D0%B0.svg" alt="A">'
        '<img class="wide" src="b.png" alt="src=&quot;x&quot;"><a href="b.png">b</a>'
        '<img src="data:image/png;base64,AAAA" />'
    )
    svg, png = (base64.b64encode(content).decode() for content in (b"<svg/>", b"\x89PNG"))
    assert embed_resources(page, folder=tmp_path) == (
        '<style type="text/css">\np { color: red; }\n</style>\n'
        f'<img src="data:image/svg+xml;base64,{svg}" alt="A">'
        f'<img class="wide" src="data:image/png;base64,{png}" alt="src=&quot;x&quot;">'
        '<a href="b.png">b</a><img src="data:image/png;base64,AAAA" />'
    )


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ('<img src="rendered/gone.svg">', "rendered/gone.svg: cannot be put into the page"),
        ('<img src="https://example.org/tracker">', "not the name of an image file"),
        ('<link rel="stylesheet" href="gone.css">', "gone.css: cannot be put into the page"),
    ],
)
def test_what_is_not_there_is_named(tmp_path: Path, page: str, told: str) -> None:
    with pytest.raises(RenderError, match=re.escape(told)):
        embed_resources(page, folder=tmp_path)
