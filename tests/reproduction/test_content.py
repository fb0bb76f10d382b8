"""What published files say, read from them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from clientindex.errors import ReproductionError
from clientindex.reproduction.content.csv_file import parse_csv, read_csv_file
from clientindex.reproduction.content.html_file import read_html_file
from clientindex.reproduction.content.numbers import cut_at_numbers, find_numbers, mask_numbers
from clientindex.reproduction.content.table import ShownTable, name_row

if TYPE_CHECKING:
    from pathlib import Path

DATA = base64.b64encode(b"mark,x\npoint,0.5\npoint,1.5\n").decode()
PAGE = f"""<!DOCTYPE html><html><head><title>Rating</title><style>p {{ width: 77px }}</style></head>
<body><nav><ul><li>1 Stars 99</li></ul></nav>
<h1><span>1</span> Stars</h1>
<p>The mean is 72.5&nbsp;points
   of <em>240</em> centres.</p><script>let a = 12;</script>
<table id="tbl-bands"><caption>Table 1: Bands</caption>
<thead><tr><th>Stars</th><th>From</th></tr></thead>
<tbody><tr><td>1</td><td>0</td></tr><tr><td><p>2</p></td><td>50<br/>60</td></tr></tbody></table>
<figure><svg><text>88</text></svg><img alt="A dot at 3" src="x.svg"><figcaption>Dots</figcaption>
<details class="how-made wide"><summary>How it was made</summary><dl><dt>Code</dt>
<dd>draw, <code>f00</code></dd><dd><a href="data:application/csv;base64,{DATA}"
 download="fig-dots.csv">marks</a></dd></dl></details></figure>
<h2>1.1 More</h2><ul><li>Item 7</li></ul></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "rating.en.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_passages_stand_below_their_headings(page: Path) -> None:
    found = [(passage.section, passage.text) for passage in read_html_file(page).passages]
    assert found == [
        ("", "Rating"),
        ("1 Stars", "1 Stars"),
        ("1 Stars", "The mean is 72.5\u00a0points of 240 centres."),
        ("1 Stars", "Table 1: Bands"),
        ("1 Stars", "A dot at 3"),
        ("1 Stars", "Dots"),
        ("1.1 More", "1.1 More"),
        ("1.1 More", "Item 7"),
    ]


def test_tables_and_the_data_of_figures_are_read(page: Path) -> None:
    found = read_html_file(page)
    assert found.tables == {
        "tbl-bands": ShownTable(
            name="tbl-bands",
            title="Table 1: Bands",
            columns=("Stars", "From"),
            rows=(("1", "0"), ("2", "5060")),
        )
    }
    dots = found.figures["fig-dots"]
    assert (dots.columns, dots.rows) == (("mark", "x"), (("point", "0.5"), ("point", "1.5")))
    assert found.n_numbers == 1 + 2 + 1 + 1 + 1 + 1


def test_a_page_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReproductionError, match="cannot be read as a published page"):
        read_html_file(tmp_path / "gone.html")
    broken = tmp_path / "broken.html"
    broken.write_text('<a href="data:text/csv;base64,A" download="x.csv">x</a>', encoding="utf-8")
    with pytest.raises(ReproductionError, match=r"data of x\.csv are no base64"):
        read_html_file(broken)


def test_a_file_of_data_is_read(tmp_path: Path) -> None:
    path = tmp_path / "stars.csv"
    path.write_bytes(b'\xef\xbb\xbfname,n\n"a, b",1\n')
    found = read_csv_file(path)
    assert (found.name, found.columns, found.rows) == ("stars", ("name", "n"), (("a, b", "1"),))
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ReproductionError, match="published table"):
        read_csv_file(path)


def test_rows_are_named_by_the_first_cells_that_tell_them_apart() -> None:
    table = parse_csv(b"group,key,n\na,x,1\na,y,2\nb,x,3\n", name="t")
    assert table.n_keys == 2
    assert [name_row(table, at) for at in range(3)] == ["a, x", "a, y", "b, x"]
    same = parse_csv(b"n\n1\n1\n", name="t")
    assert same.n_keys == 0
    assert name_row(same, 1) == "2"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("72.5 points, n = 1,204; p = 0,05", ["72.5", "1,204", "0,05"]),
        ("15\u00a0000 ответов; 71,7", ["15\u00a0000", "71,7"]),
        ("\u22120.3 of 5", ["\u22120.3", "5"]),
        ("none", []),
    ],
)
def test_numbers_are_found_as_they_are_written(text: str, numbers: list[str]) -> None:
    assert find_numbers(text) == numbers
    assert mask_numbers(text).count("#") == len(numbers) == len(cut_at_numbers(text))
