"""An edition with all that it names, laid out below one folder, so that it can travel."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from clientindex.edition import is_edition_file, load_edition
from clientindex.errors import EditionError, ReproductionError
from clientindex.reproduction.edition_lock import name_lock
from clientindex.reproduction.named_paths import list_paths
from clientindex.settings.yaml_edit import quote_value, replace_values

if TYPE_CHECKING:
    from clientindex.edition import Edition
    from clientindex.settings.fault import Location

EDITIONS_BEFORE: Final = (("previous",), ("simulation", "earlier_than", "edition"))
"""Settings that may name the file of another edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """An edition laid out below a folder.

    Attributes
    ----------
    path : Path
        The edition file there.
    editions : tuple of Path
        It, the editions before it, and those that only say what these are simulated from.
    files : dict
        Original file -> its place relative to the folder; edition files, methodologies, inputs,
        sources of documents and the files of a previous edition's results.
    inputs : dict
        The part of `files` that an edition reads as data.
    """

    path: Path
    editions: tuple[Path, ...]
    files: dict[Path, Path]
    inputs: dict[Path, Path]


def lay_out_edition(path: Path, folder: Path, *, copy: bool) -> LaidOut:
    """Write an edition and all that it names below an empty folder.

    ``editions/<id>.yml``, ``methodology/``, ``data_raw/<id>/``, ``reports/``, and the editions
    before it in the same way; its output is ``data_processed/<id>``, which is not made. Files keep
    their names; where two of one name would meet, the second goes into a folder ``2``. Edition
    files stay as they are but for the paths in them, which become relative. An edition that only
    says what another is simulated from brings its settings and no data.

    Parameters
    ----------
    path : Path
        The edition file.
    folder : Path
        Absent or empty.
    copy : bool
        Copy the data; else link to them.

    Returns
    -------
    LaidOut

    Raises
    ------
    ReproductionError
        If the folder is not empty, a file that is named is absent, or a file cannot be written.
    ClientIndexError
        If an edition file is wrong.
    """
    layout = _Layout(folder=folder, copy=copy)
    try:
        _require_empty(folder)
        _gather(path, layout)
        for member in layout.members:
            layout.write(member)
    except OSError as exc:
        msg = (
            f"{exc.filename or folder}: cannot be laid out below {folder} ({exc.strerror or exc}). "
            "Every file that the edition names must be there and readable, and the disk have room."
        )
        raise ReproductionError(msg) from exc
    return LaidOut(
        path=folder / layout.members[0].place,
        editions=tuple(folder / member.place for member in layout.members),
        files={original: Path(place) for original, place in layout.files.items()},
        inputs={original: Path(place) for original, place in layout.inputs.items()},
    )


def _require_empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        msg = f"{folder}: is not empty. Name a folder that is empty or does not exist."
        raise ReproductionError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """One edition of the tree: its file, its place, and whether its data come along."""

    path: Path
    edition: Edition
    key: str
    place: PurePosixPath
    with_data: bool


def _gather(path: Path, layout: _Layout) -> None:
    """Find the edition, those before it, and those that any of them is simulated from."""
    at: Path | None = path.resolve()
    while at is not None and at not in layout.known:
        member = layout.add(at, with_data=True)
        previous = member.edition.previous
        at = previous.resolve() if previous is not None and is_edition_file(previous) else None
    for member in layout.members:  # grows on the way
        for other in _settings_only(member.edition):
            if other.resolve() not in layout.known:
                layout.add(other.resolve(), with_data=False)


def _settings_only(edition: Edition) -> list[Path]:
    simulation = edition.simulation
    earlier = None if simulation is None else simulation.earlier_than
    named = [edition.previous, None if earlier is None else earlier.edition]
    return [path for path in named if path is not None and is_edition_file(path)]


