"""What the certificate of a verification says in each language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from clientindex.publishing.certificate import MOST_LINES, open_certificate
from clientindex.results.verification import save_verification
from published_verification import CELL, FAILED, PASSED

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.results.verification import Verification

NO_BREAK = "\u00a0"


@pytest.fixture
def tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Return a function that prints the whole certificate and gives it back."""

    def tell_it(found: Verification, language: str) -> str:
        path = tmp_path / "verification.json"
        save_verification(found, path)
        page = open_certificate(str(path), language)
        for part in ("verdict", "compared", "differences", "causes", "origin"):
            getattr(page, f"show_{part}")()
        printed = capsys.readouterr().out.replace("\\", "").replace(NO_BREAK, " ")
        return " ".join(printed.split())

    return tell_it


PASSED_TOLD = {
    "ru": [
        'callout-note title="Публикация воспроизводится"',
        "28 ноября 2026 г. публикация рассчитана",
        "Получено 126 из 126 файлов",
        "Обе сборки равны",
        "101 954 ячейки из 118 таблиц, 4 814 отметок с 22 рисунков, 685 чисел в 503 фрагментах",
        "совпало 124 из 126 файлов",
        "10⁻⁹ от числа или 10⁻¹²",
        "Расхождений в числах и словах нет.",
        "программа и пакеты те же",
        "встроенная программа оформления (Pandoc 3.9, typst 0.15.2)",
        "те же версии пакетов, что в файле блокировки",
    ],
    "en": [
        'callout-note title="The publication comes out again"',
        "On 28 November 2026 the publication",
        "126 of 126 files came out",
        "Both rebuilds are equal",
        "101,954 cells of 118 tables, 4,814 marks of 22 figures, 685 numbers in 503 passages",
        "byte for byte: 124 of 126 files",
        "10⁻⁹ of the number, or 10⁻¹²",
        "There are no differences in numbers or words.",
        "packages are those of the publication",
        "the embedded renderer (Pandoc 3.9, typst 0.15.2)",
        "The versions of the lock file are installed.",
    ],
}
FAILED_TOLD = {
    "ru": [
        'callout-warning title="Публикация не воспроизводится"',
        "Получено 125 из 126 файлов",
        "Различаются: 5 файлов",
        "Найдено: 1 расхождение",
        "заново не получено: documents/methods.ru.pdf",
        "изменены после публикации или отсутствуют: tables/csv/en/regions.csv",
        "tables/b.csv и ещё 2",
        "tables/csv/en/regions.csv · regions · Tyumen Oblast · mean_index | 82.04 | 81.79",
        "Только о форме файлов или о том, как они сделаны: 1 расхождение",
        "исходный файл survey.csv: при публикации 1111",
        "пакет по файлу блокировки numpy: при публикации 2.0.0, сейчас ничего",
    ],
    "en": [
        'callout-warning title="The publication does not come out again"',
        "125 of 126 files came out",
        "These differ: 5 files",
        "Found: 1 difference",
        "not made anew: documents/methods.ru.pdf",
        "changed after the publication, or are absent: tables/csv/en/regions.csv",
        "tables/b.csv and 2 more",
        "tables/csv/en/regions.csv · regions · Tyumen Oblast · mean_index | 82.04 | 81.79",
        "or how they were made: 1 difference",
        "input file survey.csv: at the publication 1111",
        "package of the lock file numpy: at the publication 2.0.0, now nothing",
    ],
}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_came_out_is_told(tell, language: str) -> None:
    told = tell(PASSED, language)
    assert [part for part in PASSED_TOLD[language] if part not in told] == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_differs_is_told(tell, language: str) -> None:
    told = tell(FAILED, language)
    assert [part for part in FAILED_TOLD[language] if part not in told] == []


def test_one_rebuild_and_no_lock_file_are_told(tell) -> None:
    told = tell(replace(PASSED, stable="not_asked", lock="not_asked"), "en")
    assert "whether it is stable was not checked" in told
    assert "There was one rebuild" in told
    assert "There is no lock file beside the edition" in told


def test_only_the_first_of_many_differences_are_shown(tell) -> None:
    many = tuple(replace(CELL, row=f"Row {i}") for i in range(30))
    told = tell(replace(FAILED, differences=many), "ru")
    assert told.count("mean_index") == MOST_LINES
    assert f"показаны первые {MOST_LINES} из 30" in told
