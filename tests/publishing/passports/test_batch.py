"""Passports as files: one page each, kept and made anew, the same bytes, words when it fails."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

import pytest

from clientindex.errors import RenderError
from clientindex.publishing.passports import batch
from clientindex.publishing.passports import compile as compile_module
from clientindex.publishing.passports.batch import name_file, write_passports
from clientindex.publishing.passports.compile import PageCompiler, count_pages
from clientindex.publishing.passports.pages import write_pages
from presentation_passports import make_passport_bundle, rename_centre

CENTRES = ("c1", "c2", "c3", "c4", "c5", "c6")
NASTY = {
    "signs of mark-up": '"А" & #Б $в$ @г *д* _е_ `ж` <з> \\и //к [л] {м} ~ // -- 1. = +',
    "one long word": "Центр" * 60,
    "very many words": "Межрайонный центр занятости населения " * 40,
    "emoji": "ЦЗН 😀 👩‍👩‍👧 🦄 🇷🇺",
    "right to left": "ЦЗН مركز التوظيف שלום",
    "no letters of ours": "漢字 ไทย",
}


def write(folder, **changes):
    settings = {"made_from": "a" * 64, "languages": ("ru",), "centres": ("c1", "c5")}
    bundle = changes.pop("bundle", None) or make_passport_bundle()
    return write_passports(bundle, folder, **{**settings, **changes})


def list_files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def read_text(path):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: texts of PDFs cannot be read")
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return " ".join(done.stdout.replace("\u00a0", " ").replace("\u200b", "").split())


def test_one_page_a_centre_and_language(tmp_path):
    run = write(tmp_path, languages=("ru", "en"), centres=("c1", "c5", "c6"))
    assert (run.written, run.kept, run.deleted) == (6, 0, 0)
    names = {f"{language}/{c}.pdf" for language in ("ru", "en") for c in ("c1", "c5", "c6")}
    assert list_files(tmp_path) == {*names, "passports.json"}
    assert {count_pages((tmp_path / name).read_bytes()) for name in names} == {1}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "ru",
            [
                "Синтетические данные",
                "ЦЗН № 1",
                "Код c1 · Псковская область",
                "5 из 5 звёзд",
                "Все респонденты 85,3 [83,3; 87,2] 400",
                "Псковская область 1 [1; 1] 2",
                "Внешний комфорт и удобство 88,0 [85,6; 90,4] 398 75,0 76,5 [65,4; 87,7]",
                "изменение +4,8 [1,8; 7,7]",
                "Что изменило бы звёзды",
                "Чего нельзя заключать",
                "0123456789ab",
            ],
        ),
        (
            "en",
            [
                "Synthetic data",
                "TsZN No. 1",
                "5 of 5 stars",
                "Employers 86.0 [82.2, 89.8] 100",
                "Comfort and convenience 88.0 [85.6, 90.4] 398 75.0 76.5 [65.4, 87.7]",
                "What must not be concluded",
            ],
        ),
    ],
)
def test_the_text_of_a_page(tmp_path, language, expected):
    write(tmp_path, languages=(language,), centres=("c1",))
    text = read_text(tmp_path / language / "c1.pdf")
    for part in expected:
        assert part in text
    if language == "en":
        assert not re.search("[А-Яа-я]", text)


@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_any_name_leaves_one_page_and_can_be_read(tmp_path, name):
    write(tmp_path, bundle=rename_centre(make_passport_bundle(), "c1", name), centres=("c1",))
    path = tmp_path / "ru" / "c1.pdf"
    assert count_pages(path.read_bytes()) == 1
    if name == NASTY["signs of mark-up"]:
        assert name in read_text(path)
    assert "Код c1" in read_text(path)


def test_what_is_there_is_kept_and_what_was_changed_is_made_anew(tmp_path):
    first = write(tmp_path, centres=CENTRES[:3])
    kept = tmp_path / "ru" / "c1.pdf"
    before = kept.stat().st_mtime_ns
    (tmp_path / "ru" / "c2.pdf").write_bytes(b"damaged")
    (tmp_path / "ru" / "c3.pdf").unlink()
    second = write(tmp_path, centres=CENTRES[:4])
    assert (first.written, second.written, second.kept) == (3, 3, 1)
    assert kept.stat().st_mtime_ns == before
    assert count_pages((tmp_path / "ru" / "c2.pdf").read_bytes()) == 1


def test_other_results_make_all_pages_anew(tmp_path):
    write(tmp_path)
    assert write(tmp_path, made_from="b" * 64).written == 2
    assert write(tmp_path, made_from="b" * 64).kept == 2


def test_a_run_that_is_stopped_goes_on_where_it_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "BATCH", 2)
    told = []

    def stop(done, total):
        told.append((done, total))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, centres=CENTRES, tell=stop)
    assert told == [(0, 6), (2, 6), (4, 6)]
    run = write(tmp_path, centres=CENTRES, tell=lambda done, total: told.append((done, total)))
    assert (run.kept, run.written) == (4, 2)
    assert told[3:] == [(4, 6), (6, 6)]


def test_two_processes_write_the_same_bytes_as_one(tmp_path, monkeypatch):
    write(tmp_path / "one", centres=CENTRES)
    monkeypatch.setattr(batch, "SINGLE", 0)
    monkeypatch.setattr(batch, "BATCH", 2)
    write(tmp_path / "two", centres=CENTRES)
    names = list_files(tmp_path / "one")
    assert names == list_files(tmp_path / "two")
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_files_of_centres_that_are_gone_are_deleted_unless_somebody_changed_them(tmp_path):
    write(tmp_path, centres=CENTRES[:4], complete=True)
    (tmp_path / "ru" / "c4.pdf").write_bytes(b"of somebody")
    (tmp_path / "ru" / "own.pdf").write_bytes(b"of somebody")
    run = write(tmp_path, centres=CENTRES[:2], complete=True)
    assert (run.kept, run.deleted) == (2, 1)
    expected = {"ru/c1.pdf", "ru/c2.pdf", "ru/c4.pdf", "ru/own.pdf", "passports.json"}
    assert list_files(tmp_path) == expected
    assert write(tmp_path, centres=("c1",)).deleted == 0


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"schema": 2, "files": {}}',
        '{"schema": 1, "files": []}',
        json.dumps({"schema": 1, "files": {"../../x": {"made_from": "a", "sha256": "b"}}}),
        json.dumps({"schema": 1, "files": {"ru/c1.pdf": 1, "ru/c5.pdf": {}}}),
    ],
)
def test_a_damaged_record_is_not_believed(tmp_path, content):
    (tmp_path / "passports.json").write_text(content, encoding="utf-8")
    assert write(tmp_path, complete=True).written == 2


def test_a_page_that_typst_refuses_does_not_stop_the_others(tmp_path, monkeypatch):
    compile_page = PageCompiler.compile

    def refuse(self, page):
        if page["name"] == "ЦЗН № 2":
            msg = "typst: no"
            raise RenderError(msg)
        return compile_page(self, page)

    monkeypatch.setattr(PageCompiler, "compile", refuse)
    with pytest.raises(RenderError, match=r"1 passports were not made.*ru/c2.pdf: typst: no"):
        write(tmp_path, centres=CENTRES[:3])
    assert list_files(tmp_path) == {"ru/c1.pdf", "ru/c3.pdf", "passports.json"}


def test_a_text_that_fits_no_page_is_refused_in_words(monkeypatch):
    (_, page), *_ = write_pages(make_passport_bundle(), "ru", centres={"c1"})
    monkeypatch.setattr(compile_module, "count_pages", lambda content: 2)
    with pytest.raises(RenderError, match="too long for one page"):
        PageCompiler(make_passport_bundle().edition.published).compile(page)


def test_a_folder_that_is_a_file_is_told_in_words(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(RenderError, match="passports cannot be written"):
        write(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into read-only folders")
def test_a_read_only_folder_is_told_in_words(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(RenderError, match="passports cannot be written"):
        write(tmp_path / "out")


def test_a_folder_that_refuses_files_is_told_in_words(tmp_path, monkeypatch):
    def refuse(content, target):
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(batch, "write_whole", refuse)
    with pytest.raises(RenderError, match=r"Permission denied.*finished files stay"):
        write(tmp_path)


def test_a_process_that_is_killed_is_told_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "SINGLE", 0)
    monkeypatch.setattr(batch, "_make_there", os._exit)
    monkeypatch.setattr(batch, "_cut", lambda pages: iter([1]))
    with pytest.raises(RenderError, match="ended from outside"):
        write(tmp_path)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("R25-009", "ru/R25-009.pdf"),
        ("ЦЗН_1.2", "ru/ЦЗН_1.2.pdf"),
        ("../etc", "ru/%2E.%2Fetc.pdf"),
        ("a b", "ru/a%20b.pdf"),
        ("a%20b", "ru/a%2520b.pdf"),
    ],
)
def test_codes_become_names_of_files(code, name):
    assert name_file("ru", code) == name


def test_long_codes_are_cut_and_stay_apart():
    one, other = name_file("ru", "x" * 300 + "a"), name_file("ru", "x" * 300 + "b")
    assert one != other
    assert len(one) < 110
