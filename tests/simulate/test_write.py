from pathlib import Path

import pandas as pd
import pytest

from clientindex.edition import Edition, Simulation
from clientindex.errors import EditionError
from clientindex.methodology import Methodology
from clientindex.simulate import SimulatedPilot, simulate_pilot, write_pilot
from clientindex.simulate.pilot import PilotTruth

OF_TRAITS = ("common_mix", "trait_effects")
"""Truth that is written only where clients have traits."""
NOT_ALWAYS = (*OF_TRAITS, "change")
"""And only for a year that is earlier than another."""


def _change_data(edition: Edition, **changes: object) -> Edition:
    return edition.model_copy(update={"data": edition.data.model_copy(update=changes)})


def _change_survey(edition: Edition, **changes: object) -> Edition:
    first, *rest = edition.data.survey
    return _change_data(edition, survey=(first.model_copy(update=changes), *rest))


def test_exactly_the_edition_s_files_and_the_truth_are_written(
    pilot: SimulatedPilot, edition: Edition
) -> None:
    written = write_pilot(pilot, edition)
    assert written[:6] == edition.input_files
    folder = edition.input_files[0].parent
    assert sorted(folder.rglob("*.*")) == sorted(written)
    assert {path.name for path in written[6:]} == {
        *(f"{name}.csv" for name in PilotTruth.__slots__ if name not in NOT_ALWAYS),
        "README.txt",
    }


def test_columns_are_named_as_the_edition_names_them(
    pilot: SimulatedPilot, edition: Edition
) -> None:
    write_pilot(pilot, edition)
    survey = pd.read_csv(edition.input_files[0])
    assert list(survey)[:4] == ["respondent_id", "centre_id", "quarter", "competence"]
    assert set(survey["channel"]) == {"лично", "онлайн"}
    assert set(survey["quarter"]) == {"2026Q1", "2026Q2"}
    assert survey["day"].str.fullmatch(r"2026-0[1-6]-\d\d").all()
    late = survey["day"] > "2026-04"
    assert (late == (survey["quarter"] == "2026Q2")).all()
    # Twenty indicators at a median of seven seconds.
    assert 130 < survey["duration"].median() < 150
    register = pd.read_csv(edition.input_files[2])
    assert list(register) == ["centre_id", "name", "region", "visitors"]
    assert list(pd.read_csv(edition.input_files[3])) == ["centre_id", "item", "answer"]


def test_delimiter_encoding_and_indicator_names_are_respected(
    pilot: SimulatedPilot, edition: Edition
) -> None:
    changed = _change_survey(
        edition, delimiter=";", encoding="cp1251", indicators={"competence": "Компетентность"}
    )
    write_pilot(pilot, changed)
    content = edition.input_files[0].read_bytes()
    assert content.splitlines()[0].decode("cp1251").split(";")[3] == "Компетентность"


def test_one_file_for_all_segments_has_a_segment_column(
    pilot: SimulatedPilot, edition: Edition
) -> None:
    source = edition.data.survey[0].model_copy(update={"segment": None})
    write_pilot(pilot, _change_data(edition, survey=(source,)))
    assert pd.read_csv(source.file)["segment"].value_counts().to_dict() == {
        "citizens": 4000,
        "employers": 1000,
    }


def test_parquet_is_written_where_the_edition_asks_for_it(
    pilot: SimulatedPilot, edition: Edition
) -> None:
    path = edition.input_files[0].with_suffix(".parquet")
    write_pilot(pilot, _change_survey(edition, file=path))
    table = pd.read_parquet(path)
    assert table["competence"].to_list() == pilot.surveys["citizens"]["competence"].to_list()


def test_the_same_seed_gives_the_same_bytes(
    edition: Edition, methodology: Methodology, small: Simulation, pilot: SimulatedPilot
) -> None:
    first = {path: path.read_bytes() for path in write_pilot(pilot, edition)}
    again = simulate_pilot(methodology, small, seed=0)
    second = {path: path.read_bytes() for path in write_pilot(again, edition, force=True)}
    assert first == second


