"""The replication pack of an edition: everything that a reviewer needs, in one ZIP file."""

from __future__ import annotations

from clientindex.pipeline.repro_pack.make import PackOutcome, make_pack

__all__ = ["PackOutcome", "make_pack"]
