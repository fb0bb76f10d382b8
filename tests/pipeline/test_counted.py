"""An edition whose answers are counted and given up: the same results, and words for the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from clientindex.cli import main
from clientindex.edition import load_edition
from clientindex.intake.pieces import PieceSize
from clientindex.pipeline.counting import EngineChoice
from clientindex.pipeline.hold import hold_output
from clientindex.pipeline.run import run_edition
from clientindex.results import Unavailable
from clientindex.results.bundle import load_bundle
from small_publication import place_small_edition

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.results import Bundle

NEED_RESPONDENTS = {"error_check"}
"""Results of the rating that need every respondent."""


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return place_small_edition(tmp_path_factory.mktemp("counted"))


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a bundle but the record of the run and the manifest."""
    own = {"run.json", "manifest.json"}
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in own
    }


@pytest.fixture(scope="module")
def bundles(edition: Path) -> dict[str, dict[str, bytes]]:
    """Return the files of the bundle by engine, and for two sizes of pieces."""
    found = {}
    choices = {
        "memory": EngineChoice(name="memory"),
        "stream": EngineChoice(name="stream"),
        "small pieces": EngineChoice(name="stream", size=PieceSize(n_bytes=5000)),
    }
    for name, engine in choices.items():
        outcome = run_edition(edition, engine=engine, force=True)
        found[name] = read_files(outcome.bundle)
        assert not (outcome.edition.output / "counting").exists()
    return found


def test_results_are_the_same_but_for_those_that_need_respondents(
    bundles: dict[str, dict[str, bytes]],
) -> None:
    kept, counted = bundles["memory"], bundles["stream"]
    different = {name for name in kept | counted if kept.get(name) != counted.get(name)}
    assert {name.split(".")[0].split("/")[0] for name in different} == NEED_RESPONDENTS
    assert bundles["small pieces"] == counted


def read(edition: Path) -> Bundle:
    return load_bundle(edition.parents[1] / "data_processed" / "demo" / "results")


def test_what_needs_respondents_says_why_it_is_not_there(edition: Path) -> None:
    run_edition(edition, engine=EngineChoice(name="stream"))
    result = read(edition).get("error_check", Unavailable)
    assert isinstance(result, Unavailable)
    assert result.reason == "answers_counted"


def test_the_engine_is_part_of_what_makes_a_bundle_current(edition: Path) -> None:
    stream, memory = EngineChoice(name="stream"), EngineChoice(name="memory")
    run_edition(edition, engine=stream)
    assert not run_edition(edition, engine=stream).computed
    assert run_edition(edition, engine=memory).computed
    assert not run_edition(edition).computed


def test_the_command_takes_an_engine_and_tells_rows(edition: Path) -> None:
    result = CliRunner().invoke(main, ["run", str(edition), "--engine", "stream", "--force"])
    assert result.exit_code == 0, result.output
    assert "reading answers: 3,300 rows, " in result.output
    manifest = json.loads(
        (edition.parents[1] / "data_processed/demo/results/manifest.json").read_text()
    )
    assert [record["n_rows"] for record in manifest["inputs"]][1:3] == [2400, 900]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--master", "local[2]"], "it is a setting of --engine spark"),
        (["--engine", "stream", "--conf", "a=b"], "it is a setting of --engine spark"),
        (["--engine", "spark", "--conf", "memory"], "read 'memory'; allowed: key=value"),
        (["--engine", "flink"], "'flink' is not one of"),
    ],
)
def test_wrong_engines_are_refused(edition: Path, arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(main, ["run", str(edition), *arguments])
    assert result.exit_code == 2
    assert words in result.output


def test_validate_counts_only_where_no_run_is_at_work(edition: Path) -> None:
    stream = [str(edition), "--engine", "stream", "--threads", "1"]
    with hold_output(load_edition(edition)):
        refused = CliRunner().invoke(main, ["validate", *stream])
        assert refused.exit_code != 0
        assert "another run is at work there" in refused.output
        assert CliRunner().invoke(main, ["validate", str(edition)]).exit_code == 0
    assert CliRunner().invoke(main, ["validate", *stream]).exit_code == 0
