"""Items about one edition: its settings, its inputs, and what it says to readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.errors import BundleError, EditionError
from clientindex.hashing import hash_file
from clientindex.reproduction.edition_lock import load_lock, name_lock
from clientindex.reproduction.rap.item import Ask
from clientindex.reproduction.rap.sources import CODE_OF_PRACTICE, DIME, RAP, TIER
from clientindex.results.manifest import load_manifest

if TYPE_CHECKING:
    from clientindex.reproduction.rap.given import GivenEdition
    from clientindex.reproduction.rap.item import RapItem

SEED = Ask(
    "seed_stated",
    "Is one seed stated, and were the results drawn from it?",
    DIME,
    "State `seed` in the edition file and compute the edition again.",
)
CHECKSUMS = Ask(
    "input_checksums",
    "Are the inputs those that the results were computed from, by SHA-256?",
    TIER,
    "Put the inputs named back, or compute and publish the edition again.",
)
RELEASE_DATE = Ask(
    "release_date",
    "Are the day of publication and the last day of the data stated?",
    CODE_OF_PRACTICE,
    "State `published` and `cut_off` in the edition; data cannot end after publication.",
)
REVISIONS = Ask(
    "revision_policy",
    "Is it stated how numbers are revised, and where errors are reported?",
    CODE_OF_PRACTICE,
    "State `revision_policy` and `errors_contact` in the edition.",
)
LOCKED = Ask(
    "edition_locked",
    "Is the published edition locked, so that nothing changes without a note?",
    RAP,
    "Lock the edition: `clientindex edition lock`.",
)
NEEDS_RESULTS = "nothing is computed yet"


def check_edition(given: GivenEdition) -> list[RapItem]:
    """Check what an edition states, and its inputs against its results."""
    return [
        _check_seed(given),
        _check_inputs(given),
        _check_dates(given),
        _check_revisions(given),
        _check_lock(given),
    ]


def _check_seed(given: GivenEdition) -> RapItem:
    edition = given.edition
    stated = f"seed {edition.seed} in {given.path.name}"
    try:
        manifest = load_manifest(edition.results_dir)
    except BundleError:
        return SEED.judge([], found=f"{stated}; {NEEDS_RESULTS}")
    faults = []
    if manifest.seed != edition.seed:
        faults = [f"{given.path.name} says {edition.seed}, results have {manifest.seed}"]
    return SEED.judge(faults, found=f"{stated} and in the manifest of the results")


def _check_inputs(given: GivenEdition) -> RapItem:
    edition = given.edition
    try:
        recorded = {record.sha256 for record in load_manifest(edition.results_dir).inputs}
    except BundleError:
        return CHECKSUMS.skip(NEEDS_RESULTS)
    faults = []
    for path in edition.input_files:
        if not path.is_file():
            faults.append(f"{path.name} is absent")
        elif hash_file(path) not in recorded:
            faults.append(f"{path.name} is another file than the results were computed from")
    n = len(edition.input_files)
    return CHECKSUMS.judge(faults, found=f"{n} inputs equal the manifest of the results")


def _check_dates(given: GivenEdition) -> RapItem:
    edition = given.edition
    faults = []
    if edition.cut_off > edition.published:
        faults = [f"data end on {edition.cut_off}, after publication on {edition.published}"]
    found = f"published {edition.published}, data until {edition.cut_off}"
    return RELEASE_DATE.judge(faults, found=found)


def _check_revisions(given: GivenEdition) -> RapItem:
    edition = given.edition
    faults = [] if edition.revision_policy else ["no revision_policy"]
    faults += [] if edition.errors_contact else ["no errors_contact"]
    n = len(edition.known_errors)
    found = f"a policy, errors to {edition.errors_contact}, {n} known errors listed"
    return REVISIONS.judge(faults, found=found)


def _check_lock(given: GivenEdition) -> RapItem:
    lock = name_lock(given.path, given.edition)
    if given.edition.synthetic:
        return LOCKED.skip("synthetic data: the edition may be made anew at any time")
    if given.stale is None:
        return LOCKED.skip("nothing is published yet")
    try:
        there = load_lock(lock, edition=given.edition.id)
    except EditionError as exc:
        return LOCKED.judge([str(exc).replace(str(lock), lock.name)], found="")
    faults = [] if there is not None else [f"{lock.name} is absent"]
    return LOCKED.judge(faults, found=lock.name)
