"""The three lists of packages agree, and the checks of style and types are switched on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
SPARK_LOCK = (ROOT / "requirements-spark.lock").read_text(encoding="utf-8")
CONDA = (ROOT / "environment.yml").read_text(encoding="utf-8")

CONDA_NAMES = {"typst-py": "typst"}
"""Names on conda-forge that differ from those on the package index."""

CONDA_ONLY = {"python", "pip", "quarto"}
"""In the conda part of the file but not in pyproject; quarto there is the program itself."""

WANTED_RULES = {"B", "BLE", "D", "E", "EM", "F", "I", "N", "NPY", "PD", "PTH", "RUF", "TRY", "UP"}
"""Families of ruff rules that the style of this project rests on."""

Bounds = dict[str, str]


def read_direct(pyproject: dict) -> Bounds:
    """Return the direct dependencies, those of the extra dev included, with their bounds."""
    project = pyproject["project"]
    listed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return dict(map(_split, listed))


def read_conda(text: str) -> Bounds:
    """Return the packages of an environment.yml under their names on the package index."""
    parts = YAML(typ="safe").load(text)["dependencies"]
    names = [part for part in parts if isinstance(part, str)]
    conda = {CONDA_NAMES.get(name, name): bounds for name, bounds in map(_split, names)}
    from_index = [entry for part in parts if isinstance(part, dict) for entry in part["pip"]]
    kept = {name: bounds for name, bounds in conda.items() if name not in CONDA_ONLY}
    return kept | dict(map(_split, from_index))


def read_pins(lock: str) -> dict[str, list[str]]:
    """Return the locked packages, each with its version and its hashes."""
    entry = re.compile(
        r"^(?P<name>[\w.-]+)==(?P<version>[\w.+!]+)(?: ; [^\\\n]*)? \\\n"
        r"(?P<hashes>(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
        flags=re.MULTILINE,
    )
    pins: dict[str, list[str]] = {}
    for found in entry.finditer(lock):
        hashes = re.findall(r"sha256:[0-9a-f]{64}", found["hashes"])
        pins.setdefault(canonicalize_name(found["name"]), []).extend([found["version"], *hashes])
    return pins


def find_lock_faults(lock: str, direct: Bounds) -> list[str]:
    """Return direct dependencies without a fitting pin, entries without hash, and addresses."""
    pins = read_pins(lock)
    faults = []
    for name, bounds in direct.items():
        if name not in pins:
            faults.append(f"{name} is not locked with a hash")
        elif not Requirement(f"{name}{bounds}").specifier.contains(Version(pins[name][0])):
            faults.append(f"{name} is locked at {pins[name][0]}, outside of {bounds}")
    entries = {canonicalize_name(n) for n in re.findall(r"^([\w.-]+)==", lock, flags=re.MULTILINE)}
    faults += [f"{name} has no hash" for name in sorted(entries - pins.keys() - direct.keys())]
    if re.search(r"://|^-|@ ", lock, flags=re.MULTILINE):
        faults.append("the lock holds an address or an option")
    return faults


def find_disagreements(direct: Bounds, conda: Bounds) -> list[str]:
    """Return packages that only one list has, or with other bounds."""
    faults = [f"{name} is missing in environment.yml" for name in sorted(direct.keys() - conda)]
    faults += [f"{name} is in environment.yml only" for name in sorted(conda.keys() - direct)]
    both = sorted(direct.keys() & conda.keys())
    return faults + [
        f"{name}: {direct[name]} and {conda[name]}" for name in both if direct[name] != conda[name]
    ]


def _split(requirement: str) -> tuple[str, str]:
    parsed = Requirement(requirement)
    return canonicalize_name(parsed.name), str(parsed.specifier)


def test_every_direct_dependency_is_locked_with_hashes_and_no_address() -> None:
    assert find_lock_faults(LOCK, read_direct(PYPROJECT)) == []


def test_the_lock_of_spark_has_its_extra_and_nothing_that_is_locked_already() -> None:
    extra = dict(map(_split, PYPROJECT["project"]["optional-dependencies"]["spark"]))
    assert find_lock_faults(SPARK_LOCK, extra) == []
    assert read_pins(SPARK_LOCK).keys() == {"py4j", "pyspark"}
    assert not read_pins(SPARK_LOCK).keys() & read_pins(LOCK).keys()


def test_environment_yml_agrees_with_pyproject() -> None:
    assert find_disagreements(read_direct(PYPROJECT), read_conda(CONDA)) == []


def test_the_package_is_built_from_the_locked_environment() -> None:
    """The project is installed without build isolation, so its build tools must be locked."""
    for requirement in PYPROJECT["build-system"]["requires"]:
        name, bounds = _split(requirement)
        assert read_direct(PYPROJECT)[name] == bounds


def test_style_and_types_are_checked() -> None:
    tool = PYPROJECT["tool"]
    assert tool["mypy"]["strict"] is True
    assert tool["mypy"]["files"] == ["src"]
    assert set(tool["ruff"]["lint"]["select"]) >= WANTED_RULES
    assert tool["pytest"]["ini_options"]["filterwarnings"] == ["error"]


HASH = "--hash=sha256:" + "0" * 64


def test_a_good_lock_has_no_faults() -> None:
    lock = f"numpy==2.3.0 ; sys_platform == 'linux' \\\n    {HASH} \\\n    {HASH}\n    # via x\n"
    assert find_lock_faults(lock, {"numpy": ">=2.2"}) == []


@pytest.mark.parametrize(
    ("lock", "fault"),
    [
        (f"scipy==1.16 \\\n    {HASH}\n", "numpy is not locked with a hash"),
        ("numpy==2.3.0\n", "numpy is not locked with a hash"),
        (f"numpy==2.1.0 \\\n    {HASH}\n", "numpy is locked at 2.1.0, outside of >=2.2"),
        (f"numpy==2.3.0 \\\n    {HASH}\nscipy==1.16\n", "scipy has no hash"),
        (f"--index-url x\nnumpy==2.3.0 \\\n    {HASH}\n", "the lock holds an address or an option"),
        (f"numpy==2.3.0 \\\n    {HASH}\n# https://x", "the lock holds an address or an option"),
    ],
)
def test_a_bad_lock_is_found(lock: str, fault: str) -> None:
    assert find_lock_faults(lock, {"numpy": ">=2.2"}) == [fault]


def test_a_disagreeing_environment_is_found() -> None:
    text = "dependencies: [python>=3.11, quarto, numpy>=2.1, typst-py>=0.13, {pip: [six>=1]}]"
    direct = {"numpy": ">=2.2", "typst": ">=0.13", "pandas": ">=3"}
    assert find_disagreements(direct, read_conda(text)) == [
        "pandas is missing in environment.yml",
        "six is in environment.yml only",
        "numpy: >=2.2 and >=2.1",
    ]
