"""Settings files from outside: nothing in them runs, grows or stands twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientindex.edition import load_edition
from clientindex.errors import EditionError, MethodologyError
from clientindex.methodology import load_methodology

METHODOLOGY = Path(__file__).parents[2] / "methodology" / "2026.yml"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
)
HOSTILE = {
    "object": ("schema: 1\nid: !!python/object/apply:os.system ['touch {mark}']\n", 2, "the tag"),
    "name": ("schema: 1\n\nid: !!python/name:os.system\n", 3, "the tag"),
    "own tag": ("schema: !run 1\n", 1, "the tag"),
    "bomb": (BOMB, 6, "aliases repeat values here more than 100000 times"),
    "itself": ("schema: 1\nid: &a [1, *a]\n", 2, "one holds itself"),
    "alias": ("schema: 1\nid: *other\n", 2, "found undefined alias"),
    "twice": ("schema: 1\nid: a\nid: b\n", 3, "a key may stand only once"),
}
LOADERS = {
    "edition": (load_edition, EditionError),
    "methodology": (load_methodology, MethodologyError),
}


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_settings_are_refused_with_their_line(tmp_path, loader, case):
    text, line, words = HOSTILE[case]
    load, error = LOADERS[loader]
    mark = tmp_path / "executed"
    path = tmp_path / "settings.yml"
    path.write_text(text.replace("{mark}", str(mark)).replace("{{", "{").replace("}}", "}"))
    with pytest.raises(error) as caught:
        load(path)
    assert f"line {line}" in str(caught.value)
    assert words in str(caught.value)
    assert not mark.exists()


def test_texts_with_such_signs_are_texts(tmp_path):
    """A quoted text, a comment and a sentence may hold them."""
    text = METHODOLOGY.read_text(encoding="utf-8")
    path = tmp_path / "m.yml"
    path.write_text(text.replace("fewest: 5\n", "fewest: 7 # !not &a *tag\n"), encoding="utf-8")
    assert load_methodology(path).disclosure.fewest == 7


def test_a_value_may_be_named_and_used_again(tmp_path):
    text = METHODOLOGY.read_text(encoding="utf-8")
    path = tmp_path / "m.yml"
    named = text.replace("minimum_sample: 30\n", "minimum_sample: &few 30\n")
    assert "fewest: 5\n" in named
    path.write_text(named.replace("fewest: 5\n", "fewest: *few\n"), encoding="utf-8")
    found = load_methodology(path)
    assert (found.disclosure.fewest, found.stars.minimum_sample) == (30, 30)
