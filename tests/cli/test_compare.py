"""The command that compares two methodologies: numbers, files, the page, and refusals."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import matplotlib.figure
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from clientindex.cli import main
from clientindex.figures.methodology_comparison import draw_methodology_comparison
from clientindex.figures.rank_slopes import arrange_slopes, draw_rank_slopes
from clientindex.figures.star_transitions import arrange_transitions
from clientindex.pipeline.compare import compare_on_edition
from clientindex.pipeline.compare_pages import write_pages
from clientindex.publishing.methodology_comparison import NAME, open_comparison
from clientindex.results.storage import save_result
from clientindex.wording import load_wording

ROOT = Path(__file__).parents[2]


def revise(raw):
    for group, weight in zip(raw["groups"], (0.4, 0.3, 0.1, 0.1, 0.1), strict=True):
        group["weight"] = weight
    raw["stars"]["bands"][3]["to"] = raw["stars"]["bands"][4]["from"] = 78


def rename_all(raw):
    for group in raw["groups"]:
        group["indicators"] = [f"other_{key}" for key in group["indicators"]]
    for indicator in raw["indicators"]:
        indicator["key"] = f"other_{indicator['key']}"


def write_methodology(folder, name, edit):
    yaml = YAML()
    raw = yaml.load((ROOT / "methodology" / "2026.yml").read_text(encoding="utf-8"))
    raw["id"] = name
    edit(raw)
    with (folder / f"{name}.yml").open("w", encoding="utf-8") as stream:
        yaml.dump(raw, stream)
    return folder / f"{name}.yml"


@pytest.fixture(scope="module")
def place(simulated, tmp_path_factory):
    """Give a small edition with two methodologies and their comparison."""
    folder = tmp_path_factory.mktemp("compare") / "project"
    shutil.copytree(simulated, folder)
    edition = folder / "editions" / "demo.yml"
    text = edition.read_text(encoding="utf-8").replace("../reports", str(ROOT / "reports"))
    edition.write_text(text, encoding="utf-8")
    old, new = folder / "methodology" / "2026.yml", write_methodology(folder, "2027", revise)
    comparison = compare_on_edition(old, new, edition)
    return SimpleNamespace(
        folder=folder,
        edition=edition,
        old=old,
        new=new,
        comparison=comparison,
        result=comparison.result,
    )


def call(place, *arguments, new=None):
    wanted = ["compare", place.old, new or place.new, "--edition", place.edition, *arguments]
    return CliRunner().invoke(main, [*map(str, wanted)])


def test_what_is_printed_is_what_was_computed(place):
    outcome = call(place)
    assert outcome.exit_code == 0, outcome.output
    said, result = " ".join(outcome.output.split()), place.result
    gained, lost, same = (result.count(name) for name in ("gained", "lost", "same"))
    assert gained + lost > 0
    assert f"Stars: {gained} centres gain, {lost} lose, {same} keep theirs." in said
    assert f"Kendall's tau {result.find('kendall_tau'):.3f}" in said
    assert f"{result.count('up')} centres up, {result.count('down')} down" in said
    assert re.search(r"Weight of group: Friendliness and partnership │ 20% +│ 40%", outcome.output)
    assert re.search(r"Cut points of stars +│ 50; 60; 70; 80 +│ 50; 60; 70; 78", outcome.output)


def test_the_same_file_twice_says_that_nothing_differs(place):
    outcome = call(place, new=place.old)
    assert outcome.exit_code == 0, outcome.output
    assert "settings that act on scores and stars are the same in both" in outcome.output
    assert "The index changes for no centre." in outcome.output
    assert "No centre has other stars." in outcome.output


def test_every_frame_is_written_as_csv(place, tmp_path):
    outcome = call(place, "--csv", tmp_path / "csv")
    assert outcome.exit_code == 0, outcome.output
    names = {path.name for path in (tmp_path / "csv").iterdir()}
    frames = ("changes", "weights", "groups", "centres", "transitions", "parts", "summary")
    assert {f"comparison.{name}.csv" for name in frames} <= names
    centres = pd.read_csv(tmp_path / "csv" / "comparison.centres.csv")
    np.testing.assert_array_equal(centres["difference"], place.result.centres["difference"])


def test_a_page_in_both_languages_and_three_formats(place, tmp_path):
    written = write_pages(place.comparison, tmp_path, renderer="embedded")
    assert {path.name for path in written} == {
        f"compare.{language}.{ending}"
        for language in ("ru", "en")
        for ending in ("html", "pdf", "docx")
    }
    changed = place.result.count("gained") + place.result.count("lost")
    page = (tmp_path / "compare.ru.html").read_text(encoding="utf-8")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "Сравнение методик «2026» и «2027»" in text
    assert f"Звёзды меняются у {changed} из" in text
    assert "Синтетические данные" in text
    assert "Веса групп (Дружелюбие и партнерство; Полезность; Минимизация усилий;" in text
    with zipfile.ZipFile(tmp_path / "compare.en.docx") as archive:
        word = re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())
    assert f"change for {changed} of" in word.replace("\u00a0", " ")
    for language in ("ru", "en"):
        content = (tmp_path / f"compare.{language}.pdf").read_bytes()
        assert re.search(rb"/Type /Pages\s+/Count 1\b", content) or b"/Count 1" in content


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_stored_comparison_is_told_as_it_was(place, tmp_path, capsys, language):
    save_result(place.result, tmp_path, name=NAME)
    page = open_comparison(str(tmp_path), language)
    named = ["name", "region"]
    assert page.result.centres.drop(columns=named).equals(place.result.centres.drop(columns=named))
    told = page.result.centres.set_index("centre").loc["R24-001", named].tolist()
    assert (
        told
        == {
            "ru": ["ЦЗН г. Красноярска", "Красноярский край"],
            "en": ["TsZN g. Krasnoyarska", "Krasnoyarsk Krai"],
        }[language]
    )
    page.show_status()
    page.show_summary()
    page.show_changes()
    page.show_rest()
    said = capsys.readouterr().out
    assert page.wording.text("callout.synthetic_title") in said
    assert "{#tbl-methodology-changes}" in said
    assert "nan" not in said.lower()


def test_slopes_join_both_places_of_every_ranked_centre(place):
    ax = matplotlib.figure.Figure().subplots()
    draw_rank_slopes(place.result, ax=ax, wording=load_wording("ru"))
    drawn = np.concatenate([np.array(lines.get_segments()) for lines in ax.collections])
    slopes = arrange_slopes(place.result)
    ends = slopes[["rank_before", "rank_after"]].to_numpy(float)
    assert sorted(map(tuple, drawn[..., 1])) == sorted(map(tuple, ends))
    kinds = slopes["kind"].value_counts()
    assert kinds.get("gained", 0) == place.result.count("gained")
    assert kinds.get("lost", 0) == place.result.count("lost")
    low, high = ax.get_ylim()
    assert low > high


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_figure_counts_every_centre_once_and_is_marked_synthetic(place, language):
    wording = load_wording(language)
    figure = draw_methodology_comparison(place.result, wording=wording)
    assert arrange_transitions(place.result).to_numpy().sum() == len(place.result.centres)
    texts = {text.get_text() for text in figure.texts}
    assert wording.text("callout.synthetic_title") in texts
    assert figure.axes[0].get_title() == wording.text("figures.methodology_stars.after")


def test_methodologies_without_common_indicators_are_refused(place):
    new = write_methodology(place.folder, "renamed", rename_all)
    outcome = call(place, new=new)
    assert outcome.exit_code == 1
    assert "have no indicator in common" in outcome.output
    assert "Traceback" not in outcome.output


def test_a_missing_file_an_unknown_edition_and_no_edition_are_refused(place):
    assert call(place, new=place.folder / "nowhere.yml").exit_code == 2
    wanted = ["compare", str(place.old), str(place.new)]
    unknown = CliRunner().invoke(main, [*wanted, "--edition", "nowhere"])
    assert unknown.exit_code == 2
    assert "no edition 'nowhere'" in unknown.output
    none = CliRunner().invoke(main, wanted)
    assert none.exit_code == 2
    assert "--edition" in none.output
