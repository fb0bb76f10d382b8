"""The command with Spark leaves the files that it leaves without, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from clientindex.cli import main
from clientindex.errors import ClusterError
from clientindex.pipeline.counting import EngineChoice
from clientindex.pipeline.run import run_edition
from clientindex.results.manifest import load_manifest
from clientindex.streaming.spark_session import check_spark, open_session
from small_publication import ROOT, place_small_edition

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.spark, pytest.mark.slow]

OF_SETTINGS = {"manifest.json"}
"""Files that tell how answers were read."""

PROGRAM = "from clientindex.cli import main; main()"


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        check_spark()
    except ClusterError as exc:
        pytest.skip(str(exc))
    return place_small_edition(tmp_path_factory.mktemp("spark"))


@pytest.fixture(scope="module")
def session(edition: Path) -> Iterator[None]:
    """Open a session that the commands of this process use, since it takes seconds to start."""
    with open_session("local[2]", settings={}):
        yield


def invoke(*arguments: str) -> None:
    """Run the command in this process."""
    result = CliRunner().invoke(main, [*arguments])
    assert result.exit_code == 0, result.output


def call(*arguments: str) -> str:
    """Run the command in a process of its own, with a session of its own; return what it told."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def read_files(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.name: path.read_bytes() for path in files if path.name != "run.json"}


def test_the_bundle_is_that_of_this_machine(edition: Path) -> None:
    expected = read_files(run_edition(edition, engine=EngineChoice(name="stream")).bundle)
    by_spark = ("--engine", "spark", "--master", "local[2]")
    told = call("run", str(edition), *by_spark, "--force")
    assert "reading answers: 3,300 rows" in told
    folder = edition.parents[1] / "data_processed" / "demo"
    assert read_files(folder / "results") == expected
    assert not (folder / "counting" / "from-spark-000000.rows").exists()


@pytest.mark.usefixtures("session")
def test_a_survey_that_spark_reads_has_its_hash_in_the_manifest(edition: Path) -> None:
    bundle = run_edition(edition, engine=EngineChoice(name="stream")).bundle
    expected = read_files(bundle)
    yaml = YAML()
    content = yaml.load(edition.read_text(encoding="utf-8"))
    del content["simulation"]
    content["respondents"] = "count"
    for source in content["data"]["survey"]:
        path = (edition.parent / source.pop("file")).resolve()
        source["spark"] = {"load": path.as_uri(), "format": "csv", "options": {"header": "true"}}
    other = edition.with_name("other.yml")
    with other.open("w", encoding="utf-8") as stream:
        yaml.dump(content, stream)
    invoke("validate", str(other))
    invoke("run", str(other), "--master", "local[2]", "--engine", "spark")
    found = read_files(bundle)
    assert {name for name in expected if found.get(name) != expected[name]} == OF_SETTINGS
    records = load_manifest(bundle).inputs
    hashes = [record.sha256 for record in records if record.name.startswith("file:")]
    assert [len(sha256) for sha256 in hashes] == [64, 64]
    assert hashes[0] != hashes[1]
