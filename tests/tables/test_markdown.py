from __future__ import annotations

import pytest

from clientindex.tables.markdown import escape_markdown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Центр\u202e тут\u202c", "Центр тут"),
        ("а\u2067б\u2069", "аб"),
        ("две\r\nстроки\u2028и третья", "две строки и третья"),
        ("нуль\x00 и звонок\x07", "нуль и звонок"),
        ("\ufeffметка", "метка"),
        ("שלום 🙂", "שלום 🙂"),
        ("1\u00a0234", "1\u00a0234"),
        ("*а* | <b>", "\\*а\\* \\| \\<b\\>"),
    ],
)
def test_text_changes_neither_mark_up_nor_direction_nor_rows(text: str, shown: str) -> None:
    assert escape_markdown(text) == shown
