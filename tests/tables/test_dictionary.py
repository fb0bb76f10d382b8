"""The data dictionary and the metadata of CSV files say what the files hold."""

from __future__ import annotations

import csv
import json
import tomllib
from functools import cache
from importlib import resources

import pytest

from clientindex.errors import WordingError
from clientindex.publishing.table_files import build_tables, write_tables
from clientindex.tables import Column, TableSpec
from clientindex.tables.csvw import FILE, find_primary_key
from clientindex.tables.dictionary import KEY, build_dictionary, describe_table
from clientindex.tables.flat import flatten
from clientindex.wording import load_wording
from clientindex.wording.column_meanings import find_meaning, name_unit
from presentation_bundle import make_bundle
from presentation_revision import make_revised_bundle

RU, EN = load_wording("ru"), load_wording("en")


@cache
def build(language):
    wording = load_wording(language)
    return build_tables(make_revised_bundle(), wording=wording)


def describe(spec, wording=EN):
    columns = flatten(spec)
    notes = describe_table(spec, columns, wording=wording)
    return {flat.key: note for flat, note in zip(columns, notes, strict=True)}


def make_spec(*columns, rows):
    return TableSpec(key="t", caption="T", columns=columns, rows=rows)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_column_is_without_a_meaning_and_a_unit(language):
    """A new column is declared in wording/column_meanings.toml."""
    undeclared = {
        f"{spec.key}.{key}"
        for spec in build(language)
        for key, note in describe(spec, load_wording(language)).items()
        if not note.meaning or not note.unit
    }
    assert undeclared == set()


def test_units_agree_with_headings():
    """Where a heading names a unit, the dictionary names the same."""
    units = {", points": "points", ", points²": "points squared", ", pp": "points"}
    wrong = [
        (spec.key, flat.key, note.unit)
        for spec in build("en")
        for flat, note in zip(flatten(spec), describe(spec).values(), strict=True)
        for end, unit in units.items()
        if flat.header.endswith(end) and flat.column.kind == "number" and unit not in note.unit
    ]
    assert wrong == []


def test_what_is_headed_in_per_cent_is_not_written_as_a_share():
    """Otherwise a reader of the workbook takes 0.2 under "%" for a fifth of one per cent."""
    shares = {
        (spec.key, flat.key)
        for spec in build("en")
        for flat, note in zip(flatten(spec), describe(spec).values(), strict=True)
        if flat.header.endswith(", %") and flat.column.kind == "number" and "share" in note.unit
    }
    assert shares == set()


def test_dictionary_has_one_row_a_column_and_describes_itself():
    specs = build("en")
    table = build_dictionary(specs, wording=EN)
    named = [(row[1], row[3]) for row in table.rows]
    expected = [(spec.key, flat.key) for spec in (*specs, table) for flat in flatten(spec)]
    assert named == expected
    assert len(set(named)) == len(named)
    assert not table.has_gaps
    rows = {(row[1], row[3]): row for row in table.rows}
    low = rows["stars", "index_ci_low"]
    assert low[4] == "Lower end of the interval. Index of client centricity, 0-100"
    assert find_meaning("index", table="coefficient_overview").unit == "none"
    assert low[5:7] == ("points of the index (0-100)", "number with decimals")
    assert rows["stars", "star"][6] == "stars"
    assert rows["regions", "stars_5"][4:7] == (
        "Centres with the stars of the heading",
        "centres",
        "whole number",
    )


def test_an_interval_of_a_share_is_in_per_cent():
    interval = Column(key="ci", header="i", kind="interval", low_header="low", high_header="high")
    share = Column(key="share", header="Share, %", kind="percent")
    notes = describe(make_spec(share, interval, rows=((0.5, (40.0, 60.0)),)))
    assert notes["share"].unit == "a share of 1; per cent in CSV for Excel"
    assert notes["ci_low"].unit == notes["ci_high"].unit == "per cent"
    assert notes["ci_high"].meaning == (
        "Upper end of the interval. Share of the component in the total variance"
    )


def test_intervals_of_shares_are_in_per_cent_in_every_table():
    checked = 0
    for spec in build("en"):
        pairs = zip(spec.columns, spec.columns[1:], strict=False)
        for place, (column, after) in enumerate(pairs):
            if column.kind == "percent" and after.kind == "interval":
                told = [(r[place], r[place + 1]) for r in spec.rows if r[place + 1] is not None]
                checked += len(told)
                assert all(low - 1e-6 <= 100 * x <= high + 1e-6 for x, (low, high) in told), (
                    spec.key
                )
    assert checked > 20


