"""How many factors: the votes of the rules; eigenvalues and criteria for files of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import FactorNumber
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import Column, TableSpec, Value, clean_value, collect_rows, pair_ends
from clientindex.wording.names import name_rule

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording


def build_votes(result: FactorNumber, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a rule; for every kind of correlations its vote, range and steadiness."""
    frame = result.votes
    leading = methodology.factors.correlations
    bases = sorted(dict.fromkeys(frame["basis"]), key=lambda basis: basis != leading)
    votes = {
        (row["rule"], row["reference"], row["basis"]): (
            clean_value(row["n_factors"]),
            clean_value((row["n_low"], row["n_high"])),
            clean_value(row["share"]),
        )
        for row in frame.to_dict("records")
    }
    nothing: tuple[Value, ...] = (None, None, None)
    rules = dict.fromkeys(zip(frame["rule"], frame["reference"], strict=True))
    rows = [
        (
            name_rule(rule, reference, wording),
            *(value for basis in bases for value in votes.get((rule, reference, basis), nothing)),
        )
        for rule, reference in rules
    ]
    return TableSpec(
        key="factor_votes",
        caption=wording.text("table.factor_votes.title"),
        columns=(
            make_column("rule", wording),
            *(column for basis in bases for column in _list_columns(basis, result, wording)),
        ),
        rows=tuple(rows),
        notes=(_describe_votes(result, wording),),
    )


def build_eigenvalues(
    result: FactorNumber, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an eigenvalue beside those of random data."""
    del methodology
    frame = result.eigenvalues
    return TableSpec(
        key="parallel_eigenvalues",
        caption=wording.text("table.parallel_eigenvalues.title"),
        columns=(
            make_column("basis", wording),
            make_column("eigenvalue_kind", wording),
            make_column("random_data", wording),
            make_column("number", wording, kind="integer"),
            make_column("eigenvalue", wording, kind="number", digits=3),
            make_interval("eigenvalue_ci", wording, level=result.level, digits=3),
            make_column("random_mean", wording, kind="number", digits=3),
            make_column(
                "random_high",
                wording,
                kind="number",
                digits=3,
                quantile=wording.percent(result.quantile),
            ),
        ),
        rows=collect_rows(
            [wording.text(f"basis.{key}") for key in frame["basis"]],
            [wording.text(f"eigenvalue_kind.{key}") for key in frame["kind"]],
            [wording.text(f"random_data.{key}") for key in frame["reference"]],
            frame["position"],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            frame["random_mean"],
            frame["random_high"],
        ),
    )


def build_criteria(result: FactorNumber, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a rule, kind of correlations and number of factors: what the rule looks at."""
    del methodology
    frame = result.criteria
    return TableSpec(
        key="factor_criteria",
        caption=wording.text("table.factor_criteria.title"),
        columns=(
            make_column("rule", wording),
            make_column("basis", wording),
            make_column("n_factors", wording, kind="integer"),
            make_column("criterion", wording, kind="number", digits=4),
        ),
        rows=collect_rows(
            [name_rule(key, "", wording) for key in frame["rule"]],
            [wording.text(f"basis.{key}") for key in frame["basis"]],
            frame["n_factors"],
            frame["value"],
        ),
    )


def _list_columns(basis: str, result: FactorNumber, wording: Wording) -> tuple[Column, ...]:
    values = {"basis": wording.text(f"basis_short.{basis}")}
    ends = {"level": wording.percent(result.level), **values}
    return (
        Column(
            key=f"{basis}_vote", header=wording.text("column.vote_of", **values), kind="integer"
        ),
        Column(
            key=f"{basis}_range",
            header=wording.text("column.vote_range", level=ends["level"]),
            kind="interval",
            low_header=wording.text("column.vote_range_low", **ends),
            high_header=wording.text("column.vote_range_high", **ends),
        ),
        Column(
            key=f"{basis}_share",
            header=wording.text("column.vote_share_of", **values),
            kind="percent",
        ),
    )


def _describe_votes(result: FactorNumber, wording: Wording) -> str:
    return wording.text(
        "table.factor_votes.note",
        quantile=wording.percent(result.quantile),
        random=wording.integer(result.random_replicates),
        replicates=wording.integer(result.replicates),
        n=wording.integer(result.n),
    )


RECIPES = (
    make_recipe("factor_votes", "factor_number", FactorNumber, build_votes),
    make_recipe("parallel_eigenvalues", "factor_number", FactorNumber, build_eigenvalues),
    make_recipe("factor_criteria", "factor_number", FactorNumber, build_criteria),
)
