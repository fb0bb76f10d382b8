"""A number and its unit stay on one line in every sentence and label."""

import pytest

from clientindex.publishing.illustrations import _BREAKS
from clientindex.wording import load_wording
from clientindex.wording.units import tie_units

GAP = "\u00a0"


@pytest.mark.parametrize(
    ("language", "text", "tied"),
    [
        ("ru", "72,5 балла из 100; 5 % и 3 ★", "72,5_балла из 100; 5_% и 3_★"),
        ("ru", "в 21 центре, 2 раза за 2026 год", "в 21_центре, 2_раза за 2026_год"),
        ("ru", "от 5 до 7, считая 3 разные", "от 5 до 7, считая 3 разные"),
        ("en", "72.5 points over 21 centres, 4 stars", "72.5_points over 21_centres, 4_stars"),
        ("en", "in 2026 stars went to 5 starred ones", "in 2026_stars went to 5 starred ones"),
    ],
)  # fmt: skip
def test_numbers_are_tied_to_their_units(language, text, tied):
    assert tie_units(text, language) == tied.replace("_", GAP)


def test_texts_of_the_catalogue_are_tied():
    text = load_wording("ru").text
    said = text("sentence.case_mix.left_out", items="5 центров", minimum="30 респондентов")
    assert f"5{GAP}центров" in said
    assert f"30{GAP}респондентов" in said


def test_alternative_texts_keep_no_break_spaces():
    assert _BREAKS.sub(" ", f"5{GAP}%\n  of 3") == f"5{GAP}% of 3"
