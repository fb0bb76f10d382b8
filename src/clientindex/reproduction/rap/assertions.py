"""Tests: every room has some, and every test asserts something, itself or by a helper."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from clientindex.reproduction.rap.item import Ask
from clientindex.reproduction.rap.repository import PACK_WITHOUT_TESTS
from clientindex.reproduction.rap.sources import MATURITY, RAP

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from clientindex.reproduction.rap.item import RapItem
    from clientindex.reproduction.rap.repository import Repository

ROOMS_TESTED = Ask(
    "rooms_tested",
    "Has every part of the program tests?",
    MATURITY,
    "Write tests of the rooms named.",
)
TESTS_ASSERT = Ask(
    "tests_assert",
    "Does every test assert something?",
    RAP,
    "Compare values in the tests named: a test that only runs code shows nothing.",
)

_IMPORT: Final = re.compile(r"clientindex(?:\.|\s+import\s+)(\w+)")
_ASSERTING: Final = re.compile(r"^(?:assert_|assert[A-Z]|raises$|warns$|fail$)")
_CHECKED: Final = "check"
"""``subprocess.run(..., check=True)`` fails when the program that it runs does."""

_Functions = dict[str, ast.AST]


def check_tests(repository: Repository) -> list[RapItem]:
    """Check that rooms have tests, and that tests assert."""
    if repository.is_pack:
        return [ask.skip(PACK_WITHOUT_TESTS) for ask in (ROOMS_TESTED, TESTS_ASSERT)]
    return [_check_rooms(repository), _check_assertions(repository)]


def _check_rooms(repository: Repository) -> RapItem:
    package = repository.root / "src" / "clientindex"
    tops = {path.relative_to(package).parts[0].removesuffix(".py") for path in repository.package}
    rooms = sorted(tops - {"__init__", "__main__"})
    tested: dict[str, int] = dict.fromkeys(rooms, 0)
    for path in repository.tests:
        if path.name.startswith("test_"):
            for room in set(_IMPORT.findall(repository.read_path(path))) & tested.keys():
                tested[room] += 1
    faults = [f"no test imports clientindex.{room}" for room, n in tested.items() if not n]
    if not rooms:
        faults = ["there is no package in src/clientindex"]
    n_files = sum(path.name.startswith("test_") for path in repository.tests)
    return ROOMS_TESTED.judge(faults, found=f"{len(rooms)} rooms, {n_files} files of tests")


def _check_assertions(repository: Repository) -> RapItem:
    modules = {path.stem: path for path in repository.tests}
    trees = {path: repository.parse(path) for path in repository.tests}
    named = {path: _list_named(tree) for path, tree in trees.items()}
    imported = {path: _follow_imports(tree, modules, named) for path, tree in trees.items()}
    n_tests, faults = 0, []
    for path, tree in trees.items():
        if not path.name.startswith("test_"):
            continue
        for test in _list_tests(tree):
            n_tests += 1
            if not _does_assert(test, path, named, imported):
                faults.append(f"{repository.name(path)}:{test.lineno} {test.name}")
    if not n_tests:
        faults = ["there are no tests"]
    return TESTS_ASSERT.judge(faults, found=f"{n_tests} tests, each asserts something")


def _list_tests(tree: ast.Module) -> list[ast.FunctionDef]:
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    bodies = [tree.body, *(node.body for node in classes)]
    return [
        node
        for body in bodies
        for node in body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def _list_named(tree: ast.Module) -> _Functions:
    """Return functions, classes and constants of a module by name, methods among them."""
    named: _Functions = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            named[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named |= {t.id: node for t in targets if isinstance(t, ast.Name)}
    for node in [n for n in tree.body if isinstance(n, ast.ClassDef)]:
        named |= {m.name: m for m in node.body if isinstance(m, ast.FunctionDef)}
    return named


def _follow_imports(
    tree: ast.Module, modules: dict[str, Path], named: dict[Path, _Functions]
) -> dict[str, Path]:
    """Return name -> module of what a test takes from a helper beside it."""
    return {
        alias.name: modules[node.module]
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module in modules
        for alias in node.names
        if alias.name in named[modules[node.module]]
    }


def _does_assert(
    test: ast.AST, path: Path, named: dict[Path, _Functions], imported: dict[Path, dict[str, Path]]
) -> bool:
    """Return whether a test asserts, or uses something of the tests that does."""
    waiting, seen = [(path, test)], {id(test)}
    while waiting:
        where, node = waiting.pop()
        if _asserts_itself(node):
            return True
        for name in _list_used(node):
            place = where if name in named[where] else imported[where].get(name)
            target = named[place].get(name) if place else None
            if place and target is not None and id(target) not in seen:
                seen.add(id(target))
                waiting.append((place, target))
    return False


def _asserts_itself(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Assert) or (isinstance(part, ast.Call) and _is_asserting(part))
        for part in ast.walk(node)
    )


def _is_asserting(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    name = call.func.id if isinstance(call.func, ast.Name) else name
    checked = (k.arg == _CHECKED and isinstance(k.value, ast.Constant) for k in call.keywords)
    return bool(_ASSERTING.match(name)) or (name == "run" and any(checked))


def _list_used(node: ast.AST) -> Iterable[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.arg):
            yield part.arg  # a fixture
