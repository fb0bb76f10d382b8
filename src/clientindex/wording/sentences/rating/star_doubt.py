"""How sure stars are: for readers of the rating."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.star_doubt import StarDoubt
from clientindex.wording.sentences.rating.counting import say_about, say_share
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, find_row

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_star_doubt(result: StarDoubt, methodology: Methodology, wording: Wording) -> str:
    """Say what P(star) means, how many stars are expected wrong and how many are certain."""
    said = [
        wording.text("sentence.star_doubt.meaning"),
        *_say_accuracy(result, wording),
        *_say_certain(result, wording),
        *_say_shrunk(result, wording),
        _say_small(result, wording),
    ]
    if methodology.stars.caps:
        said.append(wording.text("sentence.star_doubt.caps"))
    return " ".join([*said, wording.text("sentence.star_doubt.caution")])


def _find(result: StarDoubt, statistic: str, route: str = "") -> Row | None:
    return find_row(result.summary, route=route or result.leading, statistic=statistic)


def _say_accuracy(result: StarDoubt, wording: Wording) -> list[str]:
    names = ("expected_accuracy", "expected_wrong", "expected_within_one")
    right, wrong, near = (_find(result, name) for name in names)
    if right is None or wrong is None or near is None:
        return []
    return [
        wording.text(
            f"sentence.star_doubt.accuracy_{result.leading}",
            right=wording.percent(right["estimate"]),
            wrong=say_about(wrong["estimate"], wording),
            total=wording.counted(int(right["n"]), "centre_of"),
            near=say_share(near["estimate"], wording),
        )
    ]


def _say_certain(result: StarDoubt, wording: Wording) -> list[str]:
    row = _find(result, "certain")
    if row is None:
        return []
    return [
        wording.text(
            "sentence.star_doubt.certain",
            n=wording.counted(int(row["estimate"]), "centre_of"),
            total=wording.integer(int(row["n"])),
            level=wording.percent(result.level),
        )
    ]


def _say_shrunk(result: StarDoubt, wording: Wording) -> list[str]:
    """Say what is expected among centres like these, where draws do not say it already."""
    names = ("expected_accuracy", "expected_wrong")
    right, wrong = (_find(result, name, "shrunk") for name in names)
    if result.drawn_around == "shrunk" or right is None or wrong is None:
        return []
    said = wording.text(
        "sentence.star_doubt.shrunk",
        right=wording.percent(right["estimate"]),
        wrong=say_about(wrong["estimate"], wording),
    )
    return [said, *_say_others(result, wording)]


def _say_others(result: StarDoubt, wording: Wording) -> list[str]:
    """Say for how many centres another number of stars is the most probable one."""
    given = result.centres.set_index("centre")["p_star_shrunk"].dropna()
    largest = result.probabilities.groupby("centre")["shrunk"].max().reindex(given.index)
    n = int((largest > given).sum())
    if n == 0:
        return []
    others = wording.counted(n, "centre_of")
    return [wording.text("sentence.star_doubt.others", n=others, total=wording.integer(len(given)))]


def _say_small(result: StarDoubt, wording: Wording) -> str:
    """Say how many starred centres have so few respondents that their errors are hardly known."""
    starred = result.centres[result.centres["withheld"] == ""]
    n = int(starred["small_n"].fillna(value=False).sum())
    limit = wording.counted(result.small_sample, "respondent_of")
    if n == 0:
        return wording.text("sentence.star_doubt.no_small", limit=limit)
    return wording.text("sentence.star_doubt.small", n=wording.counted(n, "centre_of"), limit=limit)


RECIPES = (make_paragraph("star_doubt", "star_doubt", StarDoubt, say_star_doubt),)
