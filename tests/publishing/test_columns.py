from __future__ import annotations

from pathlib import Path

import pytest

from clientindex.publishing.columns import (
    SERIF_PAGE,
    SIZES_PT,
    WORD_MARGINS,
    WORD_PAGE,
    align_columns,
    break_long_words,
    set_widths,
    text_size,
)
from clientindex.publishing.nodes import plain_text
from clientindex.publishing.pandoc import Node, read_markdown


def table(*rows: str) -> Node:
    lines = [f"| {row} |" for row in rows]
    rule = "|" + "---|" * rows[0].count("|") + "---|"
    text = "\n".join([lines[0], rule, *lines[1:]]) + "\n"
    node: Node = read_markdown(text, folder=Path())["blocks"][0]
    return node


@pytest.mark.parametrize(
    "cell",
    ["1", "1 234,5", "−0,31", "12,5 %", "[4,28; 4,34]", "(0.1, 0.3)", "< 0,001", "1,234.5", "–"],
)
def test_numbers_and_intervals_go_to_the_right(cell: str) -> None:
    aligned = align_columns(table("Имя | x", f"а | {cell}", "б | 7"))
    assert [spec[0]["t"] for spec in aligned["c"][2]] == ["AlignLeft", "AlignRight"]


@pytest.mark.parametrize("cell", ["п. 7", "2026-й год", "А1", "★★★"])
def test_text_stays_on_the_left(cell: str) -> None:
    aligned = align_columns(table("x", cell, "7"))
    assert aligned["c"][2][0][0]["t"] == "AlignLeft"


def test_a_column_without_a_value_is_text() -> None:
    assert align_columns(table("x", "–"))["c"][2][0][0]["t"] == "AlignLeft"


def test_a_narrow_table_keeps_its_size_and_automatic_widths() -> None:
    narrow = table("Имя | n", "а | 1")
    assert text_size(narrow, page=SERIF_PAGE) == SIZES_PT[0]
    widths = [spec[1]["t"] for spec in set_widths(narrow, page=SERIF_PAGE)["c"][2]]
    assert widths == ["ColWidthDefault"] * 2


def test_a_wide_table_fills_the_page_and_takes_from_running_text() -> None:
    wide = table(
        "№ | Показатель | " + " | ".join(["95 %-й интервал"] * 6),
        f"1 | {'слово ' * 30} | " + " | ".join(["[58,3; 62,3]"] * 6),
    )
    assert text_size(wide, page=SERIF_PAGE) < SIZES_PT[0]
    widths = [spec[1]["c"] for spec in set_widths(wide, page=SERIF_PAGE)["c"][2]]
    assert sum(widths) == pytest.approx(1, abs=0.001)
    assert widths[1] == max(widths)
    assert len(set(widths[2:])) == 1
    page = SERIF_PAGE / text_size(wide, page=SERIF_PAGE)
    assert widths[2] * page >= len("[58,3; 62,3]")


def test_a_short_number_fits_between_the_margins_of_a_cell() -> None:
    name = "Центр занятости населения города"
    wide = table(
        "Центр | ★ | Индекс | Интервал | n | P(звёзд) | До звёзд | Место",
        f"{name} | 3 | 69,9 | [67,3; 72,6] | 107 | 0,51 | 9,9 / < 0,1 | 612 [401; 809]",
    )
    size = text_size(wide, page=WORD_PAGE, margins=WORD_MARGINS)
    shaped = set_widths(wide, page=WORD_PAGE, margins=WORD_MARGINS, fill_page=True)
    width = shaped["c"][2][4][1]["c"] * WORD_PAGE / size
    assert width - WORD_MARGINS / size >= len("107")


def test_short_columns_keep_their_width_where_nothing_fits() -> None:
    long = "непереносимое" * 4
    crowded = table(f"n | {' | '.join([long] * 6)}", f"107 | {' | '.join([long] * 6)}")
    size = text_size(crowded, page=SERIF_PAGE)
    width = set_widths(crowded, page=SERIF_PAGE)["c"][2][0][1]["c"] * SERIF_PAGE / size
    assert width >= len("107") + 2


def test_a_word_longer_than_a_column_may_break_and_asks_for_no_more_room() -> None:
    name, code = "ы" * 60, "0123456789ab" * 5
    broken = break_long_words(table("Имя | Код", f"{name} | {code}"))
    assert plain_text(broken).count("ы\u200bы") == 2
    assert code in plain_text(broken)
    fresh = table("Имя | n | x", f"{name} | 1 234 | {'слово ' * 12}")
    wide = [set_widths(t, page=SERIF_PAGE)["c"][2] for t in (fresh, break_long_words(fresh))]
    shares = [[spec[1]["c"] for spec in specs] for specs in wide]
    assert shares[0][0] > 0.6 > shares[1][0]
