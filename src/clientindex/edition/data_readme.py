"""What belongs into the folder of the data of a new edition, from the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.edition.sources import ChecklistSource, MarginsSource, MeasureSource, SurveySource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.edition.model import Edition
    from clientindex.edition.sources import TableFile

_TEXT = """\
# Data of the edition {new_id}

Сюда кладут исходные данные издания {new_id}: файлы с теми же именами, что в издании {former}.
Имена, листы и столбцы задаёт файл издания; что должно быть в файлах, сказано в data_raw/README.md
и editions/template.yml. Программа их только читает. Персональные данные сюда не кладут.

The data of the edition {new_id} belong here, under the names that they had in the edition {former}.
The file of the edition names files, sheets and columns; what they hold is told by
data_raw/README.md and editions/template.yml. The program only reads them. No personal data.

| file | what it is |
|---|---|
{rows}

When the files are there: `make validate EDITION={new_id}`.
"""


def write_data_readme(former: Edition, new_id: str) -> bytes:
    """Write the page that lists the files of an edition by what they are.

    Parameters
    ----------
    former : Edition
        The edition before, which names the files.
    new_id : str
    """
    rows = dict.fromkeys(f"| {name} | {what} |" for name, what in _list_files(former))
    text = _TEXT.format(new_id=new_id, former=former.id, rows="\n".join(rows))
    return text.encode("utf-8")


def _list_files(edition: Edition) -> Iterator[tuple[str, str]]:
    own = {
        id(edition.data.second_checklist): "second checklists (повторные чек-листы)",
        id(edition.data.experts): "experts on weights (ответы экспертов о весах)",
    }
    by_spark = [id(source) for source in edition.spark_sources]
    for source in edition.sources:
        if id(source) in by_spark:
            continue
        yield source.file.name, own.get(id(source)) or _tell(source)


def _tell(source: TableFile) -> str:
    if isinstance(source, SurveySource):
        of = f" of {source.segment}" if source.segment else ""
        return f"survey answers{of}, {source.kind} (ответы опроса)"
    if isinstance(source, MeasureSource):
        return "measures that centres report (меры центров)"
    if isinstance(source, ChecklistSource):
        return "checklists (чек-листы)"
    if isinstance(source, MarginsSource):
        return "known margins of visitors (состав посетителей)"
    return "register of centres (реестр центров)"
