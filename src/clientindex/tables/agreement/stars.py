"""Stars that both sources would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.results import CategoryAgreement
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import Column, TableSpec, clean_value

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.tables.spec import Value
    from clientindex.wording import Wording

STARS = "stars"
COEFFICIENTS = (
    "percent",
    "kappa",
    "kappa_linear",
    "kappa_quadratic",
    "ac1",
    "ac2",
    "alpha_ordinal",
)


def build_coefficients(
    result: CategoryAgreement, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a coefficient of the stars."""
    del methodology
    frame = result.frame[result.frame["kind"] == STARS]
    pairs = collect_pairs(
        frame.assign(coefficient=frame["statistic"], statistic="value"),
        ["coefficient"],
        COEFFICIENTS,
        ["value"],
    )
    n = dict(zip(frame["statistic"], frame["n"], strict=True))
    margins = result.margins[result.margins["kind"] == STARS]
    tests = tuple(_tell_margins(row, wording) for row in margins.to_dict("records"))
    return TableSpec(
        key="star_agreement",
        caption=wording.text("table.star_agreement.title"),
        columns=(
            make_column("coefficient", wording),
            *make_pair("category_value", wording, level=result.level, digits=2),
            make_column("n_centres", wording, kind="integer"),
        ),
        rows=tuple(
            (wording.text(f"category_coefficient.{name}"), *row, clean_value(n[name]))
            for name, row in pairs.items()
        ),
        notes=(wording.text("table.star_agreement.note"), *tests),
    )


def _tell_margins(row: dict[object, float], wording: Wording) -> str:
    """Say Stuart and Maxwell's test, or that it has no result."""
    if clean_value(row["statistic"]) is None or clean_value(row["p_value"]) is None:
        return wording.text("table.star_agreement.no_margins")
    return wording.text(
        "table.star_agreement.margins",
        chi2=wording.number(row["statistic"], 1),
        df=wording.integer(int(row["df"])),
        p=wording.p_value(row["p_value"]),
    )


def build_cross(result: CategoryAgreement, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a number of stars by the survey and one column a number by the checklist."""
    del methodology
    frame = result.table[result.table["kind"] == STARS]
    return TableSpec(
        key="star_cross",
        caption=wording.text("table.star_cross.title"),
        **cross(frame, "survey", "checklist", wording),
        notes=(wording.text("table.star_cross.note"),),
    )


def cross(frame: pd.DataFrame, row: str, column: str, wording: Wording) -> dict[str, Any]:
    """Return columns and rows of a cross-table of counts of centres by two numbers of stars."""
    counts = {
        (int(one), int(other)): int(n)
        for one, other, n in zip(frame[row], frame[column], frame["n"], strict=True)
    }
    down = sorted({one for one, _ in counts})
    across = sorted({other for _, other in counts})
    heads = tuple(
        Column(
            key=f"{column}_{stars}",
            header=wording.text(f"column.crossed_{column}", stars=wording.integer(stars)),
            kind="integer",
        )
        for stars in across
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (one, *(counts.get((one, other)) for other in across)) for one in down
    )
    return {"columns": (make_column(f"by_{row}", wording, kind="integer"), *heads), "rows": rows}


RECIPES = (
    make_recipe("star_agreement", "category_agreement", CategoryAgreement, build_coefficients),
    make_recipe("star_cross", "category_agreement", CategoryAgreement, build_cross),
)
