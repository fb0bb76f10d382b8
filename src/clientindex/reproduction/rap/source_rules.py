"""What the source of the program must not do: draw without a seed, ask the clock, write inputs."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from clientindex.reproduction.rap.input_writes import find_input_writes, name_call
from clientindex.reproduction.rap.item import Ask
from clientindex.reproduction.rap.sources import DIME, RAP, TIER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clientindex.reproduction.rap.item import RapItem
    from clientindex.reproduction.rap.repository import Repository

NO_UNSEEDED = Ask(
    "random_seeded",
    "Does every random number come from a stated seed?",
    DIME,
    "Hand a seed or a generator to the calls named.",
)
NO_CLOCK = Ask(
    "no_clock_in_results",
    "Do no result and no random state come from the clock or the system?",
    RAP,
    "Take the date from the edition and the state from its seed in the lines named.",
)
READ_ONLY = Ask(
    "inputs_read_only",
    "Does the program only read its inputs?",
    TIER,
    "Write to the edition's output; only the room simulate may write into data_raw.",
)

PRESENTING: Final = ("cli", "pipeline", "publishing")
"""Rooms that may measure how long they take."""
SIMULATE: Final = "simulate"

_SEEDS: Final = {"default_rng", "SeedSequence"}
_GENERATORS: Final = {"Generator", "BitGenerator", "PCG64", "Philox", "SFC64", *_SEEDS}
_OTHER_RANDOM: Final = {"random", "secrets"}
_STATES: Final = {"random_state", "rng", "seed"}
_CLOCKS: Final = {
    *("time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today"),
    *("date.today", "os.urandom", "uuid.uuid1", "uuid.uuid4"),
}
_INTERESTING: Final = re.compile(
    r"random|rvs|\.sample\(|shuffle|time\.|datetime|urandom|uuid|getpid|data_raw|input_files"
    r"|secrets|\.sources\b"
)
"""A file without any of these needs no look at its tree."""


def check_source(repository: Repository) -> list[RapItem]:
    """Check the modules of the package."""
    unseeded: list[str] = []
    clocks: list[str] = []
    writes: list[str] = []
    n_draws = 0
    for path in repository.package:
        if not _INTERESTING.search(repository.read_path(path)):
            continue
        room = _name_room(path, repository)
        tree = repository.parse(path)
        nodes = list(ast.walk(tree))
        calls = [(node, name_call(node)) for node in nodes if isinstance(node, ast.Call)]
        told = repository.name(path)
        n_draws += sum(name.split(".")[-1] in _SEEDS for _, name in calls)
        unseeded += [f"{told}:{at}: {what}" for at, what in _find_unseeded(nodes, calls)]
        if room not in PRESENTING:
            clocks += [f"{told}:{call.lineno}: {n}()" for call, n in calls if _is_clock(n)]
        if room != SIMULATE:
            writes += [f"{told}:{at}: {what}" for at, what in find_input_writes(nodes)]
    n = len(repository.package)
    return [
        NO_UNSEEDED.judge(
            unseeded, found=f"{n} modules, {n_draws} generators or seeds made, each from a seed"
        ),
        NO_CLOCK.judge(
            clocks, found=f"no such call in {n} modules outside of {', '.join(PRESENTING)}"
        ),
        READ_ONLY.judge(
            writes,
            found=f"{n} modules: outside of {SIMULATE} nothing is written, moved or deleted "
            "under a path that comes from the edition's inputs or from data_raw",
        ),
    ]


def _name_room(path: Path, repository: Repository) -> str:
    return path.relative_to(repository.root / "src" / "clientindex").parts[0].removesuffix(".py")


def _find_unseeded(
    nodes: list[ast.AST], calls: list[tuple[ast.Call, str]]
) -> Iterator[tuple[int, str]]:
    for node in nodes:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if set(names) & _OTHER_RANDOM:
            yield node.lineno, f"imports {names[0]}"  # type: ignore[attr-defined]  # an import
    for call, name in calls:
        last = name.split(".")[-1]
        words = {keyword.arg for keyword in call.keywords}
        if last in _SEEDS and not call.args and not words & {"seed", "entropy"}:
            yield call.lineno, f"{name}() without a seed"
        elif re.fullmatch(r"(?:np|numpy)\.random\.\w+", name) and last not in _GENERATORS:
            yield call.lineno, f"{name}() draws from the state of the whole process"
        elif _draws_from_nowhere(name, last, words):
            yield call.lineno, f"{name}() without random_state"


def _draws_from_nowhere(name: str, last: str, words: set[str | None]) -> bool:
    """Return whether a function of pandas, scipy or SALib draws without a stated generator."""
    by_generator = re.search(r"(?:rng|generator)\b[^.]*\.\w+$", name)
    return last in {"sample", "rvs"} and not by_generator and not words & _STATES


def _is_clock(name: str) -> bool:
    return ".".join(name.split(".")[-2:]) in _CLOCKS
