"""Models that draw scores together: what they estimate, and how far they draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import METHOD_OF, name_key, write_estimate, write_number
from clientindex.cli.rating_reasons import tell_absent, tell_left_out
from clientindex.cli.reliability_names import key_rows, write_span
from clientindex.results import INDEX, ShrunkenScores, Unavailable

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.rated import Rated

STATISTICS = {
    "mean": "common mean",
    "tau2": "variance of true scores",
    "mu2": "second moment, robust",
    "kappa": "kurtosis, robust",
    "residual_variance": "variance about the regression",
    "r2": "share explained by covariates",
}
OF_NO_POINTS = ("r2", "kappa")
LEGEND = (
    "Scores are drawn to the common mean ({estimator}) by the share of sampling error in their "
    "variance, and to a regression on {covariates} (Fay-Herriot). {level:.0%} intervals; of the "
    "variance by the Q-profile, the same beside each estimator; points, or squared points."
)
LIMITS = (
    "Shows the best guess among centres like these. Cannot be published as what visitors of the "
    "centre said: it says partly what those of others did."
)


def tell_shrinkage(rated: Rated) -> bool:
    """Print the models of shrunken scores; return whether there are any."""
    result = rated.take("shrinkage", ShrunkenScores)
    if isinstance(result, Unavailable):
        tell_absent("Shrunken scores", result, rated.methodology)
        return False
    print_words("Shrunken scores: models of the index")
    own = result.models[result.models["subject"] == INDEX]
    rows = [_write_model(row) for row in list_rows(own)]
    print_table(["statistic", "method", "estimate", "centres"], rows, keys=2)
    _tell_subjects(result, rated)
    print_words(
        LEGEND.format(
            estimator=METHOD_OF.get(result.estimator, result.estimator),
            covariates=", ".join(name.replace("_", " ") for name in result.covariates) or "nothing",
            level=result.level,
        )
    )
    _tell_left_out(result, rated)
    print_words(LIMITS)
    return len(result.centres) > 0


def _write_model(row: Any) -> list[str]:
    form = "z.3f" if row.statistic in OF_NO_POINTS else "z.2f"
    method = METHOD_OF.get(row.method, row.method)
    return [_name(row.statistic), method, write_estimate(row, form), f"{row.n}"]


def _name(statistic: str) -> str:
    if statistic.startswith("coefficient."):
        name = statistic.removeprefix("coefficient.")
        return f"coefficient: {name.removeprefix('region.').replace('_', ' ')}"
    return STATISTICS.get(statistic, statistic)


def _tell_left_out(result: ShrunkenScores, rated: Rated) -> None:
    """Print why scores of a subject, and of single centres, are not drawn together."""
    of_all = result.left_out["centre"] == ""
    names = {INDEX: "the index", "fay_herriot": "Fay-Herriot"}
    tell_left_out(result.left_out[of_all], rated.methodology, "statistic", "subject", names=names)
    tell_left_out(result.left_out[~of_all], rated.methodology, "centre", "statistic", names=names)


def _tell_subjects(result: ShrunkenScores, rated: Rated) -> None:
    """Print, for the index and every group, the common mean and how far scores are drawn."""
    found = key_rows(result.models, "subject", "statistic", "method")
    rows = []
    for key in dict.fromkeys(result.centres["subject"]):
        own = result.centres[result.centres["subject"] == key]
        mean = found.get((key, "mean", result.estimator))
        tau2 = found.get((key, "tau2", "reml"))
        name = name_key(key, rated.methodology)
        rows.append([name, f"{len(own)}", *_write(mean, tau2, own)])
    titles = ["subject", "centres", "common mean", "variance, REML", "drawn by"]
    print_table(titles, rows, keys=1)


def _write(mean: Any, tau2: Any, own: pd.DataFrame) -> list[str]:
    told = ["-" if row is None else write_estimate(row, "z.2f") for row in (mean, tau2)]
    factors = own["factor"].dropna()
    return [*told, write_span(factors, ".0%") if len(factors) else write_number(None)]
