"""Sentences about the edition and about what the numbers were made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.wording.sentences.recipe import ParagraphRecipe

if TYPE_CHECKING:
    from clientindex.edition import EditionCard
    from clientindex.results import Bundle, Manifest, RunRecord
    from clientindex.wording.words import Wording

FINGERPRINT_LENGTH: Final = 12
"""Characters of the fingerprint that documents show."""
FEW_SECONDS: Final = 10
"""From here on seconds are told without decimals."""


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


def list_costs(run: RunRecord, *, wording: Wording) -> tuple[str, ...]:
    """List what the computation took: time by step, and memory."""
    steps = [
        wording.text(
            "sentence.costs.step",
            step=_name_step(name, wording),
            seconds=_write_seconds(s, wording),
        )
        for name, s in sorted(run.seconds.items(), key=lambda item: -item[1])
    ]
    return (
        wording.text(
            "sentence.costs.time",
            total=_write_seconds(sum(run.seconds.values()), wording),
            steps="; ".join(steps),
        ),
        wording.text("sentence.costs.memory", memory=wording.integer(round(run.peak_memory_mib))),
    )


def _name_step(name: str, wording: Wording) -> str:
    """Name a step of a run; one that the catalogue does not know keeps its own name."""
    key = f"run_step.{name.replace(' ', '_').replace(',', '')}"
    return wording.text(key) if key in wording.texts else name


def _write_seconds(seconds: float, wording: Wording) -> str:
    return wording.number(seconds, digits=0 if seconds >= FEW_SECONDS else 1)


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
        needs=(),
        build=lambda bundle, wording: list_costs(bundle.run, wording=wording),
    ),
)
