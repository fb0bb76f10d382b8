"""Every notebook of analysis/ runs on a small simulated edition and is stored without outputs.

Executed once more elsewhere, a notebook gives the same bytes. A second run of all takes a minute of
processor time, so that one of them has it, which one depends on the sources of notebooks and
program: the same commit always checks the same, the next ones check others. All are run twice with
``NOTEBOOKS_TWICE=all``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from ruamel.yaml import YAML

from clientindex.agreement import AGREEMENT_RESULTS
from clientindex.edition import load_edition
from clientindex.pipeline.run import run_edition
from clientindex.simulate import simulate_edition, write_pilot

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "analysis").glob("*.ipynb"))
SMALL = {"centres": 160, "citizens": 3200, "employers": 800, "missing_share": 0.03}
"""So many centres that every part of the rooms of factors and of agreement has what it needs."""
SMALL_BEFORE = {"citizens": 2800, "employers": 700}

CLOSED_FORM = 1e-12
REML = 1e-4  # Powell's method in statsmodels stops some 1e-5 from the maximum
ONE_MAXIMUM = 1e-6  # the search of scipy stops 1e-8 from the maximum
ITERATED = 1e-6  # principal axis factoring converges linearly
NUMERIC_GRADIENT = 0.02  # squared points of some 200; scipy differentiates numerically
NONCENTRAL = 1e-10  # quantiles of the noncentral t are found by iteration
SCORE = 1e-11  # sums of some hundreds of scores up to 100
SETTLED = 1e-8  # scores are settled to nine decimals before they are compared with cuts
RESAMPLED = 0.08  # 2,000 resamples know a standard error to 1.6 %
DRAWN = 0.08  # a share of 1,000 draws
BAND_TOLERANCE = 1e-3  # points; the smallest band is told to a thousandth of a per cent
SOLVED = 1e-9  # chi-squares of some hundreds from a system of equations

ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}")
"""A place in memory, which is another one in every run."""
ELSEWHERE = {"TZ": "Asia/Vladivostok", "LC_ALL": "ru_RU.UTF-8", "PYTHONHASHSEED": "7"}
"""Surroundings of the second run."""

each_notebook = pytest.mark.parametrize("source", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def load_runner() -> ModuleType:
    path = ROOT / "scripts" / "run_notebooks.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def change_yaml(path: Path, **changes: Any) -> None:
    yaml = YAML()
    content = yaml.load(path.read_text(encoding="utf-8"))
    for name, change in changes.items():
        content[name] = {**content[name], **change} if isinstance(change, dict) else change
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(content, stream)


def copy_settings(folder: Path) -> Path:
    """Copy the demo edition with its methodology, made small; return the edition file."""
    for name in ("editions", "methodology"):
        shutil.copytree(ROOT / name, folder / name)
    change_yaml(folder / "methodology" / "2026.yml", intervals={"bootstrap_replicates": 100})
    edition = folder / "editions" / "demo.yml"
    change_yaml(edition, simulation=SMALL, reports=str(ROOT / "reports"))
    change_yaml(edition.with_name("demo-2025.yml"), simulation=SMALL_BEFORE)
    return edition


@pytest.fixture(scope="module")
def small_edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a small edition whose results are ready."""
    path = copy_settings(tmp_path_factory.mktemp("edition"))
    for name in ("demo.yml", "demo-2025.yml"):
        edition = load_edition(path.with_name(name))
        write_pilot(simulate_edition(edition), edition)
    run_edition(path)
    return path


def printed(notebook: Any) -> str:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.text for output in outputs if output.output_type == "stream")


def execute(source: Path, folder: Path, edition: Path) -> Any:
    """Execute a copy of a notebook in another folder, so that nothing depends on its place."""
    copy, target = folder / source.name, folder / "out" / source.name
    shutil.copyfile(source, copy)
    load_runner().run_notebook(copy, target, edition=edition)
    return nbformat.read(target, as_version=4)


def choose_twice(sources: list[Path], text: str) -> list[Path]:
    """Return the notebooks that are run twice, by a text that changes with every commit."""
    if os.environ.get("NOTEBOOKS_TWICE") == "all":
        return sources
    digest = hashlib.sha256(text.encode()).digest()
    return [sources[int.from_bytes(digest[:4], "big") % len(sources)]]


