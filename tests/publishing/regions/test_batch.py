"""Reports of regions as files: kept and made anew, words when it fails, and one of them read."""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from clientindex.errors import RenderError
from clientindex.publishing.place_names import PlaceNames, name_places
from clientindex.publishing.regions import batch
from clientindex.publishing.regions.batch import write_regions
from clientindex.publishing.regions.names import name_files
from presentation_bundle import make_bundle, save_bundle

REPORTS = Path(__file__).parents[3] / "reports"
REGIONS = ("Край", "Округ", "Псковская область")
STRANGE = 'Край «А» & <Б> "В" [г](д)'


@cache
def make_plain():
    return make_bundle()


def write(folder, **changes):
    settings = {
        "bundle": make_plain(),
        "reports": REPORTS,
        "made_from": "a" * 64,
        "languages": ("ru", "en"),
        "regions": REGIONS,
        "renderer": "embedded",
    }
    settings |= changes
    return write_regions(settings.pop("bundle"), folder, **settings)


def list_files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def rendered(monkeypatch):
    """Take the place of rendering: files hold the title; return the titles in their order."""
    titles = []

    def render(job, **settings):
        titles.append(job.metadata["title"])
        return {name: f"{name}: {job.metadata['title']}".encode() for name in job.files}

    monkeypatch.setattr(batch, "_render", render)
    return titles


def test_two_files_a_region_and_language_with_its_name_in_the_title(tmp_path, rendered):
    run = write(tmp_path)
    assert (run.written, run.kept, run.deleted) == (6, 0, 0)
    names = [f"{language}/{n}" for language in ("ru", "en") for n in ("kray", "okrug")]
    names += ["ru/pskovskaya-oblast", "en/pskovskaya-oblast"]
    files = {f"{name}.{to}" for name in names for to in ("html", "pdf")}
    assert list_files(tmp_path) == {*files, "regions.json"}
    assert "Псковская область. Рейтинг центров" in rendered
    assert "Pskov Oblast. Rating of centres" in rendered
    assert (tmp_path / "ru" / "kray.pdf").read_bytes().startswith(b"ru/kray.pdf: ")


def test_what_is_there_is_kept_and_what_was_changed_is_made_anew(tmp_path, rendered):
    write(tmp_path, languages=("ru",))
    (tmp_path / "ru" / "kray.pdf").write_bytes(b"damaged")
    (tmp_path / "ru" / "okrug.html").unlink()
    rendered.clear()
    run = write(tmp_path, languages=("ru",))
    assert (run.written, run.kept) == (2, 1)
    assert sorted(title.split(".")[0] for title in rendered) == ["Край", "Округ"]
    assert write(tmp_path, languages=("ru",)).kept == 3
    assert write(tmp_path, languages=("ru",), made_from="b" * 64).written == 3


@pytest.mark.usefixtures("rendered")
def test_a_run_that_is_stopped_goes_on_where_it_ended(tmp_path):
    told = []

    def stop(done, total):
        told.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, languages=("ru",), tell=stop)
    assert told == [(0, 3), (1, 3), (2, 3)]
    run = write(tmp_path, languages=("ru",), tell=lambda done, total: told.append((done, total)))
    assert (run.kept, run.written) == (2, 1)
    assert told[3:] == [(2, 3), (3, 3)]


@pytest.mark.usefixtures("rendered")
def test_files_of_regions_that_are_gone_are_deleted_unless_somebody_changed_them(tmp_path):
    write(tmp_path, languages=("ru",), complete=True)
    (tmp_path / "ru" / "okrug.pdf").write_bytes(b"of somebody")
    run = write(tmp_path, languages=("ru",), regions=REGIONS[2:], complete=True)
    assert (run.kept, run.deleted) == (1, 3)
    left = {"ru/pskovskaya-oblast.html", "ru/pskovskaya-oblast.pdf", "ru/okrug.pdf"}
    assert list_files(tmp_path) == {*left, "regions.json"}


