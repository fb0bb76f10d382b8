"""Runs that are killed, or refused by the disk, at a chosen point, and what that left.

A point is the start or the end of a step that the reader is told of, or a change to the file system
(a file opened for writing, a rename, a folder made, a file or folder deleted), told by an audit
hook of the interpreter. Every case is a fork: nothing is imported twice, and the statistics, which
touch no file, are computed once for the edition as it was and once as it is changed.

Called as ``python fault_injection.py FOLDER [every]``; writes FOLDER/cases.json. Without ``every``
the start of every step, the points at folders that are put in place and at records are taken, and a
few of the others.
"""

from __future__ import annotations

import errno
import functools
import hashlib
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import traceback
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
SEEDS = {"old": 2026, "new": 7}
SIZES = {"centres": 26, "citizens": 400, "employers": 150}
FOLDERS = ("results", "documents", "tables")
FOREMOST = {
    "kill": re.compile(
        r"^start of: |^end of: (scores|tables)|manifest.json|^os.rename .*/publication.json"
        r"|^(os.rename|shutil.rmtree) .*-former|^os.rename -> /[.\w]+-writing-\d+ -> "
    ),
    "full": re.compile(r"^os.rename -> /[.\w]+-writing-\d+ -> /(results|documents)"),
}
"""Points that are always taken: all that put folders in place, and those at records."""
TABLES = 2
OTHERS = 1
"""Points that are not at steps, swaps or records, and are taken without ``every``."""
DOCUMENT = """---
title: Проба
---

```{python}
#| tags: [parameters]
bundle = ""
language = "ru"
```
"""
WRITING = ("open", "os.mkdir", "os.rename", "shutil.move")
"""Beginnings of points that a full disk can refuse."""
CHANGES = {
    "os.rename": 2,
    "os.mkdir": 1,
    "os.remove": 1,
    "os.rmdir": 1,
    "os.truncate": 1,
    "shutil.rmtree": 1,
    "shutil.move": 2,
}
"""Events of the audit, and how many of their arguments are paths."""


@dataclass(slots=True, kw_only=True)
class Plan:
    """What is done at a point of a run; only a fork has one."""

    folder: str
    at: int = -1
    act: Callable[[], None] | None = None
    points: list[str] = field(default_factory=list)

    def meet(self, what: str) -> None:
        """Count a point, and do at the chosen one what is to be done there."""
        self.points.append(what)
        if len(self.points) - 1 == self.at and self.act is not None:
            self.act()


@dataclass(slots=True, kw_only=True)
class Case:
    """What one interruption left: names of states are old, new, absent or mixed."""

    command: str
    act: str
    point: str
    code: int
    told: str
    seen: dict[str, str]
    kept: dict[str, str]
    next_code: int
    next_told: str
    after: dict[str, str]
    left: list[str]


ACTIVE: list[Plan] = []


def hear(event: str, arguments: tuple[Any, ...]) -> None:
    """Take note of a change to the file system below the folder of the plan."""
    if not ACTIVE:
        return
    if event == "open":
        path, mode, flags = arguments
        is_write = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        paths = (path,) if is_write or (mode and set(mode) & set("wax+")) else ()
    else:
        paths = arguments[: CHANGES.get(event, 0)]
    names = [os.fspath(path) for path in paths if isinstance(path, str | os.PathLike)]
    plan = ACTIVE[0]
    if any(str(name).startswith(plan.folder) for name in names):
        plan.meet(" -> ".join([event, *(str(name).removeprefix(plan.folder) for name in names)]))


def write_yaml(path: Path, content: Any) -> None:
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe").dump(content, stream)


def make_project(folder: Path) -> dict[str, Path]:
    """Write a small edition with simulated answers twice, with two seeds; return the files."""
    from clientindex.edition import load_edition
    from clientindex.simulate import simulate_edition, write_pilot
    from demo_text import read_demo

    yaml = YAML(typ="safe")
    methodology = yaml.load((ROOT / "methodology" / "2026.yml").read_text(encoding="utf-8"))
    methodology["intervals"]["bootstrap_replicates"] = 100
    write_yaml(folder / "methodology.yml", methodology)
    text = read_demo().replace("../data_raw/demo", str(folder / "data"))
    settings = yaml.load(text.replace("../", f"{ROOT}/"))
    settings |= {
        "methodology": str(folder / "methodology.yml"),
        "output": str(folder / "out"),
        "reports": str(folder / "reports"),
        "stages": ["rating"],
        "languages": ["ru"],
        "documents": ["rating"],
        "formats": ["html"],
        "simulation": SIZES,
    }
    (folder / "reports").mkdir()
    (folder / "reports" / "rating.ru.qmd").write_text(DOCUMENT, encoding="utf-8")
    paths = {name: folder / f"{name}.yml" for name in SEEDS}
    for name, seed in SEEDS.items():
        write_yaml(paths[name], {**settings, "seed": seed})
    edition = load_edition(paths["old"])
    write_pilot(simulate_edition(edition), edition)
    return paths


