"""Compare what two documents say in sentences, number by number."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from clientindex.reproduction.comparison.tolerance import AS_WRITTEN
from clientindex.reproduction.content.numbers import cut_at_numbers, find_numbers, mask_numbers
from clientindex.results.verification import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clientindex.reproduction.content.document import Passage
    from clientindex.results.verification import DifferenceKind

WORDS_SHOWN: Final = 60
"""Characters before a number by which it is named."""
_HASH: Final = re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{12,64}\b")


def compare_passages(
    published: Sequence[Passage], rebuilt: Sequence[Passage], *, document: str
) -> Iterator[Difference]:
    """Give every difference between the passages of two documents.

    Parameters
    ----------
    published, rebuilt : sequence of Passage
    document : str
        File that holds the published ones.

    Yields
    ------
    Difference
        Where only numbers differ, each of them, named by the words before it; else the passage as a
        whole. Hashes that differ are ``origin``.
    """
    a = [mask_numbers(_HASH.sub("", passage.text)) for passage in published]
    b = [mask_numbers(_HASH.sub("", passage.text)) for passage in rebuilt]
    for tag, start, end, start_again, end_again in SequenceMatcher(
        None, a, b, autojunk=False
    ).get_opcodes():
        before, after = published[start:end], rebuilt[start_again:end_again]
        if tag == "equal":
            for one, other in zip(before, after, strict=True):
                yield from _compare_numbers(one, other, document)
        else:
            yield from _pair(before, after, document)


def _compare_numbers(published: Passage, rebuilt: Passage, document: str) -> Iterator[Difference]:
    """Compare two passages whose words are equal."""
    if published.text == rebuilt.text:
        return
    hashes = [_HASH.findall(passage.text) for passage in (published, rebuilt)]
    for one, other in zip(*hashes, strict=False):
        if one != other:
            yield _tell(published, document, "", one, other, "origin")
    texts = [_HASH.sub("", passage.text) for passage in (published, rebuilt)]
    words = cut_at_numbers(texts[0])
    for word, one, other in zip(words, *map(find_numbers, texts), strict=True):
        if one != other:
            yield _tell(published, document, word.strip()[-WORDS_SHOWN:], one, other, "number")


def _pair(
    before: Sequence[Passage], after: Sequence[Passage], document: str
) -> Iterator[Difference]:
    for one, other in zip_longest(before, after):
        if one is None:
            yield _tell(other, document, "", "", other.text, "added")
        elif other is None:
            yield _tell(one, document, "", one.text, "", "missing")
        else:
            yield _tell(one, document, "", one.text, other.text, "text")


def _tell(
    passage: Passage,
    document: str,
    column: str,
    published: str,
    rebuilt: str,
    kind: DifferenceKind,
) -> Difference:
    return Difference(
        document=document,
        part=passage.section,
        row="",
        column=column,
        published=published,
        rebuilt=rebuilt,
        tolerance=AS_WRITTEN,
        kind=kind,
    )
