"""The map from figures and tables to code, of two small sources."""

from __future__ import annotations

import pytest

from clientindex.errors import RenderError
from clientindex.publishing.code_map import list_parts, map_code
from clientindex.results import Unavailable
from clientindex.wording import load_wording
from presentation_bundle import make_bundle, make_results

EN = load_wording("en")
RATING = """# Stars

```{python}
#| output: asis
doc.show("paragraph.stars", "figure.star_probabilities", "table.stars")
```

Prose that names "table.alpha" is no cell.
"""
METHODS = """```{python}
doc.show(
    "table.alpha",
    "table.stars",
    "table.packages",
)
```
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rating.en.qmd").write_text(RATING, encoding="utf-8")
    (tmp_path / "methods.en.qmd").write_text(METHODS, encoding="utf-8")
    return tmp_path


def test_every_part_is_mapped_once_with_code_results_and_stage(folder):
    bundle = make_bundle()
    parts = list_parts(folder, bundle, language="en")
    tables = map_code(parts, bundle, kind="table", wording=EN)
    assert [row[1:] for row in tables.rows] == [
        ("rating, methods", "tables/stars.py, build_stars", "stars (Index and stars)"),
        ("methods", "tables/alpha.py, build_alpha", "consistency (Reliability)"),
        ("methods", "tables/provenance.py, _build_packages", "methodology and manifest"),
    ]
    figures = map_code(parts, bundle, kind="figure", wording=EN)
    assert [row[2] for row in figures.rows] == ["figures/star_probabilities.py, _make"]
    assert figures.rows[0][0] == EN.text("illustration.star_probabilities.title")


def test_a_result_that_the_edition_lacks_is_marked(folder):
    results = {
        **make_results(),
        "consistency": Unavailable(stage="reliability", reason="one_centre"),
    }
    bundle = make_bundle(results=results)
    tables = map_code(list_parts(folder, bundle, language="en"), bundle, kind="table", wording=EN)
    assert tables.rows[1][3] == "consistency (Reliability); not in this edition"


def test_only_documents_of_the_edition_are_read_and_a_missing_one_is_an_error(folder):
    bundle = make_bundle(documents=("methods",))
    (folder / "rating.en.qmd").unlink()
    assert [part.name for part in list_parts(folder, bundle, language="en")] == [
        *("alpha", "stars", "packages")
    ]
    with pytest.raises(RenderError, match=r"rating\.en\.qmd: the source of a document"):
        list_parts(folder, make_bundle(), language="en")
