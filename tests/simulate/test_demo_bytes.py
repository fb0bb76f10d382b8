"""The data of the demo edition keep their bytes: its numbers are published."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from clientindex.simulate import SimulatedPilot, write_pilot

if TYPE_CHECKING:
    from clientindex.edition import Edition

PUBLISHED = {
    "checklist.csv": "1f9b615578bf127bb9ef6c08e5e9b3e4dd43474527bb6999fcd4e3f56781bdcb",
    "register.csv": "34297474eecd200e77a2456fa1a594e3ecd16048c1d95d091170135ef638931e",
    "second_checklist.csv": "72bc15ae652a650984ca501f6d6fcfd4553063e38587d04755806668d93d2fef",
    "survey_citizens.csv": "1ea9ad8fa44108ddb504b1454268fa35cb170a2e04a24534ab5a90259bfdd8f5",
    "survey_employers.csv": "b89a95d373678b55d447c99373e13571e96b094562c39b404950c80f53260a26",
    "truth/centres.csv": "22f4edae9a300d84364aa56973e4134034d289873e3c23d486ef4263d4bbab39",
    "truth/factor_correlations.csv": (
        "0ef68e6087bfb79460ff7f5e7e0e6133932455fd46beb115717baed5e81b82ef"
    ),
    "truth/indicators.csv": "1088fb43d7a19d1b63e83ec2b264efe90411ced58f4564123de9981c7c07945f",
    "truth/loadings.csv": "85b76ee89686169e3d5b140de10b75998f97ab56f7e6ef59ad12e26f0d596b8a",
    "truth/region_effects.csv": "9d7fba00fa61c5413fc1dcb3d0235af6b46b378091ef2110659b7c8af7dd815a",
    "truth/segments.csv": "da8612d7d79b816cbc205526c9579133bec9e1a9db89ddc20e88dcbf27f09549",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_demo_is_simulated_as_published(written: dict[str, str], name: str) -> None:
    assert written[name] == PUBLISHED[name]


def test_no_other_table_is_written(written: dict[str, str]) -> None:
    assert {name for name in written if name.endswith(".csv")} == {*PUBLISHED}


@pytest.fixture
def written(edition: Edition, demo_years: tuple[SimulatedPilot, SimulatedPilot]) -> dict[str, str]:
    """Return the SHA-256 of every file of the demo's data, by path in its folder."""
    folder = edition.input_files[0].parent
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in write_pilot(demo_years[1], edition)
    }