def compute_once() -> None:
    """Keep what touches no file of the output from one case to the next."""
    from clientindex.pipeline import fingerprint, publish, run, stages
    from clientindex.publishing import render, table_files
    from clientindex.results import bundle

    run.load_methodology = functools.cache(run.load_methodology)
    run.load_edition = functools.cache(run.load_edition)
    bundle.load_methodology = keep(bundle.load_methodology, key=Path.read_bytes)
    for module in (run, publish, fingerprint):
        for name in ("hash_reports", "versions_of"):
            if hasattr(module, name):
                setattr(module, name, keep(getattr(module, name), key=repr))
    run.check_data = keep(run.check_data, key=lambda edition, *_: edition.seed)
    whole = stages.run_stages
    known: dict[int, Any] = {}

    def run_stages(material: Any, reporter: Any, companion: Any) -> Any:
        seed = material.edition.seed
        if seed not in known:
            known[seed] = whole(material, reporter, companion)
            return known[seed]
        with reporter.step("scores, standard errors and stars"):
            return known[seed]

    stages.run_stages = run_stages
    render.render_embedded = write_document
    build = table_files.build_tables

    def build_first(*arguments: Any, **settings: Any) -> Any:
        return build(*arguments, **settings)[:TABLES]

    table_files.build_tables = build_first


def keep(function: Any, *, key: Any) -> Any:
    known: dict[Any, Any] = {}

    def call(*arguments: Any, **settings: Any) -> Any:
        name = key(*arguments, *settings.values())
        if name not in known:
            known[name] = function(*arguments, **settings)
        return known[name]

    return call


def write_document(
    copy: Path, source: Any, *, formats: Any, metadata: Any, folder: Path
) -> dict[str, Path]:
    """Stand for the renderer, with pages that tell which bundle they are of."""
    manifest = json.loads((source_bundle(source) / "manifest.json").read_text(encoding="utf-8"))
    paths = {to: folder / f"{copy.stem}.{to}" for to in formats}
    for path in paths.values():
        path.write_text(f"{metadata} {manifest['fingerprint']}", encoding="utf-8")
    return paths


def source_bundle(source: Any) -> Path:
    text = "\n".join(getattr(segment, "code", "") for segment in source.segments)
    found = next(line for line in text.splitlines() if line.startswith("bundle = "))
    return Path(found.split("=", 1)[1].strip().strip("'\""))


def count_steps() -> None:
    """Make starts and ends of steps points, too."""
    from clientindex.cli import reporter

    step = reporter.LineReporter.step

    @contextmanager
    def counted(self: Any, message: str) -> Iterator[None]:
        meet(f"start of: {message}")
        with step(self, message):
            yield
        meet(f"end of: {message}")

    reporter.LineReporter.step = counted  # type: ignore[method-assign]


def meet(what: str) -> None:
    if ACTIVE:
        ACTIVE[0].meet(what)


def call_command(command: str, path: Path) -> int:
    """Call a command as the shell does; return its exit code."""
    from clientindex.cli import main

    try:
        main([command, str(path), *(["--renderer", "embedded"] if command == "report" else [])])
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    return 0


def fork(command: str, path: Path, plan: Plan | None = None) -> tuple[int, str, list[str]]:
    """Call a command in a fork; return its exit code (minus a signal), its words and points."""
    with tempfile.TemporaryFile("w+") as words, tempfile.TemporaryFile("w+") as points:
        pid = os.fork()
        if pid == 0:
            os.dup2(words.fileno(), 1)
            os.dup2(words.fileno(), 2)
            code = 70
            try:
                ACTIVE[:] = [plan] if plan is not None else []
                code = call_command(command, path)
            except BaseException:  # noqa: BLE001 - a fork must end here, whatever happens
                traceback.print_exc()
            finally:
                ACTIVE.clear()
                sys.stdout.flush()
                sys.stderr.flush()
                if plan is not None:
                    points.write(json.dumps(plan.points))
                    points.flush()
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        words.seek(0)
        points.seek(0)
        told = points.read()
        return code, words.read(), json.loads(told) if told else []