@dataclass(slots=True, kw_only=True)
class _Layout:
    """The tree as it grows: what is placed where, and which places are taken."""

    folder: Path
    copy: bool
    members: list[_Member] = field(default_factory=list)
    known: dict[Path, _Member] = field(default_factory=dict)
    files: dict[Path, PurePosixPath] = field(default_factory=dict)
    inputs: dict[Path, PurePosixPath] = field(default_factory=dict)
    absent: dict[Path, PurePosixPath] = field(default_factory=dict)
    folders: dict[Path, PurePosixPath] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def add(self, path: Path, *, with_data: bool) -> _Member:
        """Take an edition into the tree under its id, or its id and a number."""
        edition = load_edition(path)
        key = self._find_free("editions", edition.id)
        place = PurePosixPath("editions", f"{key}.yml")
        member = _Member(path=path, edition=edition, key=key, place=place, with_data=with_data)
        self.members.append(member)
        self.known[path] = member
        self.files[path] = place
        return member

    def write(self, member: _Member) -> None:
        """Write an edition file with the paths of this tree, and all that it names."""
        named = list_paths(member.edition)
        places = {at: self._place(at, path, member) for at, path in named.items()}
        values = {
            at: quote_value(Path(os.path.relpath(place, member.place.parent)).as_posix())
            for at, place in places.items()
        }
        text = member.path.read_bytes().decode("utf-8-sig")
        target = self.folder / member.place
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(replace_values(text, values).encode())
        _require_equal(target, member, places, folder=self.folder)
        if member.edition.revisions:
            self._bring(name_lock(member.path, member.edition), PurePosixPath("editions"))

    def _place(self, at: Location, path: Path, member: _Member) -> PurePosixPath:
        """Return the place of what an edition names, after bringing it there."""
        if at == ("output",):
            return PurePosixPath("data_processed", member.key)
        if at == ("methodology",):
            return self._bring(path, PurePosixPath("methodology"))
        if at == ("reports",):
            return self._bring_folder(path, self._folder_place(path, "reports"))
        if at[-1] == "file" and at[0] == "data":
            return self._place_input(path, member)
        if is_edition_file(path) and at in EDITIONS_BEFORE:
            return self.known[path.resolve()].place
        if at == ("previous",):
            place = PurePosixPath("data_processed", f"previous-of-{member.key}", "results")
            return self._bring_folder(path, place) if member.with_data else place
        msg = f"{member.path}: {'.'.join(map(str, at))}: a path that no layout has a place for."
        raise ReproductionError(msg)

    def _place_input(self, path: Path, member: _Member) -> PurePosixPath:
        folder = PurePosixPath("data_raw", member.key)
        if not member.with_data:
            return self._plan_input(path, folder)
        place = self._bring(path, folder, link=not self.copy)
        self.inputs[path] = place
        return place

    def _plan_input(self, path: Path, folder: PurePosixPath) -> PurePosixPath:
        """Return the place of a file that stays where it is."""
        if path in self.files:
            return self.files[path]
        if path not in self.absent:
            self.absent[path] = self._find_place(folder, path.name)
        return self.absent[path]

    def _bring(self, path: Path, folder: PurePosixPath, *, link: bool = False) -> PurePosixPath:
        """Copy a file into a folder of the tree, or link to it; once, whoever names it."""
        if path not in self.files:
            place = self._find_place(folder, path.name)
            _put(path, self.folder / place, link=link)
            self.files[path] = place
        return self.files[path]

    def _bring_folder(self, path: Path, place: PurePosixPath) -> PurePosixPath:
        """Copy all files of a folder that are not hidden."""
        if path in self.folders:
            return self.folders[path]
        if not path.is_dir():
            raise FileNotFoundError(2, "no such folder", str(path))
        for source in sorted(path.rglob("*")):
            inner = source.relative_to(path)
            if source.is_file() and not any(part.startswith(".") for part in inner.parts):
                self.files[source] = place / inner.as_posix()
                _put(source, self.folder / self.files[source], link=False)
        self.folders[path] = place
        return place

    def _folder_place(self, path: Path, name: str) -> PurePosixPath:
        if path in self.folders:
            return self.folders[path]
        return PurePosixPath(self._find_free("", name))

    def _find_place(self, folder: PurePosixPath, name: str) -> PurePosixPath:
        """Return a free place of this name: in the folder, or in one with a number below it."""
        number, place = 1, folder / name
        while not self._take(place):
            number += 1
            place = folder / str(number) / name
        return place

    def _find_free(self, folder: str, name: str) -> str:
        number, free = 1, name
        while not self._take(PurePosixPath(folder, free)):
            number += 1
            free = f"{name}-{number}"
        return free

    def _take(self, place: PurePosixPath) -> bool:
        """Take a place; False when something has it, or its name in other letters' case."""
        sign = str(place).casefold()
        free = sign not in self.taken
        self.taken.add(sign)
        return free


def _put(source: Path, target: Path, *, link: bool) -> None:
    """Copy a file or link to it; a link to a link of another name would not keep the name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not source.is_file():
        raise FileNotFoundError(2, "no such file", str(source))
    if link and source.resolve().name == source.name:
        target.symlink_to(source.resolve())
    else:
        shutil.copyfile(source, target)


def _require_equal(
    target: Path, member: _Member, places: dict[Location, PurePosixPath], *, folder: Path
) -> None:
    """Check that the file that was written says what the original says but for its paths."""
    expected = {at: (folder / place).resolve() for at, place in places.items()}
    try:
        written = load_edition(target)
        equal = list_paths(written) == expected
    except EditionError:
        equal = False
    if not equal or _without_paths(written) != _without_paths(member.edition):
        msg = (
            f"{member.path}: cannot be rewritten with other paths, for example because one value "
            "stands for several keys (&name, *name). Write every path out."
        )
        raise ReproductionError(msg)


def _without_paths(edition: Edition) -> object:
    return _strip(edition.model_dump())


def _strip(value: object) -> object:
    if isinstance(value, Path):
        return None
    if isinstance(value, dict):
        return {key: _strip(part) for key, part in value.items()}
    return [_strip(part) for part in value] if isinstance(value, (list, tuple)) else value
