"""Files that an interrupted run has counted already: the next run takes them over."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.counts import pack_counts, unpack_counts
from clientindex.errors import CountsError
from clientindex.files import write_whole
from clientindex.hashing import hash_file
from clientindex.intake.log import FaultLog
from clientindex.streaming.facts import RowFacts
from clientindex.streaming.file_counts import CountedFile
from clientindex.streaming.respondent_ids import IdRecords

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientindex.edition import SurveySource
    from clientindex.streaming.job import CountingJob

_PLACES = {"file"}
"""What a source says of where it stands."""


class Checkpoints:
    """The files of one folder, each for a counted survey file.

    Nothing is taken over unless the bytes of the survey file, how it is read, the methodology of
    the answers, the register of centres and the program are the same.

    Parameters
    ----------
    folder : Path
    job : CountingJob
    program : str
        Hash of the program.
    """

    def __init__(self, folder: Path, job: CountingJob, *, program: str) -> None:
        self._folder = folder
        centres = sorted(job.centres.known or ()) if job.centres.known is not None else None
        self._common = json.dumps(
            [program, job.methodology.model_dump(mode="json"), centres, job.centres.register_file],
            sort_keys=True,
        )

    @property
    def folder(self) -> Path:
        """Where everything is kept."""
        return self._folder

    def ids_file(self, source: SurveySource, name: str, sha256: str, number: int) -> Path:
        """Return where the ids of a piece of a file are left."""
        return self._folder / f"{self._key(source, name, sha256)}-{number:06d}.ids"

    def holds(self, source: SurveySource, name: str, sha256: str) -> bool:
        """Return whether a file was counted before and what was kept of it is whole."""
        return self._find(self._key(source, name, sha256)) is not None

    def load(self, source: SurveySource, name: str, sha256: str) -> CountedFile:
        """Return a file that was counted before.

        Raises
        ------
        CountsError
            If what was kept of it is not whole.
        """
        key = self._key(source, name, sha256)
        about = self._find(key)
        if about is None:
            msg = (
                f"{name}: what was kept of its counts has changed meanwhile; run the edition again"
            )
            raise CountsError(msg)
        counts = unpack_counts((self._folder / f"{key}.counts").read_bytes())
        ids = tuple((self._folder / file, shift) for file, shift, _ in about["ids"])
        return CountedFile(
            name=name,
            sha256=sha256,
            counts=counts,
            facts=_read_facts(about["facts"]),
            ids=IdRecords(files=ids),
            segments=frozenset(counts.units["segment"]),
        )

    def save(self, counted: CountedFile, source: SurveySource) -> None:
        """Keep a counted file; a broken one is read again next time.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        if counted.is_broken or counted.counts is None:
            return
        key = self._key(source, counted.name, counted.sha256)
        about: dict[str, Any] = {
            "facts": _tell_facts(counted.facts),
            "ids": [(path.name, shift, path.stat().st_size) for path, shift in counted.ids.files],
        }
        self._folder.mkdir(parents=True, exist_ok=True)
        packed = pack_counts(counted.counts)
        about["counts_sha256"] = hashlib.sha256(packed).hexdigest()
        write_whole(packed, self._folder / f"{key}.counts")
        content = json.dumps(about, ensure_ascii=False)
        write_whole(content.encode(), self._folder / f"{key}.json")

    def _find(self, key: str) -> dict[str, Any] | None:
        try:
            found = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
            about: dict[str, Any] = dict(found)
            whole = hash_file(self._folder / f"{key}.counts") == about["counts_sha256"]
            ids = all(
                (self._folder / file).stat().st_size == size for file, _, size in about["ids"]
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return about if whole and ids else None

    def _key(self, source: SurveySource, name: str, sha256: str) -> str:
        reading = source.model_dump_json(exclude=_PLACES)
        content = "\0".join((self._common, sha256, name, reading))
        return hashlib.sha256(content.encode()).hexdigest()[:32]


_PLAIN = ("n_records", "n_rows", "n_kept", "n_left_out", "has_weight", "id_heading")
"""Facts that JSON holds as they are; ages are reported, and filtered texts told, already."""


def _tell_facts(facts: RowFacts) -> dict[str, Any]:
    return {
        **{name: getattr(facts, name) for name in _PLAIN},
        "log": facts.log.to_records(),
        "levels": {trait: sorted(levels) for trait, levels in facts.trait_levels.items()},
        "no_answer": facts.no_answer.to_dict(orient="list"),
        "no_answer_types": {name: str(kind) for name, kind in facts.no_answer.dtypes.items()},
    }


def _read_facts(told: Mapping[str, Any]) -> RowFacts:
    return RowFacts(
        log=FaultLog.from_records(told["log"]),
        no_answer=pd.DataFrame(told["no_answer"]).astype(told["no_answer_types"]),
        trait_levels={trait: frozenset(levels) for trait, levels in told["levels"].items()},
        **{name: told[name] for name in _PLAIN},
    )
