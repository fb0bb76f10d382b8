"""What stands folded below a figure, and what the shared filter makes of it in every format."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from clientindex.errors import RenderError
from clientindex.figures import FIGURES
from clientindex.publishing import how_made, illustrations
from clientindex.publishing.pandoc import run_pandoc
from clientindex.wording import load_wording
from presentation_bundle import make_bundle

FILES = {
    "group_means.json": "b1" * 32,
    "group_means.frame.parquet": "a0" * 32,
    "group_means_of_others.json": "c2" * 32,
    "stars.json": "d3" * 32,
}
TEMPLATES = Path(__file__).resolve().parents[2] / "reports" / "templates"


@pytest.fixture(scope="module")
def bundle() -> Any:
    made = make_bundle()
    return replace(made, manifest=replace(made.manifest, files=FILES))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_it_names_code_results_hashes_seed_and_data(bundle: Any, language: str) -> None:
    wording, manifest = load_wording(language), bundle.manifest
    told = how_made.tell_how_made(FIGURES["group_means"], bundle, wording=wording)
    lines = told.splitlines()
    summary = {"ru": "Как сделан рисунок", "en": "How this figure was made"}[language]
    assert lines[0] == f':::::: {{.how-made summary="{summary}"}}'
    assert lines[-1] == "::::::"
    assert "`clientindex.figures.group_means._make`" in told
    stage = {"ru": "этап «Расчёт индекса и звёзд»", "en": "stage: Index and stars"}[language]
    assert f":   `group_means` ({stage})" in lines
    assert [line for line in lines if "`: `" in line] == [
        f":   `group_means.frame.parquet`: `{'a0' * 32}`",
        f":   `group_means.json`: `{'b1' * 32}`",
    ]
    assert f":   {manifest.seed}" in lines
    assert f":   `{manifest.fingerprint}`" in lines
    assert "](rendered-figures/fig-group-means.csv)" in told
    assert told.rstrip(": \n").endswith(f"`csv/{language}/group_means.csv`")


def test_a_figure_without_a_table_of_its_name_names_none(bundle: Any) -> None:
    told = how_made.tell_how_made(FIGURES["stars_by_region"], bundle, wording=load_wording("en"))
    assert "fig-stars-by-region.csv" in told
    assert "csv/en/" not in told


def test_the_function_of_every_figure_exists() -> None:
    for recipe in FIGURES.values():
        module, _, function = how_made.name_function(recipe).rpartition(".")
        assert hasattr(__import__(module, fromlist=[function]), function), recipe.name


MARKDOWN = """
Before.

:::: {.how-made summary="A & <B>"}
Data
:   `hash`
:   [marks](data.csv)

::::

After.
"""


def convert(folder: Path, to: str, *, data: str = "a,б\n") -> str:
    if data:
        (folder / "data.csv").write_text(data, encoding="utf-8")
    arguments = ["-f", "markdown", "-t", to, f"--lua-filter={TEMPLATES / 'how-made.lua'}"]
    return run_pandoc(MARKDOWN, arguments, folder=folder)[0]


def test_html_folds_it_and_holds_the_data(tmp_path: Path) -> None:
    text = convert(tmp_path, "html5")
    assert '<details class="how-made">\n<summary>A &amp; &lt;B&gt;</summary>' in text
    link = re.search(r'href="data:application/csv;base64,([^"]*)"\s+download="data.csv"', text)
    assert link is not None
    assert base64.b64decode(link[1]).decode() == "a,б\n"
    assert text.index("Before") < text.index("<details") < text.index("After")


@pytest.mark.parametrize("to", ["typst", "rtf"])
def test_other_formats_leave_it_out(tmp_path: Path, to: str) -> None:
    text = convert(tmp_path, to)
    assert "Before." in text
    assert "After." in text
    assert "hash" not in text


def test_data_that_are_not_there_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"the file data\.csv does not exist"):
        convert(tmp_path, "html5", data="")


@pytest.mark.parametrize(
    ("configured", "wanted"),
    [
        ({"svg", "png"}, (illustrations.SVG, illustrations.PNG)),
        ({"png"}, (illustrations.PNG,)),
        (set(), (illustrations.PNG,)),
    ],
)
def test_formats_are_known_before_a_cell_loads_pyplot(
    monkeypatch: pytest.MonkeyPatch, configured: set[str], wanted: tuple[str, ...]
) -> None:
    def look_up(kind: object) -> None:
        raise KeyError(kind)

    formatter = SimpleNamespace(lookup_by_type=look_up)
    shell = SimpleNamespace(
        display_formatter=SimpleNamespace(
            formatters=dict.fromkeys((illustrations.SVG, illustrations.PNG), formatter)
        ),
        config={"InlineBackend": {"figure_formats": configured}},
    )
    monkeypatch.setattr(illustrations, "get_ipython", lambda: shell)
    assert illustrations.find_wanted_formats() == wanted
