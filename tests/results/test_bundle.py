"""A bundle is loaded only when every file is what the manifest says."""

from pathlib import Path

import pandas as pd
import pytest

from clientindex.edition import load_edition
from clientindex.errors import BundleError
from clientindex.results import Consistency, Regions, Unavailable, load_bundle
from clientindex.results.bundle import check_bundle, write_bundle_content
from clientindex.results.manifest import (
    InputRecord,
    Manifest,
    RunRecord,
    load_manifest,
    write_manifest,
    write_run_record,
)

ROOT = Path(__file__).parents[2]

REGIONS = Regions(
    frame=pd.DataFrame(
        {
            "region": ["Псковская область", "country"],
            "n_centres": [12, 12],
            "n_starred": [10, 10],
            "n": [640, 640],
            "estimate": [70.25, 70.25],
            "std_error": [1.5, 1.5],
            "ci_low": [66.9, 66.9],
            "ci_high": [73.6, 73.6],
        }
    ),
    level=0.95,
)


@pytest.fixture
def bundle_dir(tmp_path):
    edition = load_edition(ROOT / "editions" / "demo.yml")
    results = {
        "regions": REGIONS,
        "consistency": Unavailable(stage="reliability", reason="totals_only"),
    }
    files = write_bundle_content(
        results,
        tmp_path,
        edition=edition.card,
        methodology_text=edition.methodology.read_bytes(),
    )
    manifest = Manifest(
        fingerprint="f" * 64,
        edition_id="demo",
        methodology_id="2026",
        edition_sha256="a",
        methodology_sha256="b",
        code_sha256="c",
        code_version="0",
        python_version="3",
        packages={"numpy": "2"},
        seed=0,
        inputs=(InputRecord(name="a.csv", sha256="d", n_rows=3),),
        files=files,
    )
    write_manifest(manifest, tmp_path)
    write_run_record(RunRecord(seconds={"counting": 0.5}, peak_memory_mib=100.0), tmp_path)
    return tmp_path


def test_what_was_written_is_loaded(bundle_dir):
    bundle = load_bundle(bundle_dir)
    pd.testing.assert_frame_equal(bundle.get("regions", Regions).frame, REGIONS.frame)
    assert bundle.get("consistency", Consistency) == Unavailable(
        stage="reliability", reason="totals_only"
    )
    assert bundle.edition.title.en.startswith("Rating of public employment centres")
    assert bundle.methodology.id == "2026"
    assert bundle.manifest.inputs[0].n_rows == 3
    assert bundle.run.seconds == {"counting": 0.5}


def test_missing_result_and_other_type_are_named(bundle_dir):
    bundle = load_bundle(bundle_dir)
    with pytest.raises(BundleError, match="no result 'stars'"):
        bundle.get("stars", Regions)
    with pytest.raises(BundleError, match="'regions' is Regions, expected Consistency"):
        bundle.get("regions", Consistency)


@pytest.mark.parametrize("damage", ["changed", "missing", "foreign"])
def test_every_damage_is_found_and_named(bundle_dir, damage):
    path = bundle_dir / "regions.frame.parquet"
    if damage == "changed":
        content = bytearray(path.read_bytes())
        content[100] ^= 1
        path.write_bytes(bytes(content))
    elif damage == "missing":
        path.unlink()
    else:
        path = bundle_dir / "stars.json"
        path.write_text("{}")
    with pytest.raises(BundleError, match=rf"incomplete or damaged bundle: {path.name}"):
        load_bundle(bundle_dir)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "damaged"),
        ("[]", "expected keys and values"),
        ('{"schema": 2}', "written by another version"),
        ('{"schema": 1, "inputs": []}', "damaged"),
    ],
)
def test_bad_manifest_is_told(bundle_dir, content, message):
    (bundle_dir / "manifest.json").write_text(content)
    with pytest.raises(BundleError, match=message):
        check_bundle(bundle_dir)


def test_absent_bundle_says_what_to_do(tmp_path):
    with pytest.raises(BundleError, match=r"no complete results bundle\. Run the edition first"):
        load_manifest(tmp_path)


def test_manifest_says_nothing_of_time(bundle_dir):
    text = (bundle_dir / "manifest.json").read_text()
    assert "seconds" not in text
    assert str(bundle_dir) not in text
