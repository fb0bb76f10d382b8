from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clientindex.errors import RenderError
from clientindex.publishing.segments import Cell, Inline, Markdown
from clientindex.publishing.source import parse_source

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str, name: str = "a.qmd") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_front_matter_prose_inline_and_cell_keep_their_lines(tmp_path: Path) -> None:
    cell_text = "```{python}\n#| echo: true\ny = 1\n```\n"
    text = f"---\ntitle: Т\n---\nодин\nдва `{{python}} x + 1` три\n{cell_text}конец\n"
    source = parse_source(write(tmp_path, text))
    assert source.front_matter == {"title": "Т"}
    kinds = [type(s) for s in source.segments]
    assert kinds == [Markdown, Inline, Markdown, Cell, Markdown]
    assert [s.place.line for s in source.segments] == [4, 5, 5, 6, 10]
    cell = source.cells[0]
    assert (cell.code, dict(cell.options), cell.code_line) == ("y = 1", {"echo": True}, 8)


def test_text_is_complete_when_nothing_is_executable(tmp_path: Path) -> None:
    text = "a\n\n```\n`{python} x` {{< video >}}\n```\n\n`{{< meta >}}` b\n"
    source = parse_source(write(tmp_path, text))
    assert "".join(s.text for s in source.segments if isinstance(s, Markdown)) == text


def test_includes_are_recursive_and_lines_belong_to_their_file(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    write(tmp_path, "внутри\n{{< include _c.md >}}\n", "parts/_b.md")
    write(tmp_path, "\n`{python} z`\n", "parts/_c.md")
    source = parse_source(write(tmp_path, "до\n{{< include parts/_b.md >}}\nпосле\n"))
    inline = next(s for s in source.segments if isinstance(s, Inline))
    assert str(inline.place) == "parts/_c.md:2"
    after = source.segments[-1]
    assert str(after.place) == "a.qmd:3"


REFUSED = [
    ("текст\n```{r}\n1\n```\n", r"a\.qmd:2: cells of engine \{r\}"),
    ("`{r} 1`\n", r"a\.qmd:1: inline code of engine \{r\}"),
    ("\n\n{{< video x >}}\n", r"a\.qmd:3: shortcode \{\{< video >\}\}"),
    ("```{python}\n#| fig-width: 4\n1\n```\n", r"a\.qmd:2: cell option 'fig-width'"),
    ("```{python}\n#| warning: false\n1\n```\n", r"a\.qmd:2: cell option 'warning'"),
    ("```{python}\n#| echo: maybe\n1\n```\n", r"a\.qmd:2: .*'echo' must be true or false"),
    ("```{python}\n#| label: [a\n1\n```\n", r"a\.qmd:\d: not valid YAML"),
    ("```{python label='x'}\n1\n```\n", r"a\.qmd:1: write cell options as '#\|' lines"),
    ("a\n```{python}\n1\n", r"a\.qmd:2: the code block is not closed"),
    ("{{< include нет.md >}}\n", r"a\.qmd:1: included file нет\.md does not exist"),
    ("{{< include a.qmd >}}\n", r"a\.qmd:1: circular include: a\.qmd -> a\.qmd"),
    ("---\ntitle: [\n---\n", r"a\.qmd:\d: not valid YAML"),
    ("---\ntitle: x\n", r"a\.qmd:1: the YAML block is not closed"),
    (
        "```{python}\n#| label: fig-a\n```\n\n```{python}\n#| label: fig-a\n```\n",
        r"a\.qmd:5: label 'fig-a' is already used at a\.qmd:1",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_outside_the_subset_is_named_with_file_and_line(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(RenderError, match=message):
        parse_source(write(tmp_path, text))


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.qmd"
    path.write_bytes("Индекс".encode("cp1251"))
    with pytest.raises(RenderError, match=r"a\.qmd is not UTF-8"):
        parse_source(path)
