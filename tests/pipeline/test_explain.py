"""From a published part back to raw rows, and what a result says of its origin."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from clientindex.cli.main import main
from clientindex.edition import load_edition
from clientindex.errors import BundleError
from clientindex.hashing import hash_file
from clientindex.methodology import Methodology
from clientindex.pipeline.origins import DECLARED
from clientindex.pipeline.run import run_edition
from clientindex.results import load_bundle
from clientindex.results.bundle import RESULT_NAMES
from small_publication import place_small_edition

ROUNDED = 1e-6


@pytest.fixture(scope="module")
def read() -> set[str]:
    """Return the parts of the methodology that the run has read."""
    return set()


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory, read: set[str]) -> SimpleNamespace:
    """Run a small edition, and note which parts of the methodology its stages read."""
    path = place_small_edition(tmp_path_factory.mktemp("explained"))
    with pytest.MonkeyPatch.context() as patch:
        note_reading(patch, read)
        outcome = run_edition(path)
    return SimpleNamespace(path=path, bundle=load_bundle(outcome.bundle))


def note_reading(patch: pytest.MonkeyPatch, read: set[str]) -> None:
    """Note every field of a methodology that is asked for while the rating is computed."""
    from clientindex.pipeline import stages

    look_up, run_rating = Methodology.__getattribute__, stages.run_rating

    def note(self: Methodology, name: str) -> Any:
        if name in Methodology.model_fields:
            read.add(name)
        return look_up(self, name)

    def run(material: Any, results: Any) -> Any:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(Methodology, "__getattribute__", note)
            return run_rating(material, results)

    patch.setitem(stages._STAGES, "rating", run)


def test_every_result_has_an_origin_and_every_function_is_there() -> None:
    assert set(DECLARED) == set(RESULT_NAMES)
    for declared in DECLARED.values():
        module, _, name = declared.function.rpartition(".")
        assert callable(getattr(importlib.import_module(f"clientindex.{module}"), name))
        assert set(declared.settings) <= set(Methodology.model_fields)


def test_no_result_comes_before_itself() -> None:
    def list_earlier(name: str, seen: tuple[str, ...] = ()) -> None:
        assert name not in seen
        for earlier in DECLARED[name].after:
            list_earlier(earlier, (*seen, name))

    for name in DECLARED:
        list_earlier(name)


def test_declared_settings_are_those_that_the_rating_reads(
    edition: SimpleNamespace, read: set[str]
) -> None:
    del edition
    rating = [one for one in DECLARED.values() if one.stage == "rating"]
    declared = {part for one in rating for part in one.settings}
    assert {"stars", "scoring", "doubt", "groups", "regional"} <= read
    assert read - declared == set()


def test_a_result_knows_its_inputs_settings_and_code(edition: SimpleNamespace) -> None:
    manifest = edition.bundle.manifest
    origin = manifest.trace("star_doubt")
    assert origin.function == "clientindex.rating.star_doubt.room.assess_star_doubt"
    assert origin.after == ("stars", "scores")
    data = {one.name: one for one in manifest.inputs}
    assert {one.name for one in origin.inputs} == {
        *("survey_citizens.csv", "survey_employers.csv", "register.csv", "checklist.csv")
    }
    for path in load_edition(edition.path).input_files:
        assert data[path.name].sha256 == hash_file(path)
    assert origin.files["star_doubt.json"] == hash_file(edition.bundle.folder / "star_doubt.json")
    assert (origin.seed, origin.methodology_id) == (2026, "2026")
    assert origin.code_sha256 == manifest.code_sha256 != ""
    assert len(origin.settings["doubt"]) == 64
    with pytest.raises(BundleError, match="no result 'nothing'"):
        manifest.trace("nothing")


def call(edition: SimpleNamespace, *args: str) -> Any:
    return CliRunner().invoke(main, ["explain", *args, "--edition", str(edition.path)])


def test_a_figure_is_traced_to_its_raw_files(edition: SimpleNamespace) -> None:
    result = call(edition, "fig-rank-intervals")
    assert result.exit_code == 0, result.output
    titles = [line for line in result.output.splitlines() if not line.startswith(" ")]
    assert titles == ["fig-rank-intervals", "result ranks", "counts", "raw files", "program"]
    assert "one pass over 3300 respondents of 60 centres" in result.output
    survey = next(path for path in load_edition(edition.path).input_files)
    told = f"{survey.name}: 2400 rows, sha256 {hash_file(survey)[:12]}, unchanged since"
    assert told in result.output
    assert edition.bundle.manifest.fingerprint in result.output


def test_a_cell_of_a_centre_is_traced_to_its_rows(edition: SimpleNamespace) -> None:
    loaded = load_edition(edition.path)
    register = pd.read_csv(loaded.data.register_.file)
    centre = register["centre_id"][7]
    result = call(edition, "tbl-star-probabilities", "--row", centre, "--column", "possible_star")
    assert result.exit_code == 0, result.output
    survey = pd.read_csv(loaded.data.survey[0].file)
    own = survey.index[survey["centre_id"] == centre] + 2
    shown = f"survey_citizens.csv: {len(own)} rows of 2400: {', '.join(map(str, own[:8]))}, ..."
    assert shown in result.output
    lines = [line.strip() for line in result.output.splitlines()]
    parts = [float(line.rpartition(" = ")[2]) for line in lines if line.startswith("indicator ")]
    index = next(line for line in lines if line.startswith("index: "))
    assert sum(parts) == pytest.approx(float(index.split()[1]), abs=ROUNDED)
    frame = edition.bundle.results["stars"].frame.set_index("centre")
    assert f"stars: {frame['star'][centre]:.10g}" in lines


def test_a_region_is_found_by_its_english_name(edition: SimpleNamespace) -> None:
    result = call(edition, "table.regions", "--row", "Pskov Oblast", "--column", "mean_index")
    assert result.exit_code == 0, result.output
    frame = edition.bundle.results["regions"].frame.set_index("region")
    assert f"value: {float(frame['estimate']['Псковская область'])!r}, shown as" in result.output
    assert "unit: points of the index (0-100)" in result.output


def test_a_hidden_cell_is_shown_as_documents_show_it(edition: SimpleNamespace) -> None:
    """A few of 2400 citizens left it empty: the number is told here, and hidden from readers."""
    asked = ("tbl-no-answer", "--column", "empty_share", "--row")
    result = call(edition, *asked, "Citizens | Several channels")
    assert result.exit_code == 0, result.output
    left_empty = 13 / 2400
    assert f"value: {left_empty}, shown as hidden" in result.output
    result = call(edition, *asked, "Several channels")
    assert result.exit_code == 2
    assert "has 2 rows with 'Several channels': Citizens | Several channels" in result.output


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("fig-rank-interval",), "did you mean 'rank_intervals'?"),
        (("tbl-regions", "--row", "Pskov"), "has no row with 'Pskov'"),
        (("tbl-regions", "--row", "Pskov Oblast", "--column", "mean"), "has no column 'mean'"),
        (("fig-rank-intervals", "--row", "x"), "rows and columns are those of a table"),
        (("result.nothing",), "no result 'nothing'"),
    ],
)
def test_what_is_not_there_is_told(
    edition: SimpleNamespace, args: tuple[str, ...], told: str
) -> None:
    result = call(edition, *args)
    assert result.exit_code == 2
    assert told in result.output


def test_the_names_of_the_field_are_known(edition: SimpleNamespace) -> None:
    result = call(edition, "fig-scree")
    assert "no result 'factor_number'" in result.output
    assert result.exit_code == 2
