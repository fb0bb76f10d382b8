"""Sentences about the edition and about what the numbers were made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import Coverage
from clientindex.wording.absence import take
from clientindex.wording.sentences.recipe import ParagraphRecipe

if TYPE_CHECKING:
    from clientindex.edition import EditionCard
    from clientindex.results import Bundle, Manifest
    from clientindex.wording.words import Wording

FINGERPRINT_LENGTH: Final = 12
"""Characters of the fingerprint that documents show."""
FEWEST_MINUTES: Final = 5
CENTRES_A_MINUTE: Final = 50
FEWEST_GIBIBYTES: Final = 4
CENTRES_A_GIBIBYTE: Final = 500
"""Allowance for all statistics: 240 centres took 35 s on two processors, 70 s on one, 1.7 GiB."""


def list_status(edition: EditionCard, manifest: Manifest, *, wording: Wording) -> tuple[str, ...]:
    """List what identifies a publication: dates, methodology, seed, fingerprint, next review."""
    return (
        wording.text("sentence.status.edition", edition=edition.id, year=str(edition.year)),
        wording.text("sentence.status.cut_off", date=wording.date(edition.cut_off)),
        wording.text("sentence.status.published", date=wording.date(edition.published)),
        wording.text("sentence.status.methodology", methodology=manifest.methodology_id),
        wording.text("sentence.status.seed", seed=str(manifest.seed)),
        wording.text(
            "sentence.status.fingerprint", fingerprint=manifest.fingerprint[:FINGERPRINT_LENGTH]
        ),
        _say_review(edition, wording),
    )


def _say_review(edition: EditionCard, wording: Wording) -> str:
    if edition.next_review is None:
        return wording.text("sentence.status.no_review")
    return wording.text("sentence.status.next_review", date=wording.date(edition.next_review))


def say_notes(edition: EditionCard, *, wording: Wording) -> str:
    """Return the publisher's own notes, or say that there are none."""
    if edition.notes is None:
        return wording.text("sentence.notes.none")
    return edition.notes.in_language(wording.language)


def say_making(manifest: Manifest, *, wording: Wording) -> str:
    """Say from how many files and by which program the numbers were made."""
    return wording.text(
        "sentence.making.all",
        files=wording.counted(len(manifest.inputs), "file_of"),
        rows=wording.counted(sum(record.n_rows for record in manifest.inputs), "row"),
        version=manifest.code_version,
        code=manifest.code_sha256[:FINGERPRINT_LENGTH],
        fingerprint=manifest.fingerprint[:FINGERPRINT_LENGTH],
        seed=str(manifest.seed),
    )


def say_costs(n_centres: int, *, wording: Wording) -> str:
    """Say what time and memory to allow for the computation of so many centres.

    What a run took differs from run to run, and equal results must give equal documents; so an
    allowance is told that runs of such a size stay well below.
    """
    minutes = _round_up(max(FEWEST_MINUTES, n_centres / CENTRES_A_MINUTE), steps=(1, 2, 5, 10))
    memory = _round_up(max(FEWEST_GIBIBYTES, n_centres / CENTRES_A_GIBIBYTE), steps=(1, 2))
    return wording.text(
        "sentence.costs.all",
        centres=wording.counted(n_centres, "centre"),
        minutes=wording.counted(minutes, "minute_of"),
        memory=wording.integer(memory),
    )


def _round_up(value: float, *, steps: tuple[int, ...]) -> int:
    """Return the first of the steps that is not below a value, times a power of the last one."""
    power = 1
    while value > power * steps[-1]:
        power *= steps[-1]
    return next(power * step for step in steps if value <= power * step)


def _notes(bundle: Bundle, wording: Wording) -> str:
    return say_notes(bundle.edition, wording=wording)


RECIPES = (
    ParagraphRecipe(
        name="status",
        needs=(),
        build=lambda bundle, wording: list_status(bundle.edition, bundle.manifest, wording=wording),
    ),
    ParagraphRecipe(name="notes", needs=(), build=_notes),
    ParagraphRecipe(
        name="making",
        needs=(),
        build=lambda bundle, wording: say_making(bundle.manifest, wording=wording),
    ),
    ParagraphRecipe(
        name="costs",
        needs=("coverage",),
        build=lambda bundle, wording: say_costs(
            take(bundle, "coverage", Coverage).n_centres_register, wording=wording
        ),
    ),
)
