"""How sure the star of one centre is under weights, methods and everything together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import print_table, print_words
from clientindex.cli.rating_centre_beside import find_centre
from clientindex.cli.rating_names import write_chance, write_number, write_star
from clientindex.cli.reliability_names import key_rows
from clientindex.cli.weights_names import (
    ALL,
    SOURCES,
    name_doubt,
    write_band,
    write_counted,
)
from clientindex.results import JointDoubt, Multiverse, Unavailable, WeightStability

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.rated import Rated

ALONE = {"sampling": "sampling error alone", "weights": "weights alone", "method": "method alone"}


def tell_chances(rated: Rated, centre: str) -> None:
    """Print the probability of every star, by what is drawn."""
    print_words("Probability of stars, by what moves (* the star given)")
    given = find_centre(rated.stars.frame, centre)
    stars = [float(star) for star in rated.methodology.stars.star_values]
    titles = [f"{write_star(star)}{'*' if star == given.star else ''}" for star in stars]
    rows = []
    for name, kind, told, list_shares in (
        ("weight_stability", WeightStability, "random weights", _take_drawn),
        ("multiverse", Multiverse, "variants of the method", _take_variants),
        ("joint_doubt", JointDoubt, "everything together", _take_joint),
    ):
        result: Any = rated.take(name, kind)
        if isinstance(result, Unavailable):
            continue
        shares = list_shares(result, centre)
        write = write_chance if name == "joint_doubt" else write_counted
        rows.append([told, *(write(shares[star]) if shares.get(star) else "-" for star in stars)])
    print_table(["what moves", *titles], rows, keys=1)


def _take_drawn(result: WeightStability, centre: str) -> dict[float, float]:
    return _take(result.star_shares, centre, "share")


def _take_joint(result: JointDoubt, centre: str) -> dict[float, float]:
    return _take(result.probabilities, centre, "p")


def _take(frame: pd.DataFrame, centre: str, column: str) -> dict[float, float]:
    own = frame[(frame["centre"] == centre) & frame["star"].notna()]
    return dict(zip(own["star"].astype(float), own[column].astype(float), strict=True))


def _take_variants(result: Multiverse, centre: str) -> dict[float, float]:
    """Return the share of variants with every star; those without one are in no share."""
    own = result.stars[(result.stars["centre"] == centre)]
    known = own["star"].dropna().astype(float)
    return {star: float((known == star).sum()) / len(own) for star in set(known.tolist())}


def tell_doubt_parts(rated: Rated, centre: str) -> None:
    """Print what of the doubt about the star each source adds."""
    result = rated.take("joint_doubt", JointDoubt)
    if isinstance(result, Unavailable):
        return
    row = find_centre(result.centres, centre)
    if row is None:
        print_words("Everything together: the centre is not among those that were drawn.")
        return
    print_words(
        f"Everything together (weights within {write_band(result.band_pct)}): P(star "
        f"{write_star(row.star)}) = {write_chance(row.p_star)}, at most one star off "
        f"{write_chance(row.p_within_one)}; rank {row.rank}, {result.level:.0%} interval "
        f"{write_number(row.rank_low, '.0f')} to {write_number(row.rank_high, '.0f')}"
    )
    own = result.parts[(result.parts["centre"] == centre) & (result.parts["quantity"] == "doubt")]
    found = key_rows(own, "source")
    rows = [
        [
            name_doubt(source, rated.methodology),
            _write_part(found.get((source,))),
            "" if source == ALL else write_chance(getattr(row, f"p_star_{source}")),
        ]
        for source in (ALL, *SOURCES)
    ]
    titles = ["source", "adds to P(another star)", "P(star) when it alone moves"]
    print_table(titles, rows, keys=1)


def _write_part(row: Any) -> str:
    if row is None or row.estimate != row.estimate:
        return "-"
    error = "" if row.mc_error != row.mc_error else f" +- {write_number(row.mc_error, '.1%')}"
    return f"{write_number(row.estimate, 'z.1%')}{error}"
