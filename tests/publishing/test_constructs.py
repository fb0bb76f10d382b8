"""Constructs of Quarto: each comes out in all three formats, or is an error that names it."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clientindex.errors import RenderError
from clientindex.publishing.assemble import assemble
from clientindex.publishing.embedded import build_document
from clientindex.publishing.render import render_document
from clientindex.publishing.settings import load_settings
from clientindex.publishing.source import parse_source

if TYPE_CHECKING:
    from clientindex.publishing.document import Document

ROOT = Path(__file__).resolve().parents[2]

REFUSED = {
    "tabset": ("::: {.panel-tabset}\n## А\n:::", 1, r"\.panel-tabset"),
    "columns": (":::: {.columns}\n::: {.column}\nа\n:::\n::::", 1, r"\.columns"),
    "mermaid": ("а\n\n```{mermaid}\nА-->Б\n```", 3, r"\{mermaid\}"),
    "observable cell": ("```{ojs}\n1\n```", 1, r"\{ojs\}"),
    "R cell": ("```{r}\n1\n```", 1, r"\{r\}"),
    "inline R": ("а\nб `{r} 1`", 2, r"\{r\}"),
    "video": ("{{< video https://example.invalid >}}", 1, "video"),
    "embed": ("{{< embed a.ipynb >}}", 1, "embed"),
    "meta": ("а\n\n{{< meta title >}}", 3, "meta"),
    "var": ("# А {{< var x >}}", 1, "var"),
    "keyboard": ("Нажмите {{< kbd Enter >}}.", 1, "kbd"),
    "include in a sentence": ("а {{< include _b.md >}}", 1, "include"),
    "conditional block": ("::: {.content-visible when-format='html'}\nа\n:::", 1, "content-vis"),
    "conditional span": ("[а]{.content-hidden when-format='pdf'}", 1, r"\.content-hidden"),
    "margin": ("::: {.column-margin}\nа\n:::", 1, r"\.column-margin"),
    "aside": ("а\n\n[б]{.aside}", 3, r"\.aside"),
    "numbered equation": ("а\n\n$$\na=b\n$$ {#eq-a}", 5, r"\{#eq-"),
    "reference to an equation": ("см. @eq-a", 1, "@eq-"),
    "theorem": ("::: {#thm-a}\n## Т\nа\n:::", 1, "#thm-"),
    "proof": ("::: {.proof}\nа\n:::", 1, r"\.proof"),
    "remark": ("::: {.remark}\nа\n:::", 1, r"\.remark"),
    "listing": ("```{#lst-a .python lst-cap='Код'}\n1\n```", 1, "#lst-"),
    "reference to a listing": ("см. @lst-a", 1, "@lst-"),
    "file name of code": ("```{.python filename='a.py'}\n1\n```", 1, "'filename'"),
    "numbered callout": ("::: {#tip-a .callout-tip}\nа\n:::", 1, "#tip-"),
    "folded callout": ("::: {.callout-note collapse='true'}\nа\n:::", 1, "'collapse'"),
    "unknown callout": ("::: {.callout-danger}\nа\n:::", 1, "'callout-danger'"),
    "raw HTML block": ("```{=html}\n<b>а</b>\n```", 2, "raw html"),
    "raw LaTeX block": ("```{=latex}\nа\n```", 2, "raw latex"),
    "raw Typst in a line": ("а `#б`{=typst}", 1, "raw typst"),
    "LaTeX in a line": (r"а \textbf{б}", 1, "raw tex"),
    "HTML table": ("<table><tr><td>а</td></tr></table>", 1, "raw html"),
    "layout": ("::: {layout-ncol=2}\nа\n\nб\n:::", 1, "'layout-ncol'"),
    "subfigures": ("::: {#fig-a}\n![а](x.png)\n\n![б](x.png)\n\nв\n:::", 1, "hold one image"),
    "style": ("::: {style='display:none'}\nа\n:::", 1, "'style'"),
    "lightbox": ("![а](x.png){.lightbox}", 1, r"\.lightbox"),
    "SVG file": ("![а](x.svg){#fig-a}", 1, r"x\.svg is SVG"),
    "figure without caption": ("![](x.png){#fig-a fig-alt='а'}", 1, "'fig-a' has no caption"),
    "figure in a sentence": ("а ![б](x.png){#fig-a}", 1, "'fig-a' has no caption, or does"),
    "height of an image": ("![а](x.png){height=20}", 1, "'height'"),
    "cell option": ("```{python}\n#| code-fold: true\n1\n```", 2, "'code-fold'"),
    "options in braces": ("```{python, echo=FALSE}\n1\n```", 1, "'#|' lines"),
    "footnote without text": ("а[^1] и б[^2]\n\n[^1]: в", 1, r"\[\^2\] has no text"),
    "footnote that nobody uses": ("а\n\n[^1]: в", 3, "'1' .*not used"),
    "footnote in a heading": ("# А^[б]", 1, "heading 'А' has a footnote"),
    "unknown citation": ("а\n\nб [@nobody]", 3, "@nobody"),
    "reference to nothing": ("см. @fig-x", 1, "unresolved reference @fig-x"),
    "label used twice": ("![а](x.png){#fig-a}\n\n![б](x.png){#fig-a}", 3, "'fig-a' is already"),
    "name used twice": ("[а]{#x} [б]{#x}", 1, "'x' is already used"),
    "section used twice": ("# А {#sec-a}\n\n# Б {#sec-a}", 3, "'sec-a' is already used"),
    "second YAML block": ("а\n\n---\ntitle: б\n---\n", 3, "YAML block"),
    "skipped level": ("# А\n\n### Б", 3, "skips a level"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("constructs") / "reports"
    shutil.copytree(ROOT / "reports", target, ignore=shutil.ignore_patterns("*.qmd", "*.md"))
    (target / "_b.md").write_text("{{< include _c.md >}}\n\nДВЕСТИДВА\n", encoding="utf-8")
    (target / "_c.md").write_text("ТРИСТАТРИ\n", encoding="utf-8")
    return target


def write(folder: Path, body: str) -> Path:
    path = folder / "small.qmd"
    front = "---\ntitle: Проба\nmetadata-files: [_ru.yml]\n---\n"
    path.write_text(f"{front}{body}\n", encoding="utf-8")
    return path


def read(path: Path) -> Document:
    """Check a document without cells; nothing is written."""
    source = parse_source(path)
    settings = load_settings(path, source.front_matter, metadata={})
    pieces = assemble(source, {}, folder=path.parent, echo=False)
    return build_document(pieces, settings, folder=path.parent)


@pytest.mark.parametrize("name", REFUSED)
def test_what_some_format_would_lose_is_refused_with_its_line(folder: Path, name: str) -> None:
    body, line, words = REFUSED[name]
    with pytest.raises(RenderError, match=words) as refusal:
        read(write(folder, body))
    assert f"small.qmd:{line + 4}" in str(refusal.value)


KEPT = """# Раздел

