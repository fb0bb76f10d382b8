"""How scores and stars are made, and who has a star."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import name_key, say_withheld, write_star
from clientindex.cli.rating_reasons import tell_left_out
from clientindex.results import Scores, Unavailable
from clientindex.wording import load_wording
from clientindex.wording.sentences.rating.scoring import say_scoring
from clientindex.wording.sentences.rating.star_rule import say_star_rule

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.rated import Rated

ERRORS = {
    "exact": "exact, from the covariance of the answers inside each centre",
    "bound": "bounds, as only totals were delivered and correlations of indicators are assumed",
    "delta": "by the delta method, as scores are no weighted sums or hold measures with errors",
    "none": "not known",
}
LIMITS_OF_STARS = (
    "Shows who has a star by the rule. Cannot show whether it is the right one: see accuracy."
)


def tell_rule(rated: Rated) -> bool:
    """Print how scores and stars are made, in one paragraph."""
    wording = load_wording("en")
    methodology = rated.methodology
    said = [say_scoring(methodology, wording=wording), say_star_rule(methodology, wording=wording)]
    print_words(f"How it is made: {' '.join(said)}")
    return True


def tell_stars(rated: Rated) -> bool:
    """Print how many centres have which star, and why the others have none."""
    result = rated.stars
    frame = result.frame
    given = frame[frame["withheld"] == ""]
    print_words(
        f"Scores and stars ({len(frame)} centres: {frame['estimate'].notna().sum()} with an index, "
        f"{len(given)} with a star; at least {result.minimum_sample} respondents)"
    )
    rows = [
        [f"{write_star(star)} {'star' if star == 1 else 'stars'}", f"{n}", f"{n / len(frame):.1%}"]
        for star, n in given["star"].value_counts().sort_index(ascending=False).items()
    ]
    rows += [
        [f"no star: {say_withheld(str(reason))}", f"{n}", f"{n / len(frame):.1%}"]
        for reason, n in frame.loc[frame["withheld"] != "", "withheld"].value_counts().items()
    ]
    print_table(["star", "centres", "share"], rows, keys=1)
    _tell_caps(given)
    scores = rated.take("scores", Scores)
    if not isinstance(scores, Unavailable):
        _tell_scores(scores, rated)
    tell_left_out(result.left_out, rated.methodology, "peer_group", names={"all": ""})
    print_words(LIMITS_OF_STARS)
    return bool(frame["estimate"].notna().any())


def _tell_caps(given: pd.DataFrame) -> None:
    held = given[given["uncapped"].notna() & (given["uncapped"] > given["star"])]
    for reason, n in held["capped_by"].value_counts().items():
        print_words(f"Star lowered by the cap {reason}: {n} centres.")


def _tell_scores(scores: Scores, rated: Rated) -> None:
    """Print how standard errors were found, and what stands in for missing values."""
    correction = "with" if scores.fpc_used else "without"
    print_words(
        f"Standard errors: {ERRORS[scores.std_error_method]}; {correction} the finite-population "
        f"correction. {scores.level:.0%} intervals. Weights of missing indicators were shared out "
        f"in {scores.n_reweighted} groups of a centre and segment; means stand in for "
        f"{scores.n_imputed} values."
    )
    if len(scores.missing):
        rows = [
            [
                f"{row.kind}: {name_key(row.key, rated.methodology)}",
                name_key(row.segment, rated.methodology),
                row.treatment.replace("_", " "),
                f"{row.n_missing}",
                f"{row.n_imputed}",
            ]
            for row in list_rows(scores.missing)
        ]
        print_table(["missing", "segment", "treatment", "centres", "filled in"], rows, keys=1)
    tell_left_out(scores.left_out, rated.methodology, "kind", "key")
