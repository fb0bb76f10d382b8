"""Next year's edition from this year's: its file, its methodology, the folder of its data."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from clientindex.edition.data_readme import write_data_readme
from clientindex.edition.load import load_edition
from clientindex.errors import ClientIndexError, EditionError
from clientindex.methodology import load_methodology
from clientindex.settings.yaml_edit import (
    insert_below,
    list_scalars,
    quote_value,
    replace_values,
    select_known,
)

if TYPE_CHECKING:
    from clientindex.edition.model import Edition
    from clientindex.settings.fault import Location

ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
YEAR: Final = re.compile(r"20\d\d|2100")
DATES: Final = ("cut_off", "published", "next_review")
EMPTIED: Final[dict[Location, str]] = {
    ("renamed",): "{}",
    ("known_errors",): "[]",
    ("revisions",): "[]",
    ("simulation", "earlier_than"): "null",
}
"""What belonged to the former year only -> what stands there in a new edition."""

CHANGES: Final = """\
# Tell what changes against version {former}: take the signs away, fill in, and drop the line above.
#
# changes:
#   - key: groups
#     what: {{ru: ЧТО ИЗМЕНЕНО, en: WHAT CHANGED}}
#     why: {{ru: ПОЧЕМУ, en: WHY}}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextEdition:
    """What was made, and what people do next, in its order."""

    path: Path
    files: tuple[Path, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What a new edition is made from."""

    path: Path
    text: str
    former: Edition
    new_id: str
    year: int
    methodology: Path | None

    @property
    def target(self) -> Path:
        return self.path.with_name(f"{self.new_id}.yml")

    def rename(self, value: str) -> str:
        """Put the new id in place of the former one in the folders of a path."""
        parts = PurePosixPath(value).parts
        return str(PurePosixPath(*(self.new_id if p == self.former.id else p for p in parts)))


def make_next_edition(
    path: Path, *, new_id: str, year: int | None = None, copy_methodology: bool = False
) -> NextEdition:
    """Make the files of a new edition from those of a former one.

    Parameters
    ----------
    path : Path
        The former edition; the new one stands beside it, with its comments and its order.
    new_id : str
        Also the name of its files and folders.
    year : int, optional
        Taken from `new_id` where that is a year.
    copy_methodology : bool
        Whether the edition gets a methodology file of its own.

    Returns
    -------
    NextEdition

    Raises
    ------
    EditionError
        If id or year cannot be, if a file is there already, or if the new edition would not load.
        Nothing is made then.
    """
    former = load_edition(path)
    plan = _Plan(
        path=path,
        text=path.read_bytes().decode("utf-8-sig"),
        former=former,
        new_id=new_id,
        year=_find_year(new_id, year, former),
        methodology=former.methodology.with_name(f"{new_id}.yml") if copy_methodology else None,
    )
    text = _write_edition(plan)
    files = {
        folder / "README.md": write_data_readme(former, plan.new_id)
        for folder in _list_folders(plan)
    }
    if plan.methodology is not None:
        files[plan.methodology] = _write_methodology(plan)
    _refuse_existing([*files, plan.target])
    _create(files, plan, text)
    return NextEdition(
        path=plan.target, files=(plan.target, *files), steps=tuple(_list_steps(plan, list(files)))
    )


def _find_year(new_id: str, year: int | None, former: Edition) -> int:
    if not ID.fullmatch(new_id):
        msg = (
            f"the id {new_id!r} cannot be: it is made of Latin letters, digits, hyphens and "
            "underscores, and begins with a letter or digit. Nothing was made."
        )
        raise EditionError(msg)
    if year is None and not YEAR.fullmatch(new_id):
        msg = f"the id {new_id!r} is no year: say which it is with --year. Nothing was made."
        raise EditionError(msg)
    found = int(new_id) if year is None else year
    if found <= former.year:
        msg = (
            f"{new_id}: the year {found} does not come after {former.year}, that of the edition "
            f"{former.id}. Choose a later year. Nothing was made."
        )
        raise EditionError(msg)
    return found


def _write_edition(plan: _Plan) -> str:
    """Return the text of the new edition."""
    former, years = plan.former, plan.year - plan.former.year
    values: dict[Location, str] = {
        ("id",): quote_value(plan.new_id),
        ("year",): str(plan.year),
        ("seed",): _choose_seed(plan),
        ("previous",): quote_value(plan.path.name),
        **EMPTIED,
    }
    for name in DATES:
        day = getattr(former, name)
        if day is not None:
            values[name,] = str(_move(day, years))
    scalars = list_scalars(plan.text)
    output = scalars["output",]
    moved = plan.rename(output)
    values["output",] = quote_value(
        moved if moved != output else str(PurePosixPath(output).parent / plan.new_id)
    )
    for place, value in scalars.items():
        if place[0] == "data" and place[-1] == "file":
            values[place] = quote_value(plan.rename(value))
    if plan.methodology is not None:
        copy = PurePosixPath(scalars["methodology",]).with_name(plan.methodology.name)
        values["methodology",] = quote_value(str(copy))
    text = replace_values(plan.text, select_known(plan.text, values))
    if ("previous",) in scalars:
        return text
    lines = (
        f"\n# The edition before, to tell what changed.\nprevious: {quote_value(plan.path.name)}"
    )
    return insert_below(text, "methodology", lines)


def _choose_seed(plan: _Plan) -> str:
    """Return the new year, or the former seed where that was no year, and say so."""
    seed = plan.former.seed
    if seed == plan.former.year:
        return str(plan.year)
    return f"{seed}  # kept from {plan.former.id}, where it was not the year"


def _move(day: date, years: int) -> date:
    """Return the same day of a later year; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, day.month, 28)


