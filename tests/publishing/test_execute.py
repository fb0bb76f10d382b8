from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from clientindex.errors import RenderError
from clientindex.publishing import kernel
from clientindex.publishing.execute import execute_source
from clientindex.publishing.kernel import share_kernel
from clientindex.publishing.source import parse_source

if TYPE_CHECKING:
    from pathlib import Path

from clientindex.publishing.execute import Output


def run(folder: Path, text: str) -> list[Output]:
    path = folder / "a.qmd"
    path.write_text(text, encoding="utf-8")
    outputs = execute_source(parse_source(path), folder=folder.resolve(), timestamp=0)
    return [output for shown in outputs.values() for output in shown]


def test_a_document_without_code_needs_no_kernel(tmp_path: Path) -> None:
    assert run(tmp_path, "текст\n") == []


def test_outputs_of_cells_and_inline_expressions(tmp_path: Path) -> None:
    text = (
        "```{python}\n#| output: asis\nimport os, sys\nfrom IPython.display import Markdown\n"
        "print('**м**')\n```\n"
        "`{python} '1\\u00a0234 *'` `{python} Markdown('*к*')` `{python} sys.executable`\n"
        "`{python} os.getcwd()` `{python} os.environ['OMP_NUM_THREADS'].isdigit() + 0`\n"
        "```{python}\n2 + 2\n```\n"
        "```{python}\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n```\n"
    )
    first, spaced, markup, interpreter, folder, bounded, plain, figure = run(tmp_path, text)
    assert (first.kind, first.text) == ("markdown", "**м**\n")
    assert spaced.text == "1\u00a0234 \\*"
    assert markup.text == "*к*"
    assert interpreter.text.replace("\\", "") == sys.executable
    assert folder.text.replace("\\", "") == str(tmp_path.resolve())
    assert bounded.text == "1"
    assert (plain.kind, plain.text) == ("text", "4")
    assert figure.kind == "figure"
    assert "<svg" in figure.svg
    assert figure.png.startswith(b"\x89PNG")


REFUSED = [
    (
        "\n```{python}\n#| label: fig-a\nx = 1\n\nx / 0\n```\n",
        r"^a\.qmd:6: cell 'fig-a': ZeroDivisionError: division by zero$",
    ),
    ("```{python}\nx = = 1\n```\n", r"^a\.qmd:2: cell: SyntaxError"),
    (
        "```{python}\nimport warnings\nwarnings.warn('осторожно')\n```\n",
        r"a\.qmd:1: cell: wrote to standard error: UserWarning: осторожно",
    ),
    ("\nа `{python} нет` б\n", r"^a\.qmd:2: inline `нет`: NameError: name 'нет' is not defined"),
    ("`{python} float('nan')`\n", r"a\.qmd:1: inline .*TypeError: an inline value is not a number"),
    ("`{python} None`\n", r"must be text, a number or Markdown, not NoneType"),
    (
        "```{python}\nimport pandas as pd\npd.DataFrame({'a': [1]})\n```\n",
        r"a\.qmd:1: cell: shows text/html, which not all formats hold; print Markdown",
    ),
    ("```{python}\nimport os\nos._exit(3)\n```\n", r"a\.qmd:1: cell: the kernel stopped"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_trouble_in_the_kernel_is_an_error_with_file_and_line(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(RenderError, match=message):
        run(tmp_path, text)


def test_documents_that_share_a_kernel_know_nothing_of_each_other(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two", "three")]
    for folder in folders:
        folder.mkdir()
    told = "`{python} os.getcwd()` `{python} str(os.getpid())`\n"
    first = "```{python}\nimport os\nleft = 1\n```\n" + told
    second = "```{python}\nimport os\nprint('left' in globals())\n```\n" + told
    with share_kernel(kinds=("svg",)):
        where, process = run(folders[0], first)
        folders[0].rename(tmp_path / "gone")
        left, other, same = run(folders[1], second)
        for folder in folders[1:]:
            with pytest.raises(RenderError, match=r"a\.qmd:2: cell: wrote to standard error"):
                run(folder, WARNS)
        with pytest.raises(RenderError, match="the kernel stopped"):
            run(folders[2], "```{python}\nimport os\nos._exit(3)\n```\n")
        (after,) = run(folders[2], "```{python}\n2 + 2\n```\n")
    assert where.text.replace("\\", "") == str(tmp_path.resolve() / "one")
    assert other.text.replace("\\", "") == str(folders[1].resolve())
    assert (left.text, same.text, after.text) == ("False\n", process.text, "4")


def test_a_kernel_that_does_not_answer_is_told_and_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with share_kernel(kinds=("svg",)):
        with monkeypatch.context() as changed:
            changed.setattr(kernel, "CELL_TIMEOUT_S", 0)
            with pytest.raises(RenderError, match="another document: no answer in 0 s"):
                run(tmp_path, SUM)
        (after,) = run(tmp_path, SUM)
    assert after.text == "4"


SUM = "```{python}\n2 + 2\n```\n"
WARNS = (
    "\n```{python}\nimport re, warnings\ndef warn():\n    warnings.warn('once', stacklevel=1)\n"
    "warn()\n```\n"
)
