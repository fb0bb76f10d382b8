"""An archive from outside is unpacked whole and inside its folder, or not at all."""

from __future__ import annotations

import stat
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from clientindex.errors import ReproductionError
from clientindex.reproduction.unpack import Limits, unpack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SMALL = Limits(entries=5, total_bytes=3000, ratio=20.0, ratio_from=100)


def make_zip(path: Path, *entries: tuple[str, bytes], **changes: Any) -> Path:
    """Write a ZIP of these entries; `changes` are set on the last one."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for position, (name, content) in enumerate(entries):
            info = zipfile.ZipInfo("placeholder")
            info.filename = info.orig_filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            if position == len(entries) - 1:
                for key, value in changes.items():
                    setattr(info, key, value)
            archive.writestr(info, content)
    return path


def list_all(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def expect_refusal(archive: Path, words: str, *, limits: Limits = SMALL) -> None:
    """Ask for a refusal in these words, after which nothing is left anywhere."""
    before = list_all(archive.parent)
    with pytest.raises(ReproductionError, match=words):
        unpack(archive, archive.parent / "out" / "inner", limits=limits)
    assert [name for name in list_all(archive.parent) if name != "out"] == before


def test_a_good_archive_is_unpacked(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", ("x/", b""), ("x/y.txt", b"one"), ("я.csv", b"twofive"))

    done = unpack(archive, tmp_path / "out", limits=SMALL)

    assert list_all(tmp_path / "out") == ["x", "x/y.txt", "я.csv"]
    assert (tmp_path / "out" / "x" / "y.txt").read_bytes() == b"one"
    assert (done.n_files, done.n_bytes) == (2, 10)
    assert stat.S_IMODE((tmp_path / "out" / "x" / "y.txt").stat().st_mode) & 0o111 == 0
    assert list_all(tmp_path) == ["a.zip", "out", "out/x", "out/x/y.txt", "out/я.csv"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    unpack(make_zip(tmp_path / "a.zip", ("y", b"1")), tmp_path / "out")
    assert list_all(tmp_path / "out") == ["y"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/etc/passwd", "absolute path"),
        ("../up.txt", r"leads out of the folder \(\.\.\)"),
        ("a/../../up.txt", r"leads out of the folder \(\.\.\)"),
        ("a/..", r"leads out of the folder \(\.\.\)"),
        ("C:/x.txt", "drive letter"),
        ("x.txt:stream", "drive letter or a colon"),
        ("a\\..\\x.txt", "backslash"),
        ("a//b", "empty part"),
        ("./a", "single dot"),
        ("a/b. ", "ends with a dot or a space"),
        ("a\nb", "control characters"),
        ("", "empty part"),
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(tmp_path: Path, name: str, words: str) -> None:
    archive = make_zip(tmp_path / "a.zip", ("good.txt", b"1"), (name, b"2"))
    expect_refusal(archive, words)


def test_a_name_is_shown_and_not_to_the_end(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", ("../" + "x" * 200, b"2"))
    expect_refusal(archive, rf"entry '\.\./{'x' * 77}\.\.\.': leads out")


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("a.txt", "a.txt", r"'a\.txt': has the same name as 'a\.txt'"),
        ("a.txt", "A.TXT", r"'A\.TXT': has the same name as 'a\.txt'"),
        ("Файл", "файл", "'файл': has the same name as 'Файл'"),
        ("й", "й", "has the same name"),
        ("x/straße", "X/STRASSE", "has the same name"),
        ("a", "a/b", r"'a/b': lies below 'a', which is a file"),
        ("a/b", "A", "'A': is a file where 'a/b' is a folder"),
        ("a", "a/", "'a/': is a folder where 'a' is a file"),
        ("a/", "a", "'a': is a file where 'a/' is a folder"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_names_that_are_one_are_refused(
    tmp_path: Path, first: str, second: str, words: str
) -> None:
    pairs = [(name, b"" if name.endswith("/") else b"1") for name in (first, second)]
    expect_refusal(make_zip(tmp_path / "a.zip", *pairs), words)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    attribute = (kind | 0o777) << 16
    archive = make_zip(tmp_path / "a.zip", ("x", b"/etc/passwd"), external_attr=attribute)
    expect_refusal(archive, "'x': is a link or a device")


def test_a_folder_that_says_it_is_a_file_is_refused(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", ("x/", b""), external_attr=(stat.S_IFREG | 0o644) << 16)
    expect_refusal(archive, "a file and a folder at once")


def change_bytes(archive: Path, change: Callable[[bytearray], None]) -> Path:
    content = bytearray(archive.read_bytes())
    change(content)
    archive.write_bytes(bytes(content))
    return archive


def patch(content: bytearray, *, local: int, central: int, value: bytes) -> None:
    """Overwrite a field of the first entry, in both of its headers."""
    at = content.index(b"PK\x03\x04") + local
    content[at : at + len(value)] = value
    at = content.index(b"PK\x01\x02") + central
    content[at : at + len(value)] = value


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", ("x", b"1"))
    change_bytes(archive, lambda content: patch(content, local=6, central=8, value=b"\x01\x00"))
    expect_refusal(archive, "'x': is encrypted")


def test_an_unusual_method_is_refused(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", ("x", b"1"))
    change_bytes(archive, lambda content: patch(content, local=8, central=10, value=b"\x0c\x00"))
    expect_refusal(archive, "'x': is packed by method 12")


def test_a_damaged_byte_is_found(tmp_path: Path) -> None:
    stored = zipfile.ZIP_STORED
    entries = (("x", b"1" * 50), ("y", bytes(range(90))))
    archive = make_zip(tmp_path / "a.zip", *entries, compress_type=stored)
    at = archive.read_bytes().index(bytes(range(60, 80)))
    change_bytes(archive, lambda content: content.__setitem__(at, 0))
    expect_refusal(archive, r"'y': is damaged \(Bad CRC-32")


def test_an_archive_that_is_cut_is_refused(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", ("x", b"1" * 50))
    archive.write_bytes(archive.read_bytes()[:-30])
    expect_refusal(archive, r"a\.zip: not a ZIP file, or a damaged one")


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", *((f"f{i}", b"1") for i in range(6)))
    expect_refusal(archive, "more than 5 entries")


def test_too_many_bytes_are_refused(tmp_path: Path) -> None:
    even = bytes(i * 37 % 251 for i in range(1500))
    archive = make_zip(tmp_path / "a.zip", ("x", even), ("y", even + b"1"))
    expect_refusal(archive, "more than 3000 bytes")
    assert unpack(make_zip(tmp_path / "b.zip", ("x", even), ("y", even)), tmp_path / "b").n_files


def test_what_grows_too_much_is_refused(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", ("zeros", bytes(2900)))
    expect_refusal(archive, "'zeros': grows more than 20 times")


def test_a_header_that_tells_a_smaller_size_is_not_believed(tmp_path: Path) -> None:
    """Only so many bytes are read, and then the sum of the content does not fit."""
    archive = make_zip(tmp_path / "a.zip", ("zeros", bytes(2900)))
    size = struct.pack("<I", 10)
    change_bytes(archive, lambda content: patch(content, local=22, central=24, value=size))
    expect_refusal(archive, r"'zeros': is damaged \(Bad CRC-32")


def test_a_folder_that_is_not_empty_stays_as_it_is(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", ("x", b"1"))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("out", "link", "a.zip"):
        with pytest.raises(ReproductionError, match=f"{name}: is there and not empty"):
            unpack(archive, tmp_path / name)
    assert list_all(tmp_path) == ["a.zip", "link", "out", "out/mine"]


def test_an_absent_archive_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReproductionError, match=r"none\.zip: cannot be read or written \(No such"):
        unpack(tmp_path / "none.zip", tmp_path / "out")