def test_empty_cells_are_explained():
    name, n = Column(key="centre", header="Centre"), Column(key="n", header="n", kind="integer")
    reason = Column(key="withheld", header="Reason")
    full = describe(make_spec(name, n, rows=(("a", 1),)))
    assert full["n"].missing == "No empty cells"
    empty = describe(make_spec(name, n, rows=(("a", None), (None, 1))))
    assert empty["n"].missing == "Empty: the value is not defined"
    assert empty["centre"].missing == "Empty: does not apply to the row"
    told = describe(make_spec(n, reason, rows=((None, "Small sample"), (1, None))))
    assert told["n"].missing == 'Empty: no value; the reason is in the column "Reason"'
    assert told["withheld"].missing == "Empty: there is a value, and no reason"


def test_what_is_not_declared_is_empty_and_units_are_known():
    assert find_meaning("nothing_like_it", table="t") is None
    assert find_meaning("anything", table="region_groups").unit == "points"
    assert find_meaning("n_respondents", table="sample").unit == "respondents"
    with pytest.raises(WordingError, match="no unit 'moons'"):
        name_unit("moons", "ru")


def test_catalogue_of_meanings_is_whole():
    text = (resources.files("clientindex.wording") / "column_meanings.toml").read_text("utf-8")
    data = tomllib.loads(text)
    used = {row["unit"] for row in data["columns"].values() if "unit" in row}
    assert used <= set(data["units"])
    assert all(set(row) == {"ru", "en"} for row in data["units"].values())
    for key, row in data["columns"].items():
        assert set(row) - {"unit"} == {"ru", "en"}, key
        assert not row["ru"].endswith("."), key
        assert any("а" <= letter <= "я" for letter in row["ru"].lower()), key
        assert not any("а" <= letter <= "я" for letter in row["en"].lower()), key


def test_primary_key_is_what_tells_rows_apart():
    code, name = Column(key="centre_id", header="c"), Column(key="region", header="r")
    n = Column(key="n", header="n", kind="integer")
    rows = (("r", "a", 1), ("r", "b", 1))
    assert find_primary_key(flatten(make_spec(name, code, n, rows=rows))) == ("centre_id",)
    assert find_primary_key(flatten(make_spec(name, n, rows=(("r", 1), ("r", 2))))) == ()
    assert find_primary_key(flatten(make_spec(name, n, rows=((None, 1), ("r", 2))))) == ()
    twice = (("r", "a", 1), ("s", "a", 1))
    assert find_primary_key(flatten(make_spec(name, code, n, rows=twice))) == (
        "region",
        "centre_id",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("tables")
    write_tables(make_bundle(), path, languages=("ru",))
    return path


def read_value(text, datatype):
    base = datatype if isinstance(datatype, str) else datatype["base"]
    if base == "string":
        return text
    if isinstance(datatype, dict):
        assert "." not in text
        text = text.replace(datatype["format"]["decimalChar"], ".")
    return int(text) if base == "integer" else float(text)


@pytest.mark.parametrize("name", ["csv/ru", "csv_excel_ru"])
def test_every_csv_is_what_its_metadata_say(folder, name):
    """Checked as a reader of CSV on the Web does: files, headings, types, empty cells, keys."""
    place = folder / name
    metadata = json.loads((place / FILE).read_text("utf-8"))
    assert metadata["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "ru"}]
    assert metadata["dc:rights"].startswith("Издатель: ")
    assert {table["url"] for table in metadata["tables"]} == {p.name for p in place.glob("*.csv")}
    assert metadata["tables"][-1]["url"] == f"{KEY}.csv"
    dialect = metadata["dialect"]
    keys = 0
    for table in metadata["tables"]:
        text = (place / table["url"]).read_bytes().decode("utf-8-sig")
        reader = csv.reader(text.splitlines(keepends=True), delimiter=dialect["delimiter"])
        heads, *rows = reader
        columns = table["tableSchema"]["columns"]
        assert len(heads) == len(columns), table["url"]
        for head, column in zip(heads, columns, strict=True):
            assert head in column["titles"], table["url"]
            assert column["dc:description"]
            assert column["schema:unitText"]
        names = [column["name"] for column in columns]
        assert len(set(names)) == len(names)
        read = [
            [
                None if cell in column["null"] else read_value(cell, column["datatype"])
                for cell, column in zip(row, columns, strict=True)
            ]
            for row in rows
        ]
        key = table["tableSchema"].get("primaryKey", [])
        places = [names.index(part) for part in key]
        told = {tuple(row[i] for i in places) for row in read}
        assert not key or (len(told) == len(read) and not any(None in row for row in told))
        keys += bool(key)
    assert keys > 20
