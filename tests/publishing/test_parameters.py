from __future__ import annotations

from pathlib import Path

import pytest

from clientindex.errors import RenderError
from clientindex.publishing.parameters import apply_parameters, replace_parameters
from clientindex.publishing.segments import Cell, Place
from clientindex.publishing.source import parse_source

CODE = "edition = 'demo'  # год\nweights = {\n    'a': 0.5,\n}\nn: int = 3"


def cell(code: str = CODE) -> Cell:
    place = Place(file="a.qmd", line=4)
    return Cell(code=code, options={"tags": ["parameters"]}, place=place, code_line=6)


def test_values_are_replaced_and_line_numbers_stay() -> None:
    new = replace_parameters(cell(), {"weights": {"a": 1.0}, "n": 0, "edition": Path("/x/y")})
    assert new.split("\n") == ["edition = '/x/y'", "weights = {'a': 1.0}", "", "", "n = 0"]


REFUSED = [
    ({"editon": 1}, r"a\.qmd:4: unknown parameter 'editon'; did you mean 'edition'\?"),
    ({"zzz": 1}, r"unknown parameter 'zzz'; the cell has: edition, weights, n"),
    ({"n": object()}, r"parameter 'n' has a value of type object"),
    ({"n": float("nan")}, r"parameter 'n' has a value of type float"),
    ({"n": [1, {2}]}, r"parameter 'n' has a value of type list"),
]


@pytest.mark.parametrize(("values", "message"), REFUSED)
def test_wrong_parameters_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(RenderError, match=message):
        replace_parameters(cell(), values)


def test_a_parameters_cell_may_only_assign() -> None:
    with pytest.raises(RenderError, match=r"a\.qmd:7: the parameters cell may only hold"):
        replace_parameters(cell("a = 1\nprint(a)"), {"a": 2})


def test_the_staged_file_is_changed_where_the_cell_stands(tmp_path: Path) -> None:
    document = tmp_path / "a.qmd"
    document.write_text("{{< include _p.md >}}\n", encoding="utf-8")
    text = "до\n```{python}\n#| tags: [parameters]\nn = (\n  1)\n```\nпосле\n"
    (tmp_path / "_p.md").write_text(text, encoding="utf-8")
    apply_parameters(tmp_path, parse_source(document), {"n": 7})
    changed = (tmp_path / "_p.md").read_text(encoding="utf-8")
    assert changed == text.replace("n = (\n  1)", "n = 7\n")


def test_parameters_without_a_cell_are_refused(tmp_path: Path) -> None:
    document = tmp_path / "a.qmd"
    document.write_text("текст\n", encoding="utf-8")
    with pytest.raises(RenderError, match=r"no cell has '#\| tags: \[parameters\]'"):
        apply_parameters(tmp_path, parse_source(document), {"n": 7})
