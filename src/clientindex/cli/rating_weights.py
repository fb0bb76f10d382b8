"""Weights of answers: margins that were met, what weights cost, and what they do to the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import FIRST, write_number
from clientindex.cli.rating_reasons import tell_absent, tell_left_out
from clientindex.cli.reliability_names import write_span
from clientindex.results import ALL_SEGMENTS, AnswerWeights, Unavailable

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

TITLE = "Weights of answers"
MARGINS = {"none": "no margins", "centre": "margins of every centre", "region": "margins by region"}
LEGEND = (
    "Gap: largest difference of a share from its margin. Design effect: by how much unequal "
    "weights shrink the sample; n effective: respondents of equal weight who would tell as much."
)
LIMITS = (
    "Shows what known margins do to the index. Cannot mend differences of those who answer inside "
    "the levels of the margins."
)


def tell_weights(rated: Rated) -> bool:
    """Print how answers were weighted and what it did; return whether they were."""
    result = rated.take("answer_weights", AnswerWeights)
    if isinstance(result, Unavailable):
        tell_absent(TITLE, result, rated.methodology)
        return False
    design = "delivered weights, " if result.design else ""
    traits = ", ".join(result.traits) or "no traits"
    print_words(f"{TITLE} ({design}{MARGINS[result.level_of_margins]}: {traits})")
    _tell_scopes(result)
    _tell_effects(result)
    print_words(LEGEND)
    tell_left_out(
        result.left_out, rated.methodology, "scope", "segment", "trait", "level", names={"all": ""}
    )
    print_words(LIMITS)
    return len(result.scores) > 0


def _tell_scopes(result: AnswerWeights) -> None:
    first = result.scopes.sort_values(["converged", "gap"], ascending=[True, False], kind="stable")
    rows = [
        [
            row.scope,
            f"{row.n}",
            f"{row.n_margins}",
            f"{row.iterations}",
            f"{row.gap:.1e}",
            f"{row.n_cut}",
            "yes" if row.raked else "no, weights as before",
        ]
        for row in list_rows(first.head(FIRST))
    ]
    if rows:
        raked = int(result.scopes["raked"].sum())
        print_words(f"Margins met in {raked} of {len(first)} centres or regions; largest gap first")
        titles = ["centre or region", "n", "margins", "rounds", "gap", "cut weights", "raked"]
        print_table(titles, rows, keys=1)


def _tell_effects(result: AnswerWeights) -> None:
    """Print design effects, and the centres whose index weights change most."""
    whole = result.centres[result.centres["segment"] == ALL_SEGMENTS]
    known = result.scores.dropna(subset=["difference"])
    if len(whole):
        print_words(
            f"Design effects of {len(whole)} centres: {write_span(whole['deff'], '.2f')}; n "
            f"effective {write_span(whole['n_eff'])}."
        )
    most = known.reindex(
        known["difference"].abs().sort_values(ascending=False, kind="stable").index
    )
    rows = [[row.centre, *write_weighted(row)] for row in list_rows(most.head(FIRST))]
    if rows:
        print_words(f"Largest effects on the index (first {len(rows)} of {len(known)} centres)")
        titles = ["centre", "unweighted (SE)", "weighted (SE)", "difference"]
        print_table(titles, rows, keys=1)


def write_weighted(row: Any) -> list[str]:
    """Write the index without and with weights, and their difference."""
    pairs = (("unweighted", "unweighted_error"), ("weighted", "weighted_error"))
    told = [
        f"{write_number(getattr(row, value), 'z.2f')} ({write_number(getattr(row, error), 'z.2f')})"
        for value, error in pairs
    ]
    return [*told, write_number(row.difference, "+z.2f")]
