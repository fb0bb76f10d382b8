"""Standard errors checked by resampling respondents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import write_between, write_number
from clientindex.cli.rating_reasons import tell_absent
from clientindex.results import ErrorCheck, Unavailable

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

NAMES = {
    "all": "all",
    "small_n": "n below {small}",
    "others": "n of {small} and more",
}
LEGEND = (
    "Ratio of the resampled to the exact standard error of the index: median over centres, in "
    "brackets the tenth and ninetieth percentile. Noise: what the ratio of one centre moves by "
    "chance of {replicates} replicates. Gap: largest difference, points."
)
LIMITS = (
    "Shows whether the formula is right for these data. Cannot show errors of who was asked, or of "
    "who answered; both ways have the same answers."
)


def tell_errors(rated: Rated) -> bool:
    """Print exact beside resampled standard errors; return whether they were compared."""
    result = rated.take("error_check", ErrorCheck)
    if isinstance(result, Unavailable):
        tell_absent("Check of standard errors", result, rated.methodology)
        return False
    print_words(f"Check of standard errors ({len(result.centres)} centres with a star)")
    rows = [
        [
            NAMES[row.centres].format(small=result.small_sample),
            f"{row.n}",
            write_between(row.median_ratio, row.low_ratio, row.high_ratio, "z.3f"),
            write_number(row.noise, "z.3f"),
            write_number(row.largest_gap, "z.2f"),
        ]
        for row in list_rows(result.summary)
    ]
    print_table(["centres", "how many", "median ratio", "noise", "gap"], rows, keys=1)
    print_words(LEGEND.format(replicates=result.replicates))
    lost = result.centres[result.centres["lost"] > 0]
    if len(lost):
        most: Any = next(list_rows(lost.sort_values("lost", ascending=False, kind="stable")))
        print_words(
            f"In {len(lost)} centres some replicates have no index, as an indicator lost all its "
            f"answers; most in {most.centre}: {most.lost} of {result.replicates}."
        )
    unknown = int(result.centres["resampled"].isna().sum())
    if unknown:
        print_words(f"Centres with too few replicates left for a standard error: {unknown}.")
    print_words(LIMITS)
    return True
