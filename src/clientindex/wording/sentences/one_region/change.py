"""What changed in a region since the previous edition: its mean, its centres, their stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.change import PARTS, EditionChange
from clientindex.wording.absence import take
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.rows import (
    find_row,
    is_above,
    is_below,
    is_known,
    say_interval,
)

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.results import Bundle
    from clientindex.wording.sentences.rows import Row
    from clientindex.wording.words import Wording

TOTAL = "total"


def tell_change(bundle: Bundle, wording: Wording, region: str) -> str:
    """Say how the published mean index of the region changed, and whether the service did."""
    result = take(bundle, "change", EditionChange)
    total = find_row(result.parts, region=region, part=TOTAL)
    if total is None:
        reason = _say_why(bundle, wording, region, {TOTAL})
        return wording.text("sentence.region_change.undefined", reason=reason)
    said = [wording.text("sentence.region_change.total", **_tell(total, result, wording))]
    service = find_row(result.parts, region=region, part="service")
    if service is not None:
        n = wording.counted(int(service["n"]), "centre")
        told = _tell(service, result, wording)
        said.append(wording.text("sentence.region_change.service", n=n, **told))
    if service is not None and is_known(service, "ci_low"):
        seen = is_above(service) or is_below(service)
        said.append(wording.text(f"sentence.change.{'shown' if seen else 'not_shown'}"))
    return " ".join(said)


def tell_parts(bundle: Bundle, wording: Wording, region: str) -> str:
    """Say what of the change comes from the method, from composition and from the service."""
    result = take(bundle, "change", EditionChange)
    rows = {part: find_row(result.parts, region=region, part=part) for part in PARTS}
    if None in rows.values():
        lacking = {part for part, row in rows.items() if row is None}
        reason = _say_why(bundle, wording, region, lacking)
        return wording.text("sentence.region_change.no_parts", reason=reason)
    items = [
        wording.text(f"sentence.change_parts.{part}", **_tell(row, result, wording))
        for part, row in rows.items()
        if row is not None
    ]
    return wording.text("sentence.region_change.parts", items="; ".join(items))


def tell_centres(bundle: Bundle, wording: Wording, region: str) -> str:
    """Say how many centres of the region can be compared, which changed, and whose stars did."""
    result = take(bundle, "change", EditionChange)
    own = result.centres[result.centres["region"] == region]
    tested, compared = own["p_value"].notna(), own["difference"].notna()
    now = own["status"] != "gone"
    values = {"of": wording.integer(int(now.sum()))}
    said = []
    if not compared.any():
        said.append(wording.text("sentence.region_change_centres.none_compared", **values))
    else:
        n = wording.counted(int(compared.sum()), "centre")
        said.append(wording.text("sentence.region_change_centres.compared", n=n, **values))
        said.append(_say_flagged(own[tested], result, wording))
    said += _say_register(own, wording)
    return " ".join([*said, *_say_stars(own, wording)])


def _say_flagged(tested: pd.DataFrame, result: EditionChange, wording: Wording) -> str:
    if tested.empty:
        return wording.text("sentence.region_change_centres.untested")
    up, down = (int((tested["flagged"] == name).sum()) for name in ("up", "down"))
    values = {
        "tested": wording.counted(len(tested), "centre_of"),
        "rate": wording.percent(result.fdr),
        "all": wording.integer(int(result.centres["p_value"].notna().sum())),
    }
    if not up and not down:
        return wording.text("sentence.region_change_centres.none_flagged", **values)
    counts = {"up": wording.integer(up), "down": wording.integer(down)}
    return wording.text("sentence.region_change_centres.flagged", **counts, **values)


def _say_register(own: pd.DataFrame, wording: Wording) -> list[str]:
    """Say how many centres are new in the region, came from another one or are gone."""
    counts = {name: int((own["status"] == name).sum()) for name in ("new", "moved", "gone")}
    if not any(counts.values()):
        return []
    told = {name: wording.integer(n) for name, n in counts.items()}
    return [wording.text("sentence.region_change_centres.register", **told)]


def _say_stars(own: pd.DataFrame, wording: Wording) -> list[str]:
    both = own[own["star_before"].notna() & own["star_after"].notna()]
    if both.empty:
        return [wording.text("sentence.region_change_centres.no_stars")]
    before, after = both["star_before"].astype(float), both["star_after"].astype(float)
    counts = {"up": after > before, "down": after < before, "same": after == before}
    told = {name: wording.integer(int(chosen.sum())) for name, chosen in counts.items()}
    total = wording.counted(len(both), "centre_of")
    said = wording.text("sentence.change_stars.counts", total=total, **told)
    return [said, wording.text("sentence.change_stars.caution")]


def _tell(row: Row, result: EditionChange, wording: Wording) -> dict[str, str]:
    return {
        "change": wording.number(row["estimate"]),
        "interval": say_interval(row, result.level, wording=wording),
    }


def _say_why(bundle: Bundle, wording: Wording, region: str, statistics: set[str]) -> str:
    result = take(bundle, "change", EditionChange)
    return say_reasons(
        result.left_out,
        lambda row: row["subject"] == region and row["statistic"] in statistics,
        bundle.methodology,
        wording,
    )