@pytest.mark.usefixtures("rendered")
def test_a_damaged_record_is_not_believed(tmp_path):
    outside = {"../../x": {"made_from": "a" * 64, "sha256": "b"}}
    for content in ("{", json.dumps({"schema": 1, "files": outside})):
        (tmp_path / "regions.json").write_text(content, encoding="utf-8")
        assert write(tmp_path, complete=True, made_from=str(len(content))).written == 6


def test_a_report_that_cannot_be_made_does_not_stop_the_others(tmp_path, monkeypatch):
    def render(job, **settings):
        if job.region == "Округ":
            msg = "region.ru.qmd:7: cell: no"
            raise RenderError(msg)
        return dict.fromkeys(job.files, b"x")

    monkeypatch.setattr(batch, "_render", render)
    wanted = r"^2 reports of regions were not made, all others were\. Округ \(\w\w\): region\.ru"
    with pytest.raises(RenderError, match=wanted):
        write(tmp_path)
    assert not {name for name in list_files(tmp_path) if "okrug" in name}
    assert len(list_files(tmp_path)) == 9


@pytest.mark.parametrize("fault", [KeyError("Край"), queue.Empty("Край")])
def test_a_fault_of_the_program_ends_the_run(tmp_path, monkeypatch, fault):
    def render(job, **settings):
        raise fault

    monkeypatch.setattr(batch, "_render", render)
    with pytest.raises(type(fault), match="Край"):
        write(tmp_path, regions=REGIONS[:1], languages=("ru",))


@pytest.mark.usefixtures("rendered")
def test_a_folder_that_is_a_file_is_told_in_words(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(RenderError, match=r"reports of regions cannot be written.*--output"):
        write(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into read-only folders")
@pytest.mark.usefixtures("rendered")
def test_a_read_only_folder_is_told_in_words(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(RenderError, match="reports of regions cannot be written"):
        write(tmp_path / "out")


@pytest.mark.usefixtures("rendered")
def test_a_folder_that_refuses_files_is_told_in_words(tmp_path, monkeypatch):
    def refuse(content, target):
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(batch, "write_whole", refuse)
    with pytest.raises(RenderError, match=r"Permission denied.*finished files stay"):
        write(tmp_path)


def test_names_of_files_are_latin_short_and_different():
    names = name_files(["Край", "край", "Республика Саха (Якутия)", "№", "漢字", "а" * 300])
    assert names["Республика Саха (Якутия)"] == "respublika-sakha-yakutiya"
    assert names["№"] == "no"
    assert len(set(names.values())) == 6
    assert all(re.fullmatch(r"[a-z0-9-]{2,69}", name) for name in names.values())
    assert names["Край"].startswith("kray-")
    assert names["漢字"].startswith("region-")
    # Windows gives no file the name of a device, whatever its ending.
    assert re.fullmatch(r"con-[0-9a-f]{8}", name_files(["Con"])["Con"])


def test_a_report_is_rendered_and_can_be_read(tmp_path):
    named = name_places(make_bundle(), PlaceNames(regions={"Округ": STRANGE}))
    folder = save_bundle(named, tmp_path / "results")
    bundle = make_bundle(results=named.results, folder=folder)
    run = write(tmp_path / "out", bundle=bundle, languages=("ru",), regions=[STRANGE])
    assert run.written == 1
    (page,) = (tmp_path / "out").rglob("*.html")
    html = page.read_text(encoding="utf-8")
    assert "<title>Край «А» &amp; &lt;Б&gt; &quot;В&quot; [г](д). Рейтинг центров</title>" in html
    assert "Синтетические данные" in html
    assert "Средний индекс региона не определён: ни у одного центра нет индекса." in html
    assert not re.search(r'(src|href)="https?://', html)
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: texts of PDFs cannot be read")
    pdf = page.with_suffix(".pdf")
    done = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True)
    text = " ".join(done.stdout.replace("\u00a0", " ").replace("\u00ad", "").split())
    assert STRANGE in text
    assert "Звёзды не присвоены ни одному центру занятости региона" in text
    assert "Чего нельзя заключать по звёздам" in text
