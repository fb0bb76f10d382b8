"""The package's rooms: who may import whom, and that the map of them is true."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "clientindex"
MAP = ROOT / "docs" / "ARCHITECTURE.md"

FOUNDATION = (
    "errors",
    "threads",
    "compiled",
    "settings",
    "hashing",
    "files",
    "methodology",
    "edition",
    "results",
)
DATA = ("intake", "simulate", "counts", "streaming")
STATISTICS = ("factors", "reliability", "agreement", "rating", "sensitivity")
PRESENTATION = ("wording", "tables", "figures", "publishing")
ROWS = (*FOUNDATION, *DATA, *STATISTICS)
"""Rooms in the life of a number; each may import those before it."""

MAY_IMPORT = {
    **{room: set(ROWS[:place]) for place, room in enumerate(ROWS)},
    "wording": {*FOUNDATION},
    "tables": {*FOUNDATION, "wording"},
    "figures": {*FOUNDATION, "wording"},
    "publishing": {*FOUNDATION, "wording", "tables", "figures"},
    "reproduction": {*FOUNDATION},
    "pipeline": {*ROWS, *PRESENTATION, "reproduction"},
    "cli": {*ROWS, *PRESENTATION, "reproduction", "pipeline"},
}
DRAWING = {"matplotlib", "quarto"}
"""What no room up to the last statistic may import."""


def find_imports(source: str) -> set[str]:
    """Return the dotted names that a module imports anywhere, also for type checking only."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            names |= {f"{prefix}.{alias.name}" for alias in node.names}
    return names


def find_import_faults(room: str, source: str) -> list[str]:
    """Return what a module of `room` imports and may not."""
    allowed = MAY_IMPORT[room] | {room, "__version__"}
    faults = []
    for name in sorted(find_imports(source)):
        top, _, rest = name.partition(".")
        target = rest.split(".")[0]
        if top == "clientindex" and target and target not in allowed:
            faults.append(f"{room} imports clientindex.{target}")
        if top in DRAWING and room in ROWS:
            faults.append(f"{room} imports {top}")
        if not top:
            faults.append(f"{room} imports relatively: {name}")
    return faults


def list_rooms(package: Path) -> set[str]:
    """Return the packages and modules directly under the package folder."""
    folders = {path.parent.name for path in package.glob("*/__init__.py")}
    modules = {path.stem for path in package.glob("*.py")}
    return (folders | modules) - {"__init__", "__main__"}


def read_map(text: str) -> dict[str, set[str]]:
    """Return the rooms of the module map with what each may import."""
    section = text.split("## Module map")[1].split("\n## ")[0]
    rooms: dict[str, set[str]] = {}
    for room, allowed in re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", section, flags=re.MULTILINE):
        rooms[room] = set(rooms) if allowed == "all above" else set(re.findall(r"`(\w+)`", allowed))
    return rooms


def find_map_faults(text: str, rooms: set[str]) -> list[str]:
    """Return in what the map and the tree, or the map and the rule, disagree."""
    mapped = read_map(text)
    faults = [f"{room} is not in the map" for room in sorted(rooms - mapped.keys())]
    faults += [f"{room} is in the map only" for room in sorted(mapped.keys() - rooms)]
    for room, allowed in mapped.items():
        if allowed != MAY_IMPORT.get(room, set()) & mapped.keys():
            faults.append(f"{room}: the map allows other imports than the rule")
    return faults


@pytest.mark.parametrize("room", sorted(list_rooms(PACKAGE)))
def test_a_room_imports_only_what_its_row_allows(room: str) -> None:
    paths = [PACKAGE / f"{room}.py"] if (PACKAGE / f"{room}.py").exists() else []
    paths += sorted((PACKAGE / room).rglob("*.py"))
    assert paths
    faults = {
        str(path.relative_to(ROOT)): found
        for path in paths
        if (found := find_import_faults(room, path.read_text(encoding="utf-8")))
    }
    assert not faults


def test_the_map_agrees_with_the_tree() -> None:
    assert find_map_faults(MAP.read_text(encoding="utf-8"), list_rooms(PACKAGE)) == []


@pytest.mark.parametrize(
    ("room", "source", "fault"),
    [
        (
            "rating",
            "from clientindex.sensitivity import x",
            "rating imports clientindex.sensitivity",
        ),
        ("rating", "from clientindex import wording", "rating imports clientindex.wording"),
        ("counts", "def f():\n    import matplotlib.pyplot", "counts imports matplotlib"),
        ("factors", "from quarto import render", "factors imports quarto"),
        ("publishing", "import clientindex.rating.scores", "publishing imports clientindex.rating"),
        ("publishing", "from clientindex.counts import x", "publishing imports clientindex.counts"),
        ("pipeline", "from clientindex.cli import main", "pipeline imports clientindex.cli"),
        ("intake", "from ..rating import x", "intake imports relatively: ..rating.x"),
        (
            "results",
            "if TYPE_CHECKING:\n    from clientindex.intake import x",
            "results imports clientindex.intake",
        ),
    ],
)
def test_a_forbidden_import_is_found(room: str, source: str, fault: str) -> None:
    assert find_import_faults(room, source) == [fault]


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("sensitivity", "from clientindex.rating import x\nimport numpy"),
        ("figures", "import matplotlib\nfrom clientindex.results import x"),
        ("cli", "import clientindex\nfrom clientindex.pipeline.run import x"),
    ],
)
def test_an_allowed_import_is_not_a_fault(room: str, source: str) -> None:
    assert find_import_faults(room, source) == []


SMALL_MAP = """## Module map
| room | what for | may import |
|---|---|---|
| `errors` | words | nothing |
| `settings` | reads | all above |
| `wording` | says | {wording} |

## Next
| `other` | not a room | nothing |
"""


def test_a_true_map_has_no_faults() -> None:
    text = SMALL_MAP.format(wording="`errors`, `settings`")
    assert find_map_faults(text, {"errors", "settings", "wording"}) == []


def test_a_false_map_is_found() -> None:
    text = SMALL_MAP.format(wording="`errors`")
    assert find_map_faults(text, {"errors", "wording", "rating"}) == [
        "rating is not in the map",
        "settings is in the map only",
        "wording: the map allows other imports than the rule",
    ]
