"""One number of threads: where it comes from, and that nothing exceeds it."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from clientindex.cli.options import threads_option
from clientindex.errors import ThreadsError
from clientindex.threads import (
    VARIABLE,
    count_processors,
    get_threads,
    map_in_threads,
    read_quota,
    run_in_threads,
    use_threads,
)

if TYPE_CHECKING:
    from pathlib import Path

import click


@click.command()
@threads_option
def tell() -> None:
    click.echo(f"{get_threads()} {os.environ.get(VARIABLE)}")


def test_without_a_number_there_are_as_many_threads_as_processors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert get_threads() == count_processors()
    with use_threads(None):
        assert get_threads() == count_processors()


def test_the_environment_gives_the_number_and_children_inherit_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "5")
    assert get_threads() == 5
    with use_threads(3):
        assert (get_threads(), os.environ[VARIABLE]) == (3, "3")
    assert (get_threads(), os.environ[VARIABLE]) == (5, "5")


@pytest.mark.parametrize("text", ["0", "-2", "two", "1.5"])
def test_what_is_no_number_of_threads_is_told(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(ThreadsError, match=f"{VARIABLE} is '{text}'; give a whole number"):
        get_threads()


def test_the_option_is_above_the_environment_and_ends_with_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    runner = CliRunner()
    assert runner.invoke(tell, ["--threads", "7"]).output == "7 7\n"
    assert VARIABLE not in os.environ
    assert runner.invoke(tell, env={VARIABLE: "6"}).output == "6 6\n"
    assert runner.invoke(tell, ["--threads", "4"], env={VARIABLE: "6"}).output == "4 4\n"


@pytest.mark.parametrize("text", ["0", "many"])
def test_a_wrong_option_is_refused(text: str) -> None:
    done = CliRunner().invoke(tell, ["--threads", text])
    assert done.exit_code == 2
    assert "Invalid value for '--threads'" in done.output


@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({"cpu.max": "150000 100000\n"}, 1.5),
        ({"cpu.max": "max 100000\n"}, None),
        ({"cpu/cpu.cfs_quota_us": "400000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 4.0),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None),
        ({}, None),
    ],
)
def test_the_bound_of_a_container_counts(
    files: dict[str, str], quota: float | None, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="ascii")
    assert read_quota(tmp_path) == quota


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_values_come_in_the_order_of_the_tasks(threads: int) -> None:
    with use_threads(threads):
        assert map_in_threads(lambda number: number**2, range(9)) == [n**2 for n in range(9)]
        assert run_in_threads([lambda: "one", lambda: "two"]) == ["one", "two"]
        assert map_in_threads(str, []) == []


def test_work_inside_of_shared_work_is_not_shared_again() -> None:
    """Two tasks meet, so both threads are there; each of them may use one."""
    barrier = threading.Barrier(2, timeout=60)

    def work(_: int) -> int:
        barrier.wait()
        return get_threads()

    with use_threads(2):
        assert map_in_threads(work, range(2)) == [1, 1]
        assert get_threads() == 2
