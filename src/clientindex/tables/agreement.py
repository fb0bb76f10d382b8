"""Survey against checklist by group: difference, and concordance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.results import GroupAgreement
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import Column, TableSpec, Value, clean_value
from clientindex.wording.absence import take
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_bias(
    agreement: GroupAgreement, *, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a group: bias with its interval, spread and limits of agreement."""
    rows = [
        (
            name_group(group, methodology, wording),
            clean_value(found["bias"]["n"]),
            clean_value(found["bias"]["estimate"]),
            _ends(found["bias"]),
            clean_value(found["sd_difference"]["estimate"]),
            clean_value((found["loa_low"]["estimate"], found["loa_high"]["estimate"])),
        )
        for group, found in _by_group(agreement).items()
    ]
    limits = Column(
        key="limits",
        header=wording.text("column.limits"),
        kind="interval",
        digits=1,
        low_header=wording.text("column.limits_low"),
        high_header=wording.text("column.limits_high"),
    )
    return TableSpec(
        key="agreement_bias",
        caption=wording.text("table.agreement_bias.title"),
        columns=(
            make_column("group", wording),
            make_column("n_centres", wording, kind="integer"),
            make_column("bias", wording, kind="number", digits=1),
            make_interval("bias_ci", wording, level=agreement.level),
            make_column("sd_difference", wording, kind="number", digits=1),
            limits,
        ),
        rows=tuple(rows),
        notes=(wording.text("table.agreement_bias.note"),),
    )


def build_concordance(
    agreement: GroupAgreement, *, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a group: correlation and ICC with intervals, and the word for the ICC."""
    threshold = methodology.thresholds.icc
    rows = []
    for group, found in _by_group(agreement).items():
        icc = clean_value(found["icc_a1"]["estimate"])
        cells: list[Value] = []
        for statistic in ("pearson_r", "icc_a1", "icc_c1"):
            cells += [clean_value(found[statistic]["estimate"]), _ends(found[statistic])]
        word = (
            wording.text(f"level.icc.{threshold.classify(icc)}") if isinstance(icc, float) else None
        )
        n = clean_value(found["icc_a1"]["n"])
        rows.append((name_group(group, methodology, wording), n, *cells, word))
    return TableSpec(
        key="agreement_concordance",
        caption=wording.text("table.agreement_concordance.title"),
        columns=(
            make_column("group", wording),
            make_column("n_centres", wording, kind="integer"),
            *_list_estimates(agreement.level, wording),
            make_column("verdict", wording),
        ),
        rows=tuple(rows),
        notes=(wording.text("table.agreement_concordance.note", source=threshold.source),),
    )


def _list_estimates(level: float, wording: Wording) -> list[Column]:
    columns = []
    for statistic in ("pearson_r", "icc_a1", "icc_c1"):
        column = make_column(statistic, wording, kind="number", digits=2)
        interval = make_interval(
            f"{statistic}_ci", wording, level=level, digits=2, of=column.header
        )
        columns += [column, interval]
    return columns


def _by_group(agreement: GroupAgreement) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the row of every statistic by group, groups in the order of the result."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in agreement.frame.to_dict("records"):
        found.setdefault(str(row["group"]), {})[str(row["statistic"])] = dict(row)  # type: ignore[arg-type]  # names of columns are text
    return found


def _ends(row: dict[str, Any]) -> Value:
    return clean_value((row["ci_low"], row["ci_high"]))


def _build_bias(bundle: Bundle, wording: Wording) -> TableSpec:
    agreement = take(bundle, "agreement", GroupAgreement)
    return build_bias(agreement, methodology=bundle.methodology, wording=wording)


def _build_concordance(bundle: Bundle, wording: Wording) -> TableSpec:
    agreement = take(bundle, "agreement", GroupAgreement)
    return build_concordance(agreement, methodology=bundle.methodology, wording=wording)


BIAS = TableRecipe(name="agreement_bias", needs=("agreement",), build=_build_bias)
CONCORDANCE = TableRecipe(
    name="agreement_concordance", needs=("agreement",), build=_build_concordance
)
