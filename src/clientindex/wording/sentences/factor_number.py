"""Sentences about how many factors the rules point to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clientindex.results import FactorNumber
from clientindex.wording.names import name_rule
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_factor_number(result: FactorNumber, methodology: Methodology, wording: Wording) -> str:
    """Say how many votes the intended number has, how far the rules disagree, and what it means."""
    leading = methodology.factors.correlations
    bases = dict.fromkeys([leading, *result.votes["basis"]])
    votes = {basis: _list_votes(result, basis) for basis in bases}
    first = votes.pop(leading)
    said = [
        _say_votes(first, leading, result, wording),
        _say_agreement(first, wording),
        *_say_parallel(first, result, wording),
        *(_say_other(rows, basis, result, wording) for basis, rows in votes.items() if rows),
        *_say_undefined(result, leading, wording),
        wording.text("sentence.factor_number.caution"),
    ]
    return " ".join(text for text in said if text)


def _list_votes(result: FactorNumber, basis: str) -> list[Row]:
    chosen = result.votes.loc[result.votes["basis"] == basis].dropna(subset="n_factors")
    return list_rows(chosen)


def _say_votes(rows: list[Row], basis: str, result: FactorNumber, wording: Wording) -> str:
    intended = wording.counted(result.n_intended, "factor")
    agreeing = [row for row in rows if row["n_factors"] == result.n_intended]
    values = {
        "basis": wording.text(f"basis_by.{basis}"),
        "intended": intended,
        "all": wording.integer(len(rows)),
    }
    if not agreeing:
        return wording.text("sentence.factor_number.no_votes", **values)
    return wording.text(
        "sentence.factor_number.votes",
        votes=wording.counted(len(agreeing), "rule"),
        names=_name_rules(agreeing, wording),
        **values,
    )


def _say_agreement(rows: list[Row], wording: Wording) -> str:
    if not rows:
        return ""
    numbers = [int(row["n_factors"]) for row in rows]
    if min(numbers) == max(numbers):
        return wording.text("sentence.factor_number.agree")
    return wording.text(
        "sentence.factor_number.disagree",
        low=wording.integer(min(numbers)),
        high=wording.counted(max(numbers), "factor_of"),
    )


def _say_parallel(rows: list[Row], result: FactorNumber, wording: Wording) -> list[str]:
    """Tell of the parallel analysis of components, with the range over the bootstrap."""
    return [
        wording.text(
            "sentence.factor_number.parallel",
            quantile=wording.percent(result.quantile),
            factors=wording.counted(int(row["n_factors"]), "factor"),
            level=wording.percent(result.level),
            range=wording.span(int(row["n_low"]), int(row["n_high"]), 0),
        )
        for row in rows
        if (row["rule"], row["reference"]) == ("parallel_components", "normal")
        and not pd.isna(row["n_low"])
    ]


def _say_other(rows: list[Row], basis: str, result: FactorNumber, wording: Wording) -> str:
    numbers = [int(row["n_factors"]) for row in rows]
    return wording.text(
        "sentence.factor_number.other",
        basis=wording.text(f"basis_by.{basis}"),
        intended=wording.counted(result.n_intended, "factor"),
        votes=wording.counted(numbers.count(result.n_intended), "rule"),
        all=wording.integer(len(rows)),
        span=wording.span(min(numbers), max(numbers), 0),
    )


def _say_undefined(result: FactorNumber, basis: str, wording: Wording) -> list[str]:
    votes = result.votes
    missing = votes.loc[(votes["basis"] == basis) & votes["n_factors"].isna()]
    if missing.empty:
        return []
    rules = _name_rules(list_rows(missing), wording)
    return [wording.text("sentence.factor_number.undefined", rules=rules)]


def _name_rules(rows: list[Row], wording: Wording) -> str:
    names = [name_rule(row["rule"], row["reference"], wording) for row in rows]
    return wording.join([wording.text("sentence.quoted", name=name) for name in names])


RECIPES = (make_paragraph("factor_number", "factor_number", FactorNumber, say_factor_number),)
