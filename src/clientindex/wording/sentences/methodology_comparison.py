"""What a new methodology does, for those who decide: a few sentences, and what stands behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.results.methodology_comparison import MethodologyComparison
    from clientindex.wording.words import Wording

KEY = "compare.document"


def say_comparison(result: MethodologyComparison, wording: Wording) -> tuple[str, ...]:
    """Say what changes for stars, index, order and regions; words between ** are strong."""
    return (
        " ".join(_say_stars(result, wording)),
        " ".join(_say_index(result, wording)),
        *_say_ranks(result, wording),
        *_say_regions(result, wording),
    )


def say_reasons(result: MethodologyComparison, wording: Wording) -> tuple[str, ...]:
    """Say why errors of differences are bounds."""
    rows = result.left_out[result.left_out["statistic"] == "std_error"]
    return tuple(wording.text(f"compare.reason.{reason}") for reason in rows["reason"])


def _say_stars(result: MethodologyComparison, wording: Wording) -> Iterator[str]:
    gained, lost, same = (result.count(name) for name in ("gained", "lost", "same"))
    n = gained + lost + same
    of = wording.counted(n, "centre_of")
    if gained or lost:
        yield wording.text(
            f"{KEY}.stars",
            changed=wording.integer(gained + lost),
            n=of,
            gained=wording.integer(gained),
            lost=wording.integer(lost),
        )
    else:
        yield wording.text(f"{KEY}.stars_same", n=of)
    withheld, starred = (result.count(name) for name in ("newly_withheld", "newly_starred"))
    if withheld or starred:
        yield wording.text(
            f"{KEY}.withheld",
            withheld=wording.counted(withheld, "centre"),
            starred=wording.counted(starred, "centre"),
        )
    before, after = (result.find(f"wrong_stars_{side}") for side in ("before", "after"))
    if before == before and after == after:
        told = {"wrong": wording.number(before, digits=0), "after": wording.number(after, digits=0)}
        given = {"n": wording.integer(n + withheld), "n_after": wording.integer(n + starred)}
        yield wording.text(f"{KEY}.wrong", **given, **told)


def _say_index(result: MethodologyComparison, wording: Wording) -> Iterator[str]:
    if "other_scale" in set(result.left_out["reason"]):
        yield wording.text(f"{KEY}.index_other_scale")
        return
    largest = result.find("largest_difference")
    if not largest > 0:
        yield wording.text(f"{KEY}.index_same")
        return
    mean = wording.number(result.find("mean_difference"), digits=2)
    yield wording.text(f"{KEY}.index", mean=mean, largest=wording.number(largest))
    yield from _say_noise(result, wording)


def _say_noise(result: MethodologyComparison, wording: Wording) -> Iterator[str]:
    tested = result.count("tested")
    if not tested:
        yield wording.text(f"{KEY}.noise_unknown")
        return
    changed = result.count("gained") + result.count("lost")
    told = {name: wording.integer(result.count(name)) for name in ("up", "down")}
    told |= {"tested": wording.counted(tested, "centre_of"), "rate": wording.percent(result.fdr)}
    if changed:
        told["flagged"] = wording.integer(result.count("changed_stars_flagged"))
    yield wording.text(f"{KEY}.noise" if changed else f"{KEY}.noise_same", **told)


def _say_ranks(result: MethodologyComparison, wording: Wording) -> Iterator[str]:
    tau, mean = result.find("kendall_tau"), result.find("mean_rank_shift")
    if tau != tau:
        return
    if mean == 0:
        yield wording.text(f"{KEY}.ranks_same")
        return
    yield wording.text(
        f"{KEY}.ranks",
        tau=wording.number(tau, digits=2),
        mean=wording.number(mean),
        largest=wording.integer(result.count("largest_rank_shift")),
    )


def _say_regions(result: MethodologyComparison, wording: Wording) -> Iterator[str]:
    """Say the region where the largest share of centres changes stars, if any do."""
    regions = result.parts[result.parts["by"] == "region"]
    changed = (regions["gained"] + regions["lost"]).to_numpy(float)
    starred = changed + regions["same"].to_numpy(float)
    share = np.divide(changed, starred, out=np.zeros(len(regions)), where=starred > 0)
    if len(regions) < 2 or not share.max() > 0:
        return
    first = int(share.argmax())
    row: Any = regions.iloc[first]
    yield wording.text(
        f"{KEY}.region",
        region=row["part"],
        gained=wording.integer(int(row["gained"])),
        lost=wording.integer(int(row["lost"])),
        n=wording.counted(int(starred[first]), "centre_of"),
    )
