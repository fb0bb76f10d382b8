"""Calls that write, move or delete under a path that comes from the inputs of an edition."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_INPUTS: Final = {"input_files", "sources"}
"""Attributes of an edition that lead to its inputs."""

_FOLDER: Final = re.compile(r"(?:^|/)data_raw(?:/|$)")
_BY_RECEIVER: Final = {"write_text", "write_bytes", "unlink", "touch", "rmdir", "chmod"}
_BY_FIRST: Final = {"rmtree", "to_csv", "to_parquet", "to_excel", "to_pickle", "remove", "move"}
_BY_SECOND: Final = {"copyfile", "copy", "copy2", "copytree", "move", "write_whole"}


def find_input_writes(module: list[ast.AST]) -> Iterator[tuple[int, str]]:
    """Give line and call of everything that would change an input; `module` is all its nodes.

    Within a function, names that are assigned from inputs count as inputs too.
    """
    for function in module:
        if not isinstance(function, ast.FunctionDef):
            continue
        nodes = list(ast.walk(function))
        known = _find_known(nodes)
        for call in nodes:
            if isinstance(call, ast.Call):
                written = _list_written(call)
                if any(_mentions(part, known) for part in written):
                    yield call.lineno, f"{name_call(call)}() changes an input"


def _find_known(nodes: list[ast.AST]) -> set[str]:
    """Return the names that hold inputs, or paths made from them."""
    known: set[str] = set()
    while True:
        before = len(known)
        for target, value in _list_assignments(nodes):
            if _mentions(value, known):
                known |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
        if len(known) == before:
            return known


def _list_assignments(nodes: list[ast.AST]) -> Iterator[tuple[ast.AST, ast.AST]]:
    for node in nodes:
        if isinstance(node, ast.Assign):
            yield from ((target, node.value) for target in node.targets)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            yield node.target, node.value
        elif isinstance(node, ast.For | ast.comprehension):
            yield node.target, node.iter


def _mentions(expression: ast.AST, known: set[str]) -> bool:
    for node in ast.walk(expression):
        if isinstance(node, ast.Attribute) and node.attr in _INPUTS:
            return True
        if isinstance(node, ast.Name) and node.id in known:
            return True
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and _FOLDER.search(text):
            return True
    return False


def _list_written(call: ast.Call) -> list[ast.AST]:
    """Return the expressions that say where a call writes; none for a call that does not."""
    last = name_call(call).split(".")[-1]
    receiver = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    if last == "open":
        return [*receiver, *call.args[:1]] if _opens_for_writing(call) else []
    found: list[ast.AST] = []
    if last in _BY_RECEIVER:
        found += receiver
    if last in _BY_FIRST:
        found += call.args[:1]
    if last in _BY_SECOND:
        found += call.args[1:2]
        found += [k.value for k in call.keywords if k.arg in {"dst", "target"}]
    return found


def _opens_for_writing(call: ast.Call) -> bool:
    given = [*call.args, *(k.value for k in call.keywords if k.arg == "mode")]
    texts = [node.value for node in given if isinstance(node, ast.Constant)]
    return any(isinstance(t, str) and re.fullmatch(r"[rbt]*[wxa+][wxab+t]*", t) for t in texts)


def name_call(call: ast.Call) -> str:
    """Return the dotted name of what is called; what is no name is written as it stands."""
    parts: list[str] = []
    node = call.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else ast.unparse(node))
    return ".".join(reversed(parts))