def test_the_truth_says_that_it_is_synthetic(pilot: SimulatedPilot, edition: Edition) -> None:
    note = write_pilot(pilot, edition)[-1].read_text(encoding="utf-8")
    assert "синтетические данные / synthetic data" in note
    assert "seed 0" in note


def test_existing_files_are_not_overwritten(pilot: SimulatedPilot, edition: Edition) -> None:
    precious = edition.input_files[2]
    precious.parent.mkdir(parents=True)
    precious.write_text("mine", encoding="utf-8")
    with pytest.raises(EditionError, match=r"(?s)register\.csv.*--force"):
        write_pilot(pilot, edition)
    assert [path.name for path in precious.parent.iterdir()] == ["register.csv"]
    assert precious.read_text(encoding="utf-8") == "mine"
    write_pilot(pilot, edition, force=True)
    assert precious.read_text(encoding="utf-8").startswith("centre_id")


def test_an_edition_that_is_not_synthetic_gets_no_invented_data(
    pilot: SimulatedPilot, edition: Edition
) -> None:
    with pytest.raises(EditionError, match="not marked 'synthetic: true'"):
        write_pilot(pilot, edition.model_copy(update={"synthetic": False}))
    assert not edition.input_files[0].exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "option_counts"}, "writes kind 'respondents', not 'option_counts'"),
        ({"format": "sav"}, "csv or parquet, not 'sav'"),
        ({"segment": "pensioners"}, "no respondents for it"),
        ({"where": {"wave": "1"}}, "read with 'where'"),
    ],
)
def test_what_a_simulation_cannot_write_is_refused(
    pilot: SimulatedPilot, edition: Edition, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(EditionError, match=message):
        write_pilot(pilot, _change_survey(edition, **changes))
    assert not edition.input_files[0].exists()


def test_a_pattern_and_a_shared_file_are_refused(pilot: SimulatedPilot, edition: Edition) -> None:
    spec = edition.data.survey[0].columns["centre"].model_copy(update={"pattern": "^(..)"})
    with pytest.raises(EditionError, match="read by a pattern"):
        write_pilot(pilot, _change_survey(edition, columns={"centre": spec}))
    with pytest.raises(EditionError, match="a file of its own"):
        write_pilot(pilot, _change_survey(edition, file=edition.data.survey[1].file))


@pytest.mark.parametrize(
    "changes", [{"sheet": "Баллы"}, {"format": "csv"}, {"file": Path("experts.csv")}]
)
def test_experts_are_written_as_a_workbook_only(
    pilot: SimulatedPilot, edition: Edition, changes: dict[str, object]
) -> None:
    assert edition.data.experts is not None
    experts = edition.data.experts.model_copy(update=changes)
    with pytest.raises(EditionError, match="experts' answers as xlsx"):
        write_pilot(pilot, _change_data(edition, experts=experts))
    assert not edition.input_files[0].exists()


def test_ready_group_scores_are_refused(pilot: SimulatedPilot, edition: Edition) -> None:
    assert edition.data.checklist is not None
    scores = edition.data.checklist.model_copy(update={"kind": "group_scores"})
    with pytest.raises(EditionError, match="writes kind 'items'"):
        write_pilot(pilot, _change_data(edition, checklist=scores))


def test_a_fault_while_writing_leaves_the_folder_as_it_was(
    pilot: SimulatedPilot, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pilot(pilot, edition)
    before = {path: path.read_bytes() for path in edition.input_files}
    write_bytes = Path.write_bytes

    def fail_at_the_register(path: Path, content: bytes) -> int:
        if "register" in path.name:
            raise OSError(28, "No space left on device", str(path))
        return write_bytes(path, content)

    monkeypatch.setattr(Path, "write_bytes", fail_at_the_register)
    with pytest.raises(EditionError, match=r"No space left on device.*no file is half-written"):
        write_pilot(pilot, edition, force=True)
    assert {path: path.read_bytes() for path in edition.input_files} == before
    assert not list(edition.input_files[0].parent.rglob("*.part"))