def read_sources() -> str:
    """Return the notebooks and the program as one text."""
    paths = [*NOTEBOOKS, *sorted((ROOT / "src").rglob("*.py"))]
    return "".join(path.read_text(encoding="utf-8") for path in paths)


def list_differences(first: Any, second: Any) -> list[str]:
    """Return the cells whose outputs differ, with the beginning of what they printed."""
    return [
        f"cell {at}: {str(one.get('outputs'))[:300]} / {str(other.get('outputs'))[:300]}"
        for at, (one, other) in enumerate(zip(first.cells, second.cells, strict=True))
        if one != other
    ]


@pytest.fixture(scope="module")
def run_once(
    tmp_path_factory: pytest.TempPathFactory, small_edition: Path
) -> Callable[[Path], Path]:
    """Return what executes a notebook on the small edition, each only once."""

    @cache
    def run(source: Path) -> Path:
        folder = tmp_path_factory.mktemp(source.stem)
        execute(source, folder, small_edition)
        return folder / "out" / source.name

    return run


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.slow
@each_notebook
def test_notebook_runs_on_a_small_edition(
    source: Path, run_once: Callable[[Path], Path], small_edition: Path
) -> None:
    path = run_once(source)
    outputs = [cell.get("outputs", []) for cell in nbformat.read(path, as_version=4).cells]
    assert not ADDRESS.search(re.sub(r"'image/png': '[^']*'", "", str(outputs)))
    for folder in (path.parents[1], small_edition.parents[1]):
        assert str(folder) not in str(outputs)
    if source.stem in CHECKS:
        CHECKS[source.stem](nbformat.read(path, as_version=4))


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", choose_twice(NOTEBOOKS, read_sources()), ids=lambda path: path.stem
)
def test_notebook_gives_the_same_bytes_elsewhere(
    source: Path,
    run_once: Callable[[Path], Path],
    small_edition: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Texts and images are equal in another folder, time zone, language and order of sets."""
    first = run_once(source)
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value)
    second = execute(source, tmp_path, small_edition)
    assert list_differences(nbformat.read(first, as_version=4), second) == []
    assert (tmp_path / "out" / source.name).read_bytes() == first.read_bytes()


def test_the_notebook_that_is_run_twice_changes_with_the_sources(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NOTEBOOKS_TWICE", raising=False)
    chosen = [choose_twice(NOTEBOOKS, str(text)) for text in range(60)]
    assert {path for (path,) in chosen} == set(NOTEBOOKS)
    assert choose_twice(NOTEBOOKS, "3") == chosen[3]
    monkeypatch.setenv("NOTEBOOKS_TWICE", "all")
    assert choose_twice(NOTEBOOKS, "3") == NOTEBOOKS


def test_cells_that_differ_are_found() -> None:
    cells = [nbformat.v4.new_code_cell(source="1"), nbformat.v4.new_code_cell(source="2")]
    first = nbformat.v4.new_notebook(cells=cells)
    second = nbformat.from_dict(first)
    assert list_differences(first, second) == []
    second.cells[1].outputs = [nbformat.v4.new_output("stream", text="5.3 s")]
    (found,) = list_differences(first, second)
    assert found.startswith("cell 1: [] / ")
    assert "5.3 s" in found


def check_reliability(notebook: Any) -> None:
    """Ask for the figures, and for every comparison with another computation."""
    check_comparisons(notebook, RELIABILITY_LIMITS, n_figures=5)


def check_factors(notebook: Any) -> None:
    """Ask for the figures, and for every comparison with another computation."""
    check_comparisons(notebook, FACTOR_LIMITS, n_figures=len(FACTOR_LIMITS))


def check_agreement(notebook: Any) -> None:
    """Ask for the figures, every comparison with another computation, and the known truth."""
    check_comparisons(notebook, AGREEMENT_LIMITS, n_figures=8)
    assert "inflating in truth: " in printed(notebook)
    trial = re.search(r"hold the known limit in (\S+) of 2000 samples", printed(notebook))
    assert trial is not None
    assert float(trial[1]) == pytest.approx(0.95, abs=0.015)  # three standard errors of a share


def check_rating(notebook: Any) -> None:
    """Ask for the figures, every comparison with another computation, and the known truth."""
    check_comparisons(notebook, RATING_LIMITS, n_figures=12)
    found = re.search(r"right stars: (\S+); expected (\S+) \(error (\S+)\)", printed(notebook))
    assert found is not None
    right, expected, error = map(float, found.groups())
    assert right == pytest.approx(expected, abs=4 * error)
    held = re.search(r"intervals that hold the truth: (\S+) of", printed(notebook))
    assert held is not None
    assert float(held[1]) == pytest.approx(0.95, abs=0.07)  # four standard errors of a share


def check_weights(notebook: Any) -> None:
    """Ask for the figures, every comparison with another computation, and exact stars."""
    limits = WEIGHT_LIMITS | (COINR_LIMITS if ASEM.is_dir() else {})
    check_comparisons(notebook, limits, n_figures=10)
    told = printed(notebook)
    assert ("not compared with COINr" in told) is not ASEM.is_dir()
    found = re.search(r"stars that stand within ±25 %: (\d+) of (\d+)", told)
    assert found is not None
    assert 0 < int(found[1]) < int(found[2])


def check_comparisons(notebook: Any, limits: dict[str, float], *, n_figures: int) -> None:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= n_figures
    lines = [line for line in printed(notebook).splitlines() if "largest difference" in line]
    found = dict(line.split(": largest difference ") for line in lines)
    assert set(found) == set(limits)
    for what, limit in limits.items():
        assert float(found[what]) < limit, what


RELIABILITY_LIMITS = {
    "alpha": CLOSED_FORM,
    "split_half_max": CLOSED_FORM,
    "split_half_mean": CLOSED_FORM,
    "skew": CLOSED_FORM,
    "item-rest": CLOSED_FORM,
    "ICC(1), moments": CLOSED_FORM,
    "ICC(1), REML": REML,
    "straight-lining": CLOSED_FORM,
    "alpha without an indicator": CLOSED_FORM,
}
"""What the notebook on reliability compares, and how far it may be from the other computation."""

FACTOR_LIMITS = {
    "Pearson": CLOSED_FORM,
    "polychoric": ONE_MAXIMUM,
    "polyserial": ONE_MAXIMUM,
    "KMO": CLOSED_FORM,
    "eigenvalues": CLOSED_FORM,
    "communalities": ITERATED,
    "implied correlations": CLOSED_FORM,
    "HTMT": CLOSED_FORM,
    "ICC(1)": CLOSED_FORM,
}
"""What the notebook on factors compares, and how far it may be from the other computation."""

AGREEMENT_LIMITS = {
    "survey scores": CLOSED_FORM,
    "checklist scores": CLOSED_FORM,
    "mean-sigma link": CLOSED_FORM,
    "second visits": CLOSED_FORM,
    "multitrait, as measured": CLOSED_FORM,
    "multitrait, net of sampling": CLOSED_FORM,
    "components by moments": CLOSED_FORM,
    "components by REML": NUMERIC_GRADIENT,
    "shares of the model": CLOSED_FORM,
    "p-value": CLOSED_FORM,
    "bias": CLOSED_FORM,
    "Pearson's r": CLOSED_FORM,
    "exact limits": NONCENTRAL,
    "ICC": CLOSED_FORM,
    "CCC by components": REML,
    "Krippendorff's alpha": CLOSED_FORM,
    "SD net of sampling": CLOSED_FORM,
    "kappa": CLOSED_FORM,
    "Stuart and Maxwell": SOLVED,
    "q-values of indicators": CLOSED_FORM,
    "least squares": CLOSED_FORM,
    "inverse least squares": CLOSED_FORM,
    "errors in variables": CLOSED_FORM,
    "Deming, ratio 1": CLOSED_FORM,
    "Passing-Bablok": CLOSED_FORM,
    "q-values of centres": CLOSED_FORM,
    "z": CLOSED_FORM,
    "effects of regions": ONE_MAXIMUM,
    "composite": CLOSED_FORM,
    "stars by the rule": CLOSED_FORM,
}
"""What the notebook on agreement compares, and how far it may be from the other computation."""

RATING_LIMITS = {
    "index": SCORE,
    "standard error": SCORE,
    "degrees of freedom": SOLVED,
    "interval": SCORE,
    "ratio of errors": CLOSED_FORM,
    "own resamples": RESAMPLED,
    "stars": CLOSED_FORM,
    "P(star), normal": CLOSED_FORM,
    "P(star), draws": DRAWN,
    "expected accuracy, normal": CLOSED_FORM,
    "expected accuracy, draws": CLOSED_FORM,
    "expected accuracy, shrunk": CLOSED_FORM,
    "within one star": CLOSED_FORM,
    "expected table": CLOSED_FORM,
    "errors to the next cut": SETTLED,
    "ranks": CLOSED_FORM,
    "ranks in regions": CLOSED_FORM,
    "simultaneous sets": CLOSED_FORM,
    "P(star), shrunk": CLOSED_FORM,
    "expected rank / n": 0.02,
    "DerSimonian-Laird": SCORE,
    "DerSimonian-Laird, statsmodels": SCORE,
    "Paule-Mandel": SOLVED,
    "Paule-Mandel, statsmodels": ITERATED,
    "Morris' means": SOLVED,
    "Morris' errors": SOLVED,
    "REML": REML,
    "ML": REML,
    "Fay-Herriot regression": SOLVED,
    "Fay-Herriot": SOLVED,
    "means of regions": SCORE,
    "intervals of regions": SCORE,
    "means by visitors": SCORE,
    "components of variance": REML,
    "target of the funnel": CLOSED_FORM,
    "z of the funnel": CLOSED_FORM,
    "winsorised phi": SCORE,
    "factor of phi, simulated": 0.005,
    "additive variance": SOLVED,
    "additive z": CLOSED_FORM,
    "q of centres": CLOSED_FORM,
    "differences": CLOSED_FORM,
    "p of changes": CLOSED_FORM,
    "q of changes": CLOSED_FORM,
    "change of the mean": SCORE,
    "sum of the parts": SCORE,
    "transitions": CLOSED_FORM,
    "Stuart and Maxwell": SOLVED,
    "sum of contributions, group": SCORE,
    "sum of contributions, indicator": SCORE,
    "weight times score": SCORE,
    "difference from the mean": SCORE,
}
"""What the notebook on the rating compares, and how far it may be from the other computation."""

N_RATING_RESULTS = 11
"""Results that the notebook on the rating takes."""

ASEM = ROOT.parent / "shared" / "data" / "asem_coinr"

COINR_LIMITS = {
    "COINr, weights of 49 elements": CLOSED_FORM,
    "COINr, weights of 8 elements": CLOSED_FORM,
    "COINr, weights of 2 elements": CLOSED_FORM,
    "COINr, index": SCORE,
    "COINr, ranks": CLOSED_FORM,
    "COINr, ranks without an indicator": CLOSED_FORM,
}
"""What the notebook on weights compares with COINr where its numbers are beside the project."""

WEIGHT_LIMITS = {
    "weights in the index": CLOSED_FORM,
    "index": SCORE,
    "stars": CLOSED_FORM,
    "linear importance, group": SCORE,
    "linear importance, indicator": SCORE,
    "share of importance, group": SCORE,
    "share of importance, indicator": SCORE,
    "own importance": SCORE,
    "correlation with the rest": SCORE,
    "tau without an indicator": CLOSED_FORM,
    "optimised importance": SOLVED,
    "weights by entropy": SCORE,
    "weights by critic": SCORE,
    "weight that moves": CLOSED_FORM,
    "index by source": SCORE,
    "stars by source": CLOSED_FORM,
    "consistency of judgements": CLOSED_FORM,
    "tau by source": CLOSED_FORM,
    "share of the same star, own draws": DRAWN,
    "ends of ranks, own draws": 2.1,  # places
    "sum of star shares": CLOSED_FORM,
    "exact bounds, lower": SOLVED,
    "exact bounds, upper": SOLVED,
    "index at the smallest band, loses": BAND_TOLERANCE,
    "index at the smallest band, wins": BAND_TOLERANCE,
    "unknown movements": CLOSED_FORM,
    "smallest movement of weights": SOLVED,
    "share of changed stars": CLOSED_FORM,
    "share of variants": CLOSED_FORM,
    "main effects": SCORE,
    "additive share": SCORE,
    "Ishigami, first order": 0.02,
    "Ishigami, total": 0.02,
    "sum of first-order indices": CLOSED_FORM,
    "end of convergence": CLOSED_FORM,
    "expected accuracy": CLOSED_FORM,
    "expected wrong stars": SCORE,
    "sum of probabilities": SCORE,
    "sum of the sources": SOLVED,
    "P(star), sampling alone": DRAWN,
    "index without an indicator": SCORE,
    "shift of rank without an indicator": CLOSED_FORM,
    "tau without a group": CLOSED_FORM,
    "difference of indices": SCORE,
    "transitions of stars": CLOSED_FORM,
    "shift of rank": CLOSED_FORM,
}
"""What the notebook on weights compares, and how far it may be from the other computation."""

N_WEIGHT_RESULTS = 12
"""Results that the notebook on weights takes."""

CHECKS = {
    "01_reliability": check_reliability,
    "02_factors": check_factors,
    "03_rating": check_rating,
    "04_weights": check_weights,
    "05_agreement": check_agreement,
}
"""What a notebook must show beyond running to its end."""


def copy_data(edition: Path, folder: Path) -> None:
    """Copy the data of an edition and of the year before it."""
    for name in ("demo", "demo-2025"):
        data = load_edition(edition.with_name(f"{name}.yml")).input_files[0].parent
        shutil.copytree(data, folder / "data_raw" / name)


@pytest.fixture(scope="module")
def rating_only(tmp_path_factory: pytest.TempPathFactory, small_edition: Path) -> Path:
    """Return the file of the same edition without any stage but the rating."""
    return run_stage("rating", tmp_path_factory.mktemp("other"), small_edition)


@pytest.fixture(scope="module")
def no_rating(tmp_path_factory: pytest.TempPathFactory, small_edition: Path) -> Path:
    """Return the file of the same edition without the rating."""
    return run_stage("reliability", tmp_path_factory.mktemp("reliability"), small_edition)


def run_stage(stage: str, folder: Path, small_edition: Path) -> Path:
    edition = copy_settings(folder)
    copy_data(small_edition, folder)
    change_yaml(edition, stages=[stage])
    run_edition(edition)
    return edition


@pytest.mark.slow
def test_reliability_says_why_there_is_none(tmp_path: Path, rating_only: Path) -> None:
    notebook = execute(ROOT / "analysis" / "01_reliability.ipynb", tmp_path, rating_only)
    shown = notebook.cells[1].outputs[-1]["data"]["text/markdown"]
    assert "адёжност" in shown
    assert printed(notebook) == ""


@pytest.mark.slow
def test_rating_says_why_there_is_none(tmp_path: Path, no_rating: Path) -> None:
    """Without a rating in the bundle every result is missed with a reason, and nothing fails."""
    notebook = execute(ROOT / "analysis" / "03_rating.ipynb", tmp_path, no_rating)
    outputs = [output for cell in notebook.cells[2:] for output in cell.get("outputs", [])]
    shown = [output.get("data", {}).get("text/markdown", "") for output in outputs]
    assert sum(bool(text) for text in shown) == N_RATING_RESULTS
    assert "largest difference" not in printed(notebook)


@pytest.mark.slow
def test_weights_say_why_there_are_none(tmp_path: Path, no_rating: Path) -> None:
    """Without scores and sensitivity in the bundle every result is missed with a reason."""
    notebook = execute(ROOT / "analysis" / "04_weights.ipynb", tmp_path, no_rating)
    outputs = [output for cell in notebook.cells[2:] for output in cell.get("outputs", [])]
    shown = [output.get("data", {}).get("text/markdown", "") for output in outputs]
    assert sum(bool(text) for text in shown) == N_WEIGHT_RESULTS
    assert "exact bounds" not in printed(notebook)


@pytest.mark.slow
def test_agreement_says_why_there_is_none(tmp_path: Path, rating_only: Path) -> None:
    notebook = execute(ROOT / "analysis" / "05_agreement.ipynb", tmp_path, rating_only)
    outputs = [output for cell in notebook.cells[2:] for output in cell.get("outputs", [])]
    shown = [output.get("data", {}).get("text/markdown", "") for output in outputs]
    assert sum("чек-лист" in text for text in shown) == len(AGREEMENT_RESULTS)
    assert "largest difference" not in printed(notebook)


@each_notebook
def test_notebook_is_stored_without_outputs(source: Path) -> None:
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@each_notebook
def test_notebook_explains_itself_in_russian_first_and_in_english(source: Path) -> None:
    notebook = nbformat.read(source, as_version=4)
    explanations = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert explanations
    for text in explanations:
        cyrillic = [place for place, letter in enumerate(text) if "а" <= letter.lower() <= "я"]
        assert cyrillic
        assert any(word in text[cyrillic[-1] :] for word in (" the ", " is "))
