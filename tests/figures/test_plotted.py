"""What a figure shows, as CSV: marks by kind, in the units of the axes, by category."""

from __future__ import annotations

import csv
import io

import pytest
from matplotlib.figure import Figure

from clientindex.figures.plotted import COLUMNS, figure_to_csv


def read(figure: Figure) -> list[dict[str, str]]:
    """Return the rows, of each only the cells that hold something."""
    rows = csv.DictReader(io.StringIO(figure_to_csv(figure).decode()))
    assert tuple(rows.fieldnames or ()) == COLUMNS
    return [{k: v for k, v in row.items() if v} for row in rows]


@pytest.fixture
def figure() -> Figure:
    return Figure(figsize=(4, 3))


def test_points_lines_and_their_labels(figure: Figure) -> None:
    axes = figure.subplots()
    axes.plot([1, 2], [3.25, float("nan")], label="по  центрам")
    axes.plot([0.5], [-0.0], "o", label="_hidden")
    axes.set_xlabel("Индекс,\nбаллов")
    axes.set_title("Все")
    assert read(figure) == [
        {"panel": "1", "mark": "title", "text": "Все"},
        {"panel": "1", "mark": "x_axis", "text": "Индекс, баллов"},
        {"panel": "1", "mark": "line", "series": "по центрам", "part": "1", "x": "1", "y": "3.25"},
        {"panel": "1", "mark": "line", "series": "по центрам", "part": "1", "x": "2"},
        {"panel": "1", "mark": "point", "part": "2", "x": "0.5", "y": "0"},
    ]


def test_bars_and_segments_have_two_corners_and_the_name_of_their_category(figure: Figure) -> None:
    axes = figure.subplots()
    axes.barh([0, 1], [3, 4.5], height=0.5)
    axes.hlines([1], [1.123456], [2.5], label="интервал")
    axes.set_yticks([0, 1], labels=["Томск", "=Омск"])
    bars = [(r["y_name"], r["x"], r["x2"], r["y"], r["y2"]) for r in read(figure)[:2]]
    assert bars == [("Томск", "0", "3", "-0.25", "0.25"), ("'=Омск", "0", "4.5", "0.75", "1.25")]
    assert read(figure)[2] == {
        **{"panel": "1", "mark": "segment", "series": "интервал", "part": "3", "y_name": "'=Омск"},
        **{"x": "1.1235", "y": "1", "x2": "2.5", "y2": "1"},
    }


def test_ticks_that_are_numbers_are_no_categories(figure: Figure) -> None:
    axes = figure.subplots()
    axes.scatter([1.1], [2])
    axes.set_xticks([1, 2], labels=["1,0", "2,0"])
    assert read(figure) == [{"panel": "1", "mark": "point", "part": "1", "x": "1.1", "y": "2"}]


def test_what_is_no_value_has_no_coordinate(figure: Figure) -> None:
    axes = figure.subplots()
    axes.axvline(7)
    axes.text(0.5, 0.5, "в углу", transform=axes.transAxes)
    axes.text(1, 2, "+1,5")
    axes.text(3, 4, "")
    assert read(figure) == [
        {"panel": "1", "mark": "line", "part": "1", "x": "7"},
        {"panel": "1", "mark": "line", "part": "1", "x": "7"},
        {"panel": "1", "mark": "text", "part": "2", "x": "1", "y": "2", "text": "'+1,5"},
    ]


def test_cells_of_a_matrix_have_values_and_the_colour_bar_is_left_out(figure: Figure) -> None:
    first, second = figure.subplots(1, 2)
    image = first.imshow([[1, float("nan")], [3, 4]])
    figure.colorbar(image, ax=first)
    second.fill_between([0, 1], [1, 2])
    rows = read(figure)
    cells = [(r["x"], r["y"], r["value"]) for r in rows if r["mark"] == "cell"]
    assert cells == [("0", "0", "1"), ("0", "1", "3"), ("1", "1", "4")]
    areas = {(r["x"], r["y"]) for r in rows if r["mark"] == "area"}
    assert areas == {("0", "0"), ("1", "0"), ("1", "2"), ("0", "1")}
    assert {r["panel"] for r in rows} == {"1", "2"}


def test_equal_figures_give_equal_bytes() -> None:
    made = []
    for _ in range(2):
        figure = Figure()
        figure.subplots().bar(["А", "Б"], [1, 2])
        made.append(figure_to_csv(figure))
    assert made[0] == made[1]
    assert b"\r" not in made[0]
