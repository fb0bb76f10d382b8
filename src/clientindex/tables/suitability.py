"""Suitability of the correlations for factor analysis: overall measures, then by indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Suitability
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import TableSpec, Value, collect_rows, pair_ends
from clientindex.tables.structure.chi_square import make_p_column
from clientindex.wording.absence import take
from clientindex.wording.names import name_indicator

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_msa(result: Suitability, *, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build the measure of sampling adequacy, one row an indicator, the overall one last."""
    frame = result.frame
    threshold = methodology.thresholds.kmo
    overall: tuple[Value, ...] = (
        wording.text("subject.index"),
        result.kmo,
        (result.kmo_ci_low, result.kmo_ci_high),
        None,
        wording.text(f"level.kmo.{threshold.classify(result.kmo)}"),
    )
    words = [wording.text(f"level.kmo.{threshold.classify(x)}") for x in frame["msa"]]
    note = wording.text(
        "table.msa.note",
        basis=wording.text(f"basis_by.{result.basis}"),
        n=wording.integer(result.n),
        replicates=wording.integer(result.replicates),
        missing=wording.text(f"missing_rule.{result.missing}"),
        source=threshold.source.in_language(wording.language),
    )
    rows = collect_rows(
        [name_indicator(key, methodology, wording) for key in frame["indicator"]],
        frame["msa"],
        pair_ends(frame["ci_low"], frame["ci_high"]),
        frame["smc"],
        words,
    )
    return TableSpec(
        key="msa",
        caption=wording.text("table.msa.title"),
        columns=(
            make_column("indicator", wording),
            make_column("msa", wording, kind="number", digits=2),
            make_interval("msa_ci", wording, level=result.level, digits=2),
            make_column("smc", wording, kind="number", digits=2),
            make_column("verdict", wording),
        ),
        rows=(*rows, overall),
        notes=(note,),
    )


def build_bartlett(result: Suitability, *, wording: Wording) -> TableSpec:
    """Build Bartlett's test of sphericity in one row."""
    told = wording.text("uninformative.word")
    p: Value = told if result.uninformative else result.bartlett_p
    return TableSpec(
        key="bartlett",
        caption=wording.text("table.bartlett.title"),
        columns=(
            make_column("bartlett_chi2", wording, kind="number", digits=1),
            make_column("df", wording, kind="integer"),
            make_p_column(wording, uninformative=result.uninformative),
            make_column("n_smallest", wording, kind="integer"),
        ),
        rows=((result.bartlett_chi2, result.bartlett_df, p, result.n),),
        notes=(wording.text("table.bartlett.note"),),
    )


def _build_msa(bundle: Bundle, wording: Wording) -> TableSpec:
    result = take(bundle, "suitability", Suitability)
    return build_msa(result, methodology=bundle.methodology, wording=wording)


def _build_bartlett(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_bartlett(take(bundle, "suitability", Suitability), wording=wording)


MSA = TableRecipe(name="msa", needs=("suitability",), build=_build_msa)
BARTLETT = TableRecipe(name="bartlett", needs=("suitability",), build=_build_bartlett)
