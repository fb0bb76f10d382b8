from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from clientindex.errors import RenderError
from clientindex.publishing.choice import choose_renderer
from clientindex.publishing.render import render_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FAKE = """#!{python}
import json, os, pathlib, sys
log = pathlib.Path({log!r})
if sys.argv[1:] == ["--version"]:
    print("1.10.0")
    sys.exit({version_exit})
source = pathlib.Path(sys.argv[2])
record = dict(arguments=sys.argv[1:], text=source.read_text("utf-8"), cwd=os.getcwd(),
              python=os.environ["QUARTO_PYTHON"], epoch=os.environ["SOURCE_DATE_EPOCH"])
log.open("a").write(json.dumps(record) + "\\n")
print({message!r}, file=sys.stderr)
suffix = dict(html=".html", typst=".pdf", docx=".docx")[sys.argv[4]]
if {writes}:
    source.with_suffix(suffix).write_text("written by quarto")
"""


@pytest.fixture
def fake_quarto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    def install(*, message: str = "", writes: bool = True, version_exit: int = 0) -> Path:
        log = tmp_path / "calls.jsonl"
        program = tmp_path / "bin" / "quarto"
        program.parent.mkdir()
        text = FAKE.format(
            python=sys.executable,
            log=str(log),
            message=message,
            writes=writes,
            version_exit=version_exit,
        )
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent))
        monkeypatch.delenv("QUARTO_PATH", raising=False)
        return log

    return install


BODY = "```{python}\n#| tags: [parameters]\nn = 1\n```\n\nВсего `{python} n + 1`.\n"


def render(source: Path, tmp_path: Path) -> dict[str, Path]:
    done = render_document(
        source,
        output_dir=tmp_path / "out",
        formats=["html", "pdf", "docx"],
        parameters={"n": 5},
        metadata={"date": "2026-03-31", "title": "Рейтинг: итоги"},
    )
    assert (done.renderer.name, done.renderer.version) == ("quarto", "1.10.0")
    return dict(done.paths)


def test_quarto_is_called_once_a_format_on_the_staged_copy(
    tmp_path: Path, fake_quarto: Callable[..., Path], write: Callable[..., Path]
) -> None:
    log = fake_quarto()
    source = write(BODY)
    paths = render(source, tmp_path)
    assert [p.read_text() for p in paths.values()] == ["written by quarto"] * 3
    assert [p.name for p in paths.values()] == ["small.html", "small.pdf", "small.docx"]
    calls = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [c["arguments"] for c in calls] == [
        ["render", "small.qmd", "--to", to, "--execute"] for to in ("html", "typst", "docx")
    ]
    for call in calls:
        assert call["python"] == sys.executable
        assert call["epoch"] == "1774915200"
        assert call["cwd"] != str(source.parent)
        assert "title: 'Рейтинг: итоги'" in call["text"]
        assert "metadata-files" in call["text"]
        assert "n = 5" in call["text"]
        assert ".as_markdown(n + 1)`" in call["text"]
    assert "n = 1" in source.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "message",
    [
        "WARNING: Unable to resolve crossref @fig-x",
        "[WARNING] Citeproc: citation nobody not found",
        "ERROR: kernel died",
    ],
)
def test_warnings_of_quarto_are_errors(
    tmp_path: Path, fake_quarto: Callable[..., Path], write: Callable[..., Path], message: str
) -> None:
    fake_quarto(message=message)
    with pytest.raises(
        RenderError, match=r"small\.qmd: Quarto could not write html: .*" + message[-9:]
    ):
        render(write(BODY), tmp_path)
    assert list((tmp_path / "out").iterdir()) == []


def test_no_file_from_quarto_is_an_error(
    tmp_path: Path, fake_quarto: Callable[..., Path], write: Callable[..., Path]
) -> None:
    fake_quarto(message="last words", writes=False)
    with pytest.raises(RenderError, match="Quarto could not write html: last words"):
        render(write(BODY), tmp_path)


def test_a_broken_quarto_gives_way_to_the_embedded_renderer(
    fake_quarto: Callable[..., Path],
) -> None:
    fake_quarto(version_exit=3)
    chosen = choose_renderer()
    assert chosen.name == "embedded"
    assert chosen.reason == "quarto --version fails with exit code 3"
    with pytest.raises(RenderError, match="fails with exit code 3"):
        choose_renderer("quarto")
