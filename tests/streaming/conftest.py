from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from clientindex.errors import ClusterError
from clientindex.streaming.spark_session import check_spark, ignore_pandas_version, open_session
from national_survey import NationalSurvey, draw_people

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def survey(tmp_path: Path) -> NationalSurvey:
    return NationalSurvey(folder=tmp_path)


@pytest.fixture
def three(survey: NationalSurvey) -> NationalSurvey:
    """Return a survey of three files of 40 rows, the second in Parquet."""
    survey.write_csv("p0.csv", draw_people(0, 40))
    survey.write_parquet("p1.parquet", draw_people(1, 40, first_id=100))
    survey.write_csv("p2.csv", draw_people(2, 40, first_id=200))
    survey.use({"file": "p*"})
    return survey


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One session for all tests of this folder, since it takes seconds to start."""
    try:
        check_spark()
    except ClusterError as exc:
        pytest.skip(str(exc))
    with open_session("local[2]", settings={"spark.sql.shuffle.partitions": "2"}) as session:
        yield session


@pytest.fixture(scope="session")
def on_spark(spark: Any) -> Iterator[Any]:
    """Let every run of the engine of Spark use that session."""

    @contextmanager
    def lend(*_args: object, **_kwargs: object) -> Iterator[Any]:
        with ignore_pandas_version():
            yield spark

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clientindex.streaming.spark.open_session", lend)
        yield spark