def _list_folders(plan: _Plan) -> list[Path]:
    """Return the new folders of data: those that are named after the edition."""
    folders = []
    for place, value in list_scalars(plan.text).items():
        parts = PurePosixPath(value).parts
        if place[0] == "data" and place[-1] == "file" and plan.former.id in parts:
            last = len(parts) - 1 - parts[::-1].index(plan.former.id)
            below = plan.rename(str(PurePosixPath(*parts[: last + 1])))
            folders.append((plan.path.parent / below).resolve())
    return list(dict.fromkeys(folders))


def _write_methodology(plan: _Plan) -> bytes:
    """Return the former methodology with another id and an empty change log."""
    former = plan.former.methodology
    text = former.read_bytes().decode("utf-8-sig")
    known = load_methodology(former).id
    values: dict[Location, str] = {("id",): quote_value(plan.new_id), ("changes",): "[]"}
    text = replace_values(text, select_known(text, values))
    key = "changes" if ("changes",) in _list_keys(text) else "id"
    return insert_below(text, key, CHANGES.format(former=known)).encode()


def _list_keys(text: str) -> set[Location]:
    return {(line.split(":")[0],) for line in text.splitlines() if re.match(r"[a-z_]+:", line)}


def _refuse_existing(paths: list[Path]) -> None:
    there = [path for path in paths if path.exists()]
    if there:
        msg = (
            f"{there[0]}: is there already, and nothing is overwritten. Choose another id, or move "
            "the file away. Nothing was made."
        )
        raise EditionError(msg)


def _create(files: dict[Path, bytes], plan: _Plan, text: str) -> None:
    """Write all files, the edition last; take back what was written when anything fails."""
    made: list[Path] = []
    try:
        for path, content in files.items():
            made += _make_folders(path.parent)
            made.append(path)
            with path.open("xb") as stream:
                stream.write(content)
        _place_edition(plan, text)
    except BaseException as exc:
        for path in reversed(made):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
        if isinstance(exc, (OSError, ClientIndexError)):
            reason = exc.strerror if isinstance(exc, OSError) else exc
            msg = f"{plan.target}: cannot be made ({reason}). Nothing was made."
            raise EditionError(msg) from exc
        raise


def _make_folders(folder: Path) -> list[Path]:
    absent = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return absent[::-1]


def _place_edition(plan: _Plan, text: str) -> None:
    """Write the edition aside, load it, and give it its name; another one of that name stays."""
    handle, name = tempfile.mkstemp(prefix=".new-", suffix=".yml", dir=plan.path.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        aside.chmod(0o644)
        load_methodology(load_edition(aside).methodology)
        os.link(aside, plan.target)
    finally:
        aside.unlink(missing_ok=True)


def _list_steps(plan: _Plan, files: list[Path]) -> list[str]:
    """Return what people do next."""
    name, former = plan.new_id, plan.former
    steps = []
    if any(path.name == "README.md" for path in files):
        steps.append(f"put the data of {plan.year} where the README in the folder of data says")
    kept = [
        value
        for place, value in list_scalars(plan.text).items()
        if place[0] == "data" and place[-1] == "file" and plan.rename(value) == value
    ]
    if kept:
        steps.append(f"name the new files in place of {', '.join(kept)}, which stayed as they were")
    steps.append(
        f"read {plan.target.name} through: dates, title, notes and comments are those of "
        f"{former.id}, moved by a year where they are dates"
    )
    if plan.methodology is None:
        steps.append(f"the methodology is that of {former.id}; where it changes, make a new file")
    else:
        steps.append(f"fill in what changed in {plan.methodology.name} (title, status, changes)")
    steps += [
        "list centres that were renamed or merged since under 'renamed'",
        f"make validate EDITION={name}",
        f"make report EDITION={name}",
        f"publish, then lock it: clientindex edition lock {name}",
    ]
    return steps