def digest(folder: Path) -> str:
    """Return a hash of all files of a folder but the record of a run, which tells its seconds."""
    if not folder.is_dir():
        return "absent"
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        whole.update(f"{path.relative_to(folder)}\0".encode())
        if path.is_file() and path.name != "run.json":
            whole.update(path.read_bytes())
    return whole.hexdigest()


def name_states(output: Path, known: dict[str, dict[str, str]], *, pattern: str) -> dict[str, str]:
    """Return by folder whose content it has."""
    names = {}
    for folder in FOLDERS:
        found = digest(output / pattern.format(folder))
        meanings = [name for name, state in known.items() if state[folder] == found]
        names[folder] = "absent" if found == "absent" else (*meanings, "mixed")[0]
    return names


def restore(output: Path, state: Path) -> None:
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(state, output)


def find_left(output: Path) -> list[str]:
    """Return what is in the output that a run which ended well does not leave."""
    own = {".clientindex-run"}
    hidden = (path for path in output.rglob("*") if path.name.startswith("."))
    return sorted(str(path.relative_to(output)) for path in hidden if path.name not in own)


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fill() -> None:
    """Refuse a change as a full disk does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


ACTS = {"kill": kill, "full": fill}


def choose(points: list[str], act: str, *, every: bool) -> list[int]:
    """Return the points that are taken: all that matter most, and some of the others."""
    can = [at for at, point in enumerate(points) if act == "kill" or point.startswith(WRITING)]
    if every:
        return can
    foremost = [at for at in can if FOREMOST[act].search(points[at])]
    others = [at for at in can if at not in foremost and points[at].startswith("open")]
    return sorted({*foremost, *random.Random(9).sample(others, OTHERS)})


def try_case(
    command: str, act: str, at: int, *, start: Path, folder: Path, known: dict[str, dict[str, str]]
) -> Case:
    """Interrupt a command at a point, look, and call it again."""
    output, path = folder / "out", folder / "new.yml"
    restore(output, start)
    plan = Plan(folder=str(output), at=at, act=ACTS[act])
    code, told, _ = fork(command, path, plan)
    seen = name_states(output, known, pattern="{}")
    kept = name_states(output, known, pattern=".{}-former")
    next_code, next_told, _ = fork(command, path)
    return Case(
        command=command,
        act=act,
        point="",
        code=code,
        told=told,
        seen=seen,
        kept=kept,
        next_code=next_code,
        next_told=next_told,
        after=name_states(output, known, pattern="{}"),
        left=find_left(output),
    )


def main(folder: Path, *, every: bool) -> list[Case]:
    paths, output = make_project(folder), folder / "out"
    compute_once()
    count_steps()
    states: dict[str, Path] = {}
    for name in ("old", "new"):
        call_command("report", paths[name])
        states[name] = folder / f"state-{name}"
        shutil.copytree(output, states[name])
    known = {
        name: {part: digest(state / part) for part in FOLDERS} for name, state in states.items()
    }
    # Results are new, documents and tables are old: from here a report only publishes.
    states["half"] = folder / "state-half"
    shutil.copytree(states["old"], states["half"])
    restore(states["half"] / "results", states["new"] / "results")
    sys.addaudithook(hear)
    cases = []
    for command, start in (("run", "old"), ("report", "half")):
        restore(output, states[start])
        code, told, points = fork(command, paths["new"], Plan(folder=str(output)))
        assert code == 0, told
        for act in ACTS:
            for at in choose(points, act, every=every):
                case = try_case(command, act, at, start=states[start], folder=folder, known=known)
                case.point = f"{at} of {len(points)}: {points[at]}"
                cases.append(case)
    return cases


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), every="every" in sys.argv[2:])
    Path(sys.argv[1], "cases.json").write_text(
        json.dumps([asdict(case) for case in found], ensure_ascii=False), encoding="utf-8"
    )
