"""Known errors, revisions and comparisons: what an edition says, and what it leaves out."""

from __future__ import annotations

import dataclasses

from clientindex.results import Unavailable
from clientindex.wording.sentences.comparing import list_comparisons
from clientindex.wording.sentences.errata import list_known_errors, say_revisions
from presentation_bundle import make_bundle, make_edition, make_effects, make_results
from table_shown import EN, RU

SWAPPED = {"ru": "Центры перепутаны.", "en": "Centres are swapped."}
STARS = {"ru": "Звёзды не те.", "en": "Stars are wrong."}


def plain(text):
    return text.replace("\u00a0", " ")


def test_errors_stand_by_the_day_they_were_found():
    late = {"found": "2026-11-02", "what": SWAPPED, "effect": STARS}
    early = {**late, "found": "2026-10-05", "corrected": "2026-10-20"}
    said = list_known_errors(make_edition(known_errors=[late, early]), wording=EN)
    assert [plain(text) for text in said] == [
        "Found on 5 October 2026: Centres are swapped. Consequences: Stars are wrong. "
        "Corrected in the edition published on 20 October 2026.",
        "Found on 2 November 2026: Centres are swapped. Consequences: Stars are wrong. "
        "Not corrected yet.",
    ]


def test_the_rule_of_revisions_and_the_address_are_the_publishers():
    rule = {"ru": "Раз в год.", "en": "Once a year."}
    edition = make_edition(revision_policy=rule, errors_contact="a@b.example")
    assert say_revisions(edition, wording=RU) == (
        "Раз в год. Об ошибках сообщают по адресу: a@b.example."
    )


def test_comparisons_that_cannot_be_judged_say_why():
    results = make_results()
    results["change"] = Unavailable(stage="rating", reason="no_previous_edition")
    del results["invariance"], results["case_mix"]
    said = list_comparisons(make_bundle(results=results), EN)
    assert said[0].startswith("The previous edition: there is nothing to compare with.")
    assert said[1].endswith("Factor analysis: not part of this edition.")
    assert "there is no adjustment for the mix" in said[2]
    assert len(said) == 3


def test_editions_of_one_method_may_be_compared_as_published():
    effects = make_effects()
    same = dataclasses.replace(effects, frame=effects.frame.iloc[:0])
    said = list_comparisons(
        make_bundle(results={**make_results(), "methodology_effects": same}), EN
    )
    assert "published indices and stars are found in the same way" in said[0]
