"""A synthetic twin in place of respondents' answers, published in the pack like the original."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from clientindex.edition import load_edition
from clientindex.errors import ReproductionError
from clientindex.hashing import hash_file
from clientindex.methodology import load_methodology
from clientindex.pipeline.rebuild import AS_IT_IS, rebuild
from clientindex.results import Scores, load_bundle
from clientindex.results.base import ALL_SEGMENTS
from clientindex.settings.yaml_edit import replace_values, select_known

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.pipeline.progress import Reporter
    from clientindex.reproduction.layout import LaidOut
    from clientindex.simulate.twin import Closeness, SurveyTwin

PUBLISHED_FOLDER: Final = "published"
"""Folder of the pack with what was published of the real answers."""
CLOSENESS_NAME: Final = "twin_closeness.csv"
ORIGINALS_NAME: Final = "inputs.original.sha256"
_SYNTHETIC: Final = """
# The answers in this pack are a synthetic twin, so every output says that its data are synthetic.
synthetic: true
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PackTwin:
    """Twins of all survey files of a pack.

    Attributes
    ----------
    table : DataFrame
        Of :func:`clientindex.simulate.twin.tabulate_closeness`, with the index of every centre.
    closeness : Closeness
    index, index_elsewhere : float
        Largest difference of an index, points, of all centres and of those without a small stratum;
        NaN until both publications are there, and where no centre is left.
    pooled : frozenset of str
        Centres with a small stratum, of any of the editions.
    moved, dropped : tuple of str
        Columns whose links to answers are lost, and columns that are not in the twin.
    originals : dict
        Input file -> SHA-256 of the original.
    """

    table: pd.DataFrame
    closeness: Closeness
    index: float
    index_elsewhere: float
    pooled: frozenset[str]
    moved: tuple[str, ...]
    dropped: tuple[str, ...]
    originals: dict[str, str]


def put_twin(laid: LaidOut, *, renderer: str, reporter: Reporter) -> PackTwin:
    """Write twins over the survey files of a pack, and publish the pack's edition from them.

    Editions before it get twins too. All of them are marked synthetic.

    Raises
    ------
    ReproductionError
        If no edition has single answers, or the twin cannot be made or published.
    """
    root = laid.path.parents[1]
    originals = {place.as_posix(): hash_file(root / place) for place in laid.inputs.values()}
    with reporter.step("making the synthetic twin"):
        made = [twin for path in laid.editions for twin in _write_twins(path)]
    if not made:
        msg = (
            f"{laid.path.stem}: no file of single answers, so there is nothing to make a twin of: "
            "totals are no answers of anybody. Pack it without `confidential`."
        )
        raise ReproductionError(msg)
    with reporter.step("computing and rendering the edition of the twin"):
        name = renderer.partition(" ")[0]
        rebuild(laid.path, renderer=name, circumstances=AS_IT_IS, folder=root)
    _tidy(laid)
    return _summarise(made, originals)


def _write_twins(path: Path) -> list[SurveyTwin]:
    """Write the twins of one edition, if its data are in the pack."""
    from clientindex.simulate.twin import write_twin

    edition = load_edition(path)
    if not all(file.is_file() for file in edition.input_files):
        return []
    made = write_twin(edition, load_methodology(edition.methodology))
    if made and not edition.synthetic:
        _mark_synthetic(path)
    return [replace(twin, file=f"{path.stem}/{twin.file}") for twin in made]


def _mark_synthetic(path: Path) -> None:
    """Say in the edition file that its data are synthetic."""
    text = path.read_text(encoding="utf-8")
    known = select_known(text, {("synthetic",): "true"})
    text = replace_values(text, known) if known else text.rstrip("\n") + "\n" + _SYNTHETIC
    path.write_text(text, encoding="utf-8")


def _tidy(laid: LaidOut) -> None:
    """Remove what a run leaves beside results, documents and tables."""
    for path in laid.editions:
        edition = load_edition(path)
        shutil.rmtree(edition.intake_dir, ignore_errors=True)
        for file in edition.output.glob(".*") if edition.output.is_dir() else ():
            file.unlink()


def _summarise(made: list[SurveyTwin], originals: dict[str, str]) -> PackTwin:
    from clientindex.simulate.twin import summarise_closeness, tabulate_closeness

    table = tabulate_closeness(made)
    return PackTwin(
        table=table,
        closeness=summarise_closeness(made, table),
        index=float("nan"),
        index_elsewhere=float("nan"),
        pooled=frozenset(str(centre) for twin in made for centre in twin.centre[twin.pooled]),
        moved=tuple(dict.fromkeys(name for twin in made for name in twin.moved)),
        dropped=tuple(dict.fromkeys(name for twin in made for name in twin.dropped)),
        originals=originals,
    )


def compare_indices(twin: PackTwin, folder: Path, edition: Edition) -> PackTwin:
    """Return the twin with the index of every centre beside that of the real answers."""
    real = _list_indices(folder / PUBLISHED_FOLDER / "results")
    made = _list_indices(edition.results_dir)
    both = pd.DataFrame({"original": real, "twin": made}).rename_axis("centre").reset_index()
    both = both.assign(
        file=edition.id,
        measure="index",
        indicator="",
        other="",
        difference=both["twin"] - both["original"],
    )
    table = pd.concat([twin.table, both[list(twin.table.columns)]], ignore_index=True)
    size = both["difference"].abs()
    return replace(
        twin,
        table=table,
        index=float(size.max()),
        index_elsewhere=float(size[~both["centre"].isin(twin.pooled)].max()),
    )


def _list_indices(results: Path) -> pd.Series[float]:
    scores = load_bundle(results).get("scores", Scores)
    if not isinstance(scores, Scores):
        return pd.Series(dtype="float64")
    tidy = scores.tidy()
    index = tidy[(tidy["statistic"] == "index.index") & (tidy["segment"] == ALL_SEGMENTS)]
    return index.set_index("subject")["estimate"]
