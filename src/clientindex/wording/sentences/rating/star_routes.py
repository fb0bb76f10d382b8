"""How the probabilities of stars were found: for readers of the methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results.star_doubt import StarDoubt
from clientindex.wording.sentences.rating.counting import name_stars
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, find_row, is_known, list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

ROUTES: Final = ("normal", "draws", "shrunk")


def say_star_routes(result: StarDoubt, methodology: Methodology, wording: Wording) -> str:
    """Say the three routes to P(star), what each expects and which one leads."""
    said = [wording.text("sentence.star_routes.normal"), _say_draws(result, wording)]
    said.append(wording.text("sentence.star_routes.shrunk", estimator=_estimator(result, wording)))
    said.append(wording.text(f"sentence.star_routes.leading_{_name_leading(result)}"))
    said += _say_expected(result, wording)
    said += _say_lacking(result, methodology, wording)
    said += _say_cuts(result, wording)
    if methodology.stars.caps:
        said.append(wording.text("sentence.star_routes.caps"))
    return " ".join(said)


def _is_stated(result: StarDoubt) -> bool:
    return result.rule.split(".")[-1] == "fixed"


def _name_leading(result: StarDoubt) -> str:
    """Name why a route leads: "fallback" where draws should, and are left out."""
    if result.leading == "normal" and not _is_stated(result):
        return "fallback"
    return result.leading


def _estimator(result: StarDoubt, wording: Wording) -> str:
    return wording.text(f"sentence.estimator.{result.estimator}")


def _say_draws(result: StarDoubt, wording: Wording) -> str:
    said = wording.text(
        f"sentence.star_routes.draws_{result.drawn_around}",
        draws=wording.counted(result.draws, "draw"),
        seed=str(result.seed),
        clipped=wording.percent(result.clipped, 2),
    )
    if result.refused == 0:
        return said
    n = wording.integer(result.refused)
    return f"{said} {wording.text('sentence.star_routes.refused', n=n)}"


def _say_expected(result: StarDoubt, wording: Wording) -> list[str]:
    """Say the expected accuracy by every route that is there."""
    items = []
    for route in ROUTES:
        row = find_row(result.summary, route=route, statistic="expected_accuracy")
        if row is None:
            continue
        key = "drawn" if route == "draws" else "closed"
        values = {"error": wording.number(100 * row["mc_error"], 1)} if route == "draws" else {}
        items.append(
            wording.text(
                f"sentence.star_routes.{key}",
                route=wording.text(f"sentence.route.{route}"),
                right=wording.percent(row["estimate"], 1),
                **values,
            )
        )
    if not items:
        return []
    row = find_row(result.summary, statistic="expected_accuracy") or {"n": 0}
    n = wording.counted(int(row["n"]), "centre")
    return [wording.text("sentence.star_routes.expected", items="; ".join(items), n=n)]


def _say_lacking(result: StarDoubt, methodology: Methodology, wording: Wording) -> list[str]:
    lacking = [name for name in ROUTES if name in set(result.left_out["statistic"])]
    if not lacking:
        return []
    names = wording.join([wording.text(f"sentence.route.{name}") for name in lacking])
    reason = say_reasons(
        result.left_out, lambda row: row["statistic"] in lacking, methodology, wording
    )
    return [wording.text("sentence.star_routes.lacking", routes=names, reason=reason)]


def _say_cuts(result: StarDoubt, wording: Wording) -> list[str]:
    """Say the cut point that is known least, where cut points come from the data."""
    if _is_stated(result):
        return [wording.text("sentence.star_routes.cuts_stated")]
    rows = [row for row in list_rows(result.cuts) if is_known(row, "ci_low")]
    if not rows:
        return [wording.text("sentence.star_routes.cuts_unknown")]
    widest = max(rows, key=_width)
    return [
        wording.text(
            "sentence.star_routes.cuts_found",
            stars=name_stars(widest["star"], wording),
            cut=wording.number(widest["cut"]),
            interval=say_interval(widest, result.level, wording=wording),
        )
    ]


def _width(row: Row) -> float:
    return float(row["ci_high"] - row["ci_low"])


RECIPES = (make_paragraph("star_routes", "star_doubt", StarDoubt, say_star_routes),)
