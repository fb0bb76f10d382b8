from __future__ import annotations

import pytest

from clientindex.figures.labels import WordingFormatter, count_digits, name_rows, use_ranks, wrap
from clientindex.figures.style import new_figure, row_height


@pytest.mark.parametrize(
    ("values", "digits"), [([0.0, 5.0], 0), ([0.0, 0.5], 1), ([0.65, 0.7], 2), ([1 / 3], 3)]
)
def test_ticks_have_as_many_digits_as_they_need(values, digits):
    assert count_digits(values) == digits


def test_ticks_take_the_decimal_sign_of_the_language(ru, en):
    assert WordingFormatter(ru).format_ticks([0.65, 0.7]) == ["0,65", "0,70"]
    assert WordingFormatter(en).format_ticks([0.65, 0.7]) == ["0.65", "0.70"]
    assert WordingFormatter(ru)(2.5) == "2,5"


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        ("короткое", "короткое"),
        ("Внешний комфорт и удобство", "Внешний комфорт\nи удобство"),
        ("Достопримечательность", "Достопримечательность"),
        ("±25\u00a0% весов", "±25\u00a0% весов"),
    ],
)
def test_labels_break_between_words_into_even_lines(text, wrapped):
    assert wrap(text, width=20) == wrapped


def test_rows_too_low_for_two_lines_keep_one_and_shrink(ru):
    name = "Регион с очень длинным официальным наименованием"
    sizes, lines = [], []
    for row_in in (0.3, 0.1):
        ax = new_figure(3.0).add_subplot()
        name_rows(ax, [name], row_in=row_in, width=30)
        (label,) = ax.get_yticklabels()
        sizes.append(label.get_fontsize())
        lines.append(label.get_text().count("\n") + 1)
    assert lines == [2, 1]
    assert sizes[1] == pytest.approx(0.1 * 72 / 1.25)
    assert sizes[1] < sizes[0] <= 8


def test_rank_ticks_begin_with_one_and_skip_zero(ru):
    ax = new_figure(3.0).add_subplot()
    ax.set_xlim(0, 240)
    use_ranks(ax.xaxis, ru, last=240)
    assert ax.get_xticks().tolist() == [1, 50, 100, 150, 200]


def test_many_rows_share_the_page():
    assert row_height(13, wanted_in=0.25, room_in=1.0) == 0.25
    assert 89 * row_height(89, wanted_in=0.25, room_in=1.0) + 1.0 == pytest.approx(8.8)