{{< include _b.md >}}

Термин
: ОПРЕДЕЛЕНИЕ

- [ ] ЗАДАЧА
- [x] СДЕЛАНО

| ПЕРВАЯ
| ВТОРАЯ строка

Сноска[^note] и другая^[КОРОТКАЯ]. ~~ЗАЧЁРКНУТО~~ и H~НИЖЕ~, x^ВЫШЕ^, [ПОДЧЁРКНУТО]{.underline}.

[^note]: АБЗАЦПЕРВЫЙ

    АБЗАЦВТОРОЙ

``` {.python}
КОД = 1
```

Код `{{< meta x >}}` и `[^9]` не выполняются. <!-- ТАЙНА -->

$$ a = b $$

(@пример) ПРИМЕР

Черта:

---

> ЦИТАТА

<div>БЛОК</div>

|а|б|
|-|-|
|ЯЧЕЙКА|2|

: ПОДПИСЬ
"""
SHOWN = [*re.findall(r"\b[А-ЯЁ]{3,}\b", KEPT.replace("ТАЙНА", "")), "ДВЕСТИДВА", "ТРИСТАТРИ"]


def test_what_is_not_refused_comes_out_in_all_formats(folder: Path, tmp_path: Path) -> None:
    done = render_document(
        write(folder, KEPT),
        output_dir=tmp_path,
        formats=["html", "docx", "pdf"],
        parameters={},
        metadata={},
        renderer="embedded",
    )
    with zipfile.ZipFile(done.paths["docx"]) as archive:
        word = "".join(archive.read(f"word/{n}.xml").decode() for n in ("document", "footnotes"))
    texts = {"html": done.paths["html"].read_text(encoding="utf-8"), "docx": word}
    if shutil.which("pdftotext") is not None:
        command = ["pdftotext", str(done.paths["pdf"]), "-"]
        texts["pdf"] = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for to, text in texts.items():
        assert [word for word in SHOWN if word not in text] == [], to
        assert "ТАЙНА" not in re.sub(r"(?s)<!--.*?-->", "", text)
        assert re.search(r"\{\{(<|&lt;) meta x", text)
        assert "[^9]" in text
