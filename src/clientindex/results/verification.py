"""What a verification found: does a publication come out again, and what differs."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from clientindex.errors import BundleError

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: Final = 1
VERIFICATION_NAME: Final = "verification.json"
DIFFERENCES_NAME: Final = "differences.csv"

Answer = Literal["yes", "no", "not_asked"]
DifferenceKind = Literal["number", "text", "missing", "added", "origin", "form"]
CauseKind = Literal[
    "edition",
    "methodology",
    "input",
    "previous",
    "seed",
    "code",
    "presentation",
    "source",
    "python",
    "package",
    "presenting_package",
    "renderer",
    "lock",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that the rebuilt publication says otherwise than the published one.

    Attributes
    ----------
    document : str
        File below the output folder.
    part : str
        Table or figure by its label, or the heading that a sentence stands below.
    row, column : str
        Row by its first cells, column by its heading; of a sentence the words before the number.
    published, rebuilt : str
        Both values as they are written; empty where there is none.
    tolerance : str
        What would still count as equal: "as_written", or a relative and an absolute difference.
    kind : {"number", "text", "missing", "added", "origin", "form"}
        ``origin`` is a hash, a version or another word about how the publication was made; ``form``
        is a file of other bytes that says the same. Neither makes a publication inconsistent.
    """

    document: str
    part: str
    row: str
    column: str
    published: str
    rebuilt: str
    tolerance: str
    kind: DifferenceKind

    @property
    def counts(self) -> bool:
        """Whether the publication says something else because of it."""
        return self.kind not in ("origin", "form")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that a publication was made from and that is otherwise now.

    Attributes
    ----------
    kind : str
        What it is; see :data:`CauseKind`.
    name : str
        File, package or setting.
    published, now : str
        Hash, version or value; empty where there is none.
    """

    kind: CauseKind
    name: str
    published: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How much was compared.

    Attributes
    ----------
    files, identical : int
        Published files, and those that came out byte for byte.
    tables, cells, figures, marks, sentences, numbers : int
        Tables and their cells, figures and the values of their marks, sentences and the numbers in
        them.
    """

    files: int = 0
    identical: int = 0
    tables: int = 0
    cells: int = 0
    figures: int = 0
    marks: int = 0
    sentences: int = 0
    numbers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether a publication comes out again.

    Attributes
    ----------
    edition_id : str
    verified : date
    published_fingerprint, rebuilt_fingerprint : str
        Of the results.
    complete : {"yes", "no"}
        Everything that was published came out of the rebuild.
    stable : {"yes", "no", "not_asked"}
        Two rebuilds under different circumstances are equal byte for byte.
    consistent : {"yes", "no"}
        Every cell, mark and number equals the published one within the tolerance.
    lock : {"yes", "no", "not_asked"}
        The installed packages are those of the lock file; a "no" fails nothing, but is told.
    missing : tuple of str
        Published files that did not come out.
    altered : tuple of str
        Published files that are not what their record says.
    unstable : tuple of str
        Files in which the two rebuilds differ.
    differences : tuple of Difference
    causes : tuple of Cause
        What could explain them.
    compared : Compared
    relative_tolerance, absolute_tolerance : float
        Of numbers in files of data; numbers in documents must be equal as they are written.
    renderer, python_version, system : str
        Of the rebuild.
    code_version, code_sha256 : str
        Of the program that rebuilt.
    seconds : float
        Wall time of the rebuilds.
    """

    edition_id: str
    verified: dt.date
    published_fingerprint: str
    rebuilt_fingerprint: str
    complete: Answer
    stable: Answer
    consistent: Answer
    lock: Answer
    missing: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    unstable: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    causes: tuple[Cause, ...] = ()
    compared: Compared
    relative_tolerance: float
    absolute_tolerance: float
    renderer: str
    python_version: str
    system: str
    code_version: str
    code_sha256: str
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether nothing that was asked was answered with no."""
        return "no" not in (self.complete, self.stable, self.consistent)

    @property
    def counted(self) -> tuple[Difference, ...]:
        """Differences that make the publication inconsistent, those of numbers first."""
        found = (difference for difference in self.differences if difference.counts)
        return tuple(sorted(found, key=lambda difference: difference.kind != "number"))


def save_verification(verification: Verification, path: Path) -> None:
    """Write a verification as JSON.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    values = {"schema": SCHEMA, **asdict(verification)}
    text = json.dumps(values, ensure_ascii=False, indent=1, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def load_verification(path: Path) -> Verification:
    """Load what :func:`save_verification` wrote.

    Raises
    ------
    BundleError
        The file is absent, damaged or of another version.
    """
    try:
        return _build(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        msg = f"{path}: this is no verification that can be read ({exc}). Verify again."
        raise BundleError(msg) from exc


def _build(values: dict[str, Any]) -> Verification:
    if values.pop("schema") != SCHEMA:
        msg = "written by another version"
        raise ValueError(msg)
    names = ("missing", "altered", "unstable")
    read = {
        "verified": dt.date.fromisoformat(values["verified"]),
        "differences": tuple(Difference(**found) for found in values["differences"]),
        "causes": tuple(Cause(**found) for found in values["causes"]),
        "compared": Compared(**values["compared"]),
    }
    return Verification(**values | {name: tuple(values[name]) for name in names} | read)
