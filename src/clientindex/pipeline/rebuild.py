"""Make a publication anew in a process of its own, under circumstances that must not matter."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clientindex.errors import ReproductionError

if TYPE_CHECKING:
    from pathlib import Path

LINES_TOLD: Final = 5
_PROGRAM: Final = (
    "import os, sys\n"
    "n = int(sys.argv.pop(1))\n"
    "if n and hasattr(os, 'sched_setaffinity'):\n"
    "    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:n])\n"
    "from clientindex.cli.main import main\n"
    "main()\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a rebuild may depend on and must not.

    Attributes
    ----------
    time_zone : str
        Name of the database of time zones; that of the machine when empty.
    locale : str
        Like "ru_RU.UTF-8"; that of the machine when empty.
    hash_seed : str
        Seed of the order of sets in Python; by chance when empty.
    processors : int
        How many the rebuild may use; all for 0.
    """

    time_zone: str = ""
    locale: str = ""
    hash_seed: str = ""
    processors: int = 0


AS_IT_IS: Final = Circumstances()
OTHERWISE: Final = Circumstances(
    time_zone="Asia/Vladivostok", locale="ru_RU.UTF-8", hash_seed="1", processors=1
)


def rebuild(edition: Path, *, renderer: str, circumstances: Circumstances, folder: Path) -> None:
    """Compute and publish an edition.

    Parameters
    ----------
    edition : Path
        The edition file.
    renderer : {"auto", "quarto", "embedded"}
    circumstances : Circumstances
    folder : Path
        Where the process works.

    Raises
    ------
    ReproductionError
        The rebuild failed; the message has the last lines that it told.
    """
    done = subprocess.run(
        [
            *(sys.executable, "-c", _PROGRAM, str(circumstances.processors)),
            *("report", str(edition), "--renderer", renderer),
        ],
        cwd=folder,
        env=_set_environment(circumstances),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-LINES_TOLD:])
        msg = (
            f"not complete: the edition could not be rebuilt (exit code {done.returncode}):\n{last}"
        )
        raise ReproductionError(msg)


def _set_environment(circumstances: Circumstances) -> dict[str, str]:
    changes = {
        "TZ": circumstances.time_zone,
        "LC_ALL": circumstances.locale,
        "LANG": circumstances.locale,
        "PYTHONHASHSEED": circumstances.hash_seed,
    }
    return {**os.environ, **{name: value for name, value in changes.items() if value}}
