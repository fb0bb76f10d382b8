"""What is kept of tables, what counts as a difference, and the entry that says why."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from clientindex.errors import ReproductionError
from clientindex.reproduction.comparison.tolerance import Tolerance
from clientindex.reproduction.content.table import ShownTable
from clientindex.reproduction.golden import (
    Tolerances,
    compare_with_golden,
    condense,
    load_golden,
    load_tolerances,
    render_golden,
)
from clientindex.reproduction.golden.change_entry import add_entry, describe_changes
from clientindex.reproduction.golden.condensed import STATISTICS
from clientindex.reproduction.golden.together import recover, write_together

NEAR = Tolerances(Tolerance(relative=1e-9, absolute=1e-12))


def make_table(n: int, name: str = "t") -> ShownTable:
    """Return n rows: a name, (row + 1) / 4, and every other row a text."""
    rows = tuple(
        (f"c{i:03}", repr((i + 1) / 4), "ab"[i % 3] if i % 3 < 2 else "") for i in range(n)
    )
    return ShownTable(name=name, title="", columns=("centre", "x", "why"), rows=rows)


def change(table: ShownTable, row: int, column: int, value: str) -> ShownTable:
    rows = [list(cells) for cells in table.rows]
    rows[row][column] = value
    return ShownTable(
        name=table.name,
        title="",
        columns=table.columns,
        rows=tuple(tuple(cells) for cells in rows),
    )


def compare(golden: ShownTable, now: ShownTable, near: Tolerances = NEAR) -> list[tuple[str, ...]]:
    kept = {golden.name: condense(golden)}
    found = compare_with_golden(kept, {now.name: now}, folder="f", tolerances=near)
    return [(d.part, d.row, d.column, d.published, d.rebuilt) for d in found]


def test_a_small_table_is_kept_whole_and_a_large_one_by_sums_and_three_rows() -> None:
    assert condense(make_table(60)).rows == make_table(60).rows
    large = condense(make_table(100))
    assert [row[0] for row in large.rows] == ["c000", "c050", "c099"]
    x = dict(zip(STATISTICS, large.summary[1], strict=True))
    # The sum of 1/4 to 100/4, and of squares: n (n + 1) (2 n + 1) / 6 / 16.
    assert (x["n"], x["sum"], x["smallest"], x["largest"]) == ("100", "1262.5", "0.25", "25.0")
    assert x["sum_of_squares"] == repr(100 * 101 * 201 / 6 / 16)
    why = dict(zip(STATISTICS, large.summary[2], strict=True))
    assert (why["n"], why["distinct"], why["sum"]) == ("67", "2", "")
    texts = "\n".join(["a"] * 34 + ["b"] * 33)
    assert why["sha256"] == hashlib.sha256(texts.encode()).hexdigest()


def test_files_hold_a_row_a_line_and_are_read_back_equal(tmp_path: Path) -> None:
    kept = [condense(make_table(70, "large")), condense(make_table(3, "small"))]
    files = render_golden(kept)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert load_golden(tmp_path) == {table.name: table for table in kept}
    assert '["c001", "0.5", "b"],\n' in files["whole_tables.json"].decode()
    assert list(json.loads(files["large_tables.json"])) == ["large"]


def test_damaged_files_are_refused_and_absent_ones_are_none(tmp_path: Path) -> None:
    assert load_golden(tmp_path) == {}
    (tmp_path / "whole_tables.json").write_text('{"a": []}', encoding="utf-8")
    with pytest.raises(ReproductionError, match=r"whole_tables\.json: damaged"):
        load_golden(tmp_path)


@pytest.mark.parametrize("n", [20, 200])
def test_equal_tables_and_last_digits_are_no_difference(n: int) -> None:
    table = make_table(n)
    assert compare(table, table) == []
    assert compare(table, change(table, 0, 1, "0.2500000000000001")) == []


def test_a_cell_of_a_small_table_is_told_with_both_values() -> None:
    table = make_table(20)
    assert compare(table, change(table, 4, 1, "1.26")) == [("t", "c004", "x", "1.25", "1.26")]
    assert compare(table, change(table, 4, 2, "z")) == [("t", "c004", "why", "b", "z")]


def test_a_cell_of_a_large_table_shows_in_the_sums_of_its_column() -> None:
    table = make_table(200)
    found = compare(table, change(table, 7, 1, "2.001"))
    assert [row[1:3] for row in found] == [
        ("all 200 rows", "x: sum"),
        ("all 200 rows", "x: sum_of_squares"),
    ]
    assert found[0][3:] == ("5025.0", "5025.001")
    found = compare(table, change(table, 100, 1, "25.5"))
    assert ("t", "c100", "x", "25.25", "25.5") in found
    found = compare(table, change(table, 7, 2, "z"))
    assert [row[2] for row in found] == ["why: distinct", "why: sha256"]


def test_sums_that_cancel_may_differ_by_what_their_values_may() -> None:
    def build(first: str) -> ShownTable:
        rows = [("c0", first), *((f"c{i}", str((-1) ** i * 1000)) for i in range(1, 100))]
        return ShownTable(name="t", title="", columns=("centre", "x"), rows=tuple(rows))

    assert compare(build("1000"), build("1000.0000001")) == []
    found = compare(build("1000"), build("1001"))
    assert ("t", "all 100 rows", "x: sum", "0.0", "1.0") in found


def test_rows_and_columns_that_come_and_go_are_told() -> None:
    large, small = make_table(200), make_table(20)
    gone = ShownTable(name="t", title="", columns=large.columns, rows=large.rows[1:])
    found = compare(large, gone)
    assert ("t", "", "number of rows", "200", "199") in found
    assert ("t", "c000", "", "c000 | 0.25 | a", "") in found
    assert ("t", "", "number of rows", "200", "20") in compare(large, small)
    other = ShownTable(name="t", title="", columns=("centre", "y", "why"), rows=small.rows)
    assert compare(small, other)[0][3:] == ("centre | x | why", "centre | y | why")


def test_tables_that_come_and_go_are_told() -> None:
    kept = {"old": condense(make_table(3, "old"))}
    found = compare_with_golden(kept, {"new": make_table(4, "new")}, folder="f", tolerances=NEAR)
    assert [(d.part, d.kind, d.published, d.rebuilt) for d in found] == [
        ("new", "added", "", "table of 4 rows"),
        ("old", "missing", "table of 3 rows", ""),
    ]


def test_tolerances_of_tables_by_name(tmp_path: Path) -> None:
    assert load_tolerances(tmp_path) == Tolerances(Tolerance())
    path = tmp_path / "tolerances.toml"
    head = "relative = 1e-8\nabsolute = 0\n[[looser]]\ntables = ['omega*']\nrelative = 0.1\n"
    path.write_text(head + "absolute = 0.5\nwhy = 'Iterated.'\n", encoding="utf-8")
    near = load_tolerances(tmp_path)
    assert near.of("omega_parts") == Tolerance(relative=0.1, absolute=0.5)
    assert near.of("alpha") == Tolerance(relative=1e-8, absolute=0)
    table = make_table(20)
    assert compare(table, change(table, 9, 1, "2.51"), near) != []
    path.write_text(head + "why = ' '\n", encoding="utf-8")
    with pytest.raises(ReproductionError, match=r"no reason why omega\* may differ"):
        load_tolerances(tmp_path)
    path.write_text("loose = 1\n", encoding="utf-8")
    with pytest.raises(ReproductionError, match="loose"):
        load_tolerances(tmp_path)


def test_tolerances_of_the_demo_are_read() -> None:
    near = load_tolerances(Path(__file__).parents[2] / "golden" / "demo")
    assert near.of("stars") == Tolerance(relative=1e-9, absolute=1e-12)
    assert near.of("loading_intervals").relative == 1e-5


def test_what_changed_is_said_with_the_largest_change() -> None:
    golden = {"a": condense(make_table(20, "a")), "b": condense(make_table(20, "b"))}
    now = {
        "a": change(make_table(20, "a"), 3, 1, "1.5"),
        "b": change(make_table(20, "b"), 9, 1, "3"),
    }
    found = compare_with_golden(golden, now, folder="f", tolerances=NEAR)
    assert describe_changes(found, edition="demo") == (
        "2 golden values of demo in 2 tables (`a`, `b`); "
        "the largest change is in `a`, c003, x: 1 is 1.5"
    )


OLD = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A.\n"
ENTRY = "- **numbers**: Because. 2 values.\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OLD, f"{OLD}\n### Changed\n\n{ENTRY}"),
        (f"{OLD}\n## [0.1.0]\n\n- B.\n", f"{OLD}\n### Changed\n\n{ENTRY}\n## [0.1.0]\n\n- B.\n"),
        (f"{OLD}\n### Changed\n\n- B.\n", f"{OLD}\n### Changed\n\n- B.\n{ENTRY}"),
        (
            "## [Unreleased]\n\n### Changed\n\n- B.\n\n### Fixed\n\n- C.\n",
            f"## [Unreleased]\n\n### Changed\n\n- B.\n{ENTRY}\n### Fixed\n\n- C.\n",
        ),
    ],
    ids=["no section", "older version below", "section", "section in the middle"],
)
def test_the_entry_is_the_last_of_the_changes(before: str, after: str) -> None:
    assert add_entry(before, why="Because.", what="2 values") == after


def test_a_long_entry_is_broken_and_a_changelog_without_a_place_refused() -> None:
    text = add_entry(OLD, why="word " * 40, what="2 values")
    lines = text.split("### Changed\n\n")[1].splitlines()
    assert len(lines) > 2
    assert all(len(line) <= 100 for line in lines)
    assert all(line.startswith("  word") for line in lines[1:-1])
    with pytest.raises(ReproductionError, match=r"no part '## \[Unreleased\]'"):
        add_entry("# Changelog\n", why="a", what="b")


def test_files_change_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    first.write_text("1", encoding="utf-8")
    second.write_text("2", encoding="utf-8")
    journal = tmp_path / ".journal"
    contents = {first: b"a", third: b"c", second: b"b"}
    # A folder in the place of the last file stops the writing after the others.
    original = Path.replace

    def stop(self: Path, target: Path) -> Path:
        if target == second and self.read_bytes() == b"b":
            raise OSError(28, "No space left on device", str(target))
        return original(self, target)

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(ReproductionError, match=r"second: .*nothing was changed"):
        write_together(contents, journal=journal)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "second"]
    assert (first.read_text(encoding="utf-8"), second.read_text(encoding="utf-8")) == ("1", "2")
    monkeypatch.undo()
    write_together(contents, journal=journal)
    assert [path.read_bytes() for path in contents] == [b"a", b"c", b"b"]
    assert not journal.exists()


def test_a_writing_that_was_killed_is_undone(tmp_path: Path) -> None:
    (tmp_path / "first").write_text("new", encoding="utf-8")
    (tmp_path / "third").write_text("new", encoding="utf-8")
    journal = tmp_path / ".journal"
    journal.write_text('{"first": "old", "third": null}', encoding="utf-8")
    assert recover(journal)
    assert (tmp_path / "first").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["first"]
    assert not recover(journal)
