"""Make reference.docx, the styles of every DOCX, from Pandoc's default reference document.

Run ``python reports/templates/make_reference.py`` after a change here and commit the result. The
same script gives the same bytes.
"""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Final

import pypandoc

from clientindex.publishing.columns import SIZES_PT
from clientindex.publishing.docx import fix_zip_dates

TARGET: Final = Path(__file__).with_name("reference.docx")
FONT: Final = "Times New Roman"
MONO: Final = "Liberation Mono"
ACCENT: Final = "1F4E79"
FAINT: Final = "595959"
CALLOUTS: Final = {
    "Note": ("1F5C99", "EEF3F8"),
    "Tip": ("2C6E49", "EFF5F1"),
    "Important": ("7A2E6B", "F5EFF4"),
    "Warning": ("9A5B00", "F8F3EB"),
    "Caution": ("9C2A22", "F8EFEE"),
}
MM: Final = 1440 / 25.4
"""Twentieths of a point in a millimetre."""

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def main() -> None:
    """Write the reference document."""
    TARGET.write_bytes(_archive(_changed(_default_parts())))
    fix_zip_dates(TARGET)


def _default_parts() -> dict[str, str]:
    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    done = subprocess.run(command, capture_output=True, check=True)
    with zipfile.ZipFile(io.BytesIO(done.stdout)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def _archive(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def _changed(parts: dict[str, str]) -> dict[str, str]:
    document = re.sub(
        r"<w:sectPr>.*?</w:sectPr>", _section(), parts["word/document.xml"], flags=re.DOTALL
    )
    types = parts["[Content_Types].xml"].replace("</Types>", f"{_types()}</Types>")
    relations = parts["word/_rels/document.xml.rels"]
    return {
        **parts,
        "[Content_Types].xml": types,
        "word/document.xml": document,
        "word/styles.xml": _styles(parts["word/styles.xml"]),
        "word/_rels/document.xml.rels": relations.replace(
            "</Relationships>", f"{_relations()}</Relationships>"
        ),
        "word/header1.xml": _header(),
        "word/footer1.xml": _footer(),
    }


def _section() -> str:
    margins = {"top": 20, "right": 15, "bottom": 20, "left": 30, "header": 10, "footer": 10}
    written = " ".join(f'w:{side}="{round(mm * MM)}"' for side, mm in margins.items())
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader1"/>'
        '<w:footerReference w:type="default" r:id="rIdFooter1"/>'
        f'<w:pgSz w:w="{round(210 * MM)}" w:h="{round(297 * MM)}"/>'
        f'<w:pgMar {written} w:gutter="0"/><w:titlePg/></w:sectPr>'
    )


def _types() -> str:
    return "".join(
        f'<Override PartName="/word/{part}1.xml" ContentType="{_CONTENT}.{part}+xml"/>'
        for part in ("header", "footer")
    )


def _relations() -> str:
    return "".join(
        f'<Relationship Id="rId{part.capitalize()}1" Type="{_RELATIONS}/{part}"'
        f' Target="{part}1.xml"/>'
        for part in ("header", "footer")
    )


def _header() -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:hdr xmlns:w="{_WORD}"><w:p><w:pPr>'
        f'<w:pStyle w:val="Header"/></w:pPr>{_field("TITLE")}</w:p></w:hdr>'
    )


def _footer() -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:ftr xmlns:w="{_WORD}"><w:p><w:pPr>'
        f'<w:pStyle w:val="Footer"/></w:pPr>{_field("PAGE")}</w:p></w:ftr>'
    )


def _field(code: str) -> str:
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:t></w:t></w:r></w:fldSimple>'


def _styles(text: str) -> str:
    text = _replace_defaults(text)
    made = {**_body(), **_front(), **_headings(), **_captions(), **_callouts(), **_table()}
    for identifier, style in made.items():
        pattern = re.compile(rf'\s*<w:style [^>]*w:styleId="{identifier}".*?</w:style>', re.DOTALL)
        text = pattern.sub("", text)
        text = text.replace("</w:styles>", f"{style}\n</w:styles>")
    return text


def _replace_defaults(text: str) -> str:
    """Name the font instead of the theme, and let lines be as long as A4 allows."""
    text = re.sub(r"<w:rFonts[^>]*Theme[^>]*/>", _font(FONT), text, flags=re.DOTALL)
    text = re.sub(r'<w:color w:val="[0-9A-F]{6}" w:themeColor[^>]*/>', _colour(ACCENT), text)
    return text.replace('<w:sz w:val="24" />', '<w:sz w:val="23" />', 1)


def _colour(value: str) -> str:
    return f'<w:color w:val="{value}"/>'


def _font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _style(
    identifier: str, name: str, *, based: str = "Normal", par: str = "", run: str = ""
) -> str:
    custom = "" if identifier in _BUILT_IN else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{identifier}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/><w:next w:val="BodyText"/><w:qFormat/>'
        f"<w:pPr>{par}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


_BUILT_IN: Final = frozenset(
    {
        *("BodyText", "Title", "Subtitle", "Date", "Caption", "Header", "Footer", "TOCHeading"),
        *("FootnoteText", "TOC1", "TOC2", "TOC3", *(f"Heading{n}" for n in range(1, 7))),
    }
)


def _space(before: int, after: int, line: int = 264) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _body() -> dict[str, str]:
    body = f'{_space(0, 140)}<w:jc w:val="both"/>'
    small = f'{_space(40, 40, 252)}<w:jc w:val="both"/>'
    rule = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="2" w:color="BFBFBF"/></w:pBdr>'
    centre = '<w:jc w:val="center"/>'
    return {
        "BodyText": _style("BodyText", "Body Text", par=body),
        "Compact": _style("Compact", "Compact", par=small),
        "DefinitionEntry": _style(
            "DefinitionEntry",
            "Definition Entry",
            par=f'{_space(0, 100)}<w:ind w:left="300" w:hanging="300"/><w:jc w:val="both"/>',
        ),
        "FootnoteText": _style(
            "FootnoteText", "footnote text", par=_space(0, 40, 240), run=_size(19)
        ),
        "Header": _style(
            "Header", "header", par=rule, run=f'<w:color w:val="{FAINT}"/>{_size(17)}'
        ),
        "Footer": _style(
            "Footer", "footer", par=centre, run=f'<w:color w:val="{FAINT}"/>{_size(18)}'
        ),
        "SourceCode": _style(
            "SourceCode",
            "Source Code",
            par=f'<w:shd w:val="clear" w:fill="F4F6F8"/>{_space(80, 80, 240)}',
            run=f"{_font(MONO)}{_size(18)}",
        ),
    }


def _front() -> dict[str, str]:
    centre = '<w:jc w:val="center"/>'
    heading = f'<w:b/><w:color w:val="{ACCENT}"/>'
    contents = f"<w:keepNext/><w:pageBreakBefore/>{_space(0, 200)}{centre}"
    return {
        "Title": _style(
            "Title", "Title", par=f"{_space(4000, 200, 240)}{centre}", run=heading + _size(48)
        ),
        "Subtitle": _style("Subtitle", "Subtitle", par=_space(0, 400) + centre, run=_size(28)),
        "Author": _style("Author", "Author", par=_space(0, 0) + centre, run=_size(24)),
        "Date": _style("Date", "Date", par=_space(5000, 0) + centre, run=_size(24)),
        "TOCHeading": _style(
            "TOCHeading", "TOC Heading", par=contents, run=f"{heading}<w:caps/>{_size(30)}"
        ),
        **{f"TOC{n}": _contents_line(n) for n in (1, 2, 3)},
        **_structural(),
    }


def _contents_line(level: int) -> str:
    right = round(165 * MM)
    tab = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{right}"/></w:tabs>'
    indent = f'<w:ind w:left="{(level - 1) * 260}" w:right="400"/>'
    bold = "<w:b/>" if level == 1 else ""
    before = 120 if level == 1 else 20
    return _style(
        f"TOC{level}", f"toc {level}", par=tab + _space(before, 20, 240) + indent, run=bold
    )


def _structural() -> dict[str, str]:
    """Make headings in the middle of the line on new pages; unlisted ones are not in contents."""
    common = f'<w:pageBreakBefore/>{_space(0, 200, 240)}<w:jc w:val="center"/>'
    made = {}
    for kind, capitals in (("Structural", "<w:caps/>"), ("Appendix", "")):
        for suffix, level in (("", 0), (" Unlisted", _BODY_LEVEL)):
            name = f"{kind} Heading{suffix}"
            identifier = name.replace(" ", "")
            par = f'{common}<w:outlineLvl w:val="{level}"/>'
            made[identifier] = _style(identifier, name, based="Heading1", par=par, run=capitals)
    return made


_BODY_LEVEL: Final = 9
"""The outline level of text that is no heading."""


def _headings() -> dict[str, str]:
    sizes = {1: (30, 480, 180), 2: (26, 360, 140), 3: (24, 280, 120), 4: (23, 240, 100)}
    made = {}
    for level, (size, before, after) in sizes.items():
        outline = f'<w:outlineLvl w:val="{level - 1}"/>'
        par = f"<w:keepNext/><w:keepLines/>{_space(before, after, 240)}{outline}"
        run = f'{_font(FONT)}<w:b/><w:color w:val="{ACCENT}"/>{_size(size)}'
        made[f"Heading{level}"] = _style(f"Heading{level}", f"heading {level}", par=par, run=run)
    return made


def _captions() -> dict[str, str]:
    table = f'<w:keepNext/>{_space(280, 100, 240)}<w:jc w:val="left"/>'
    image = f'{_space(80, 280, 240)}<w:jc w:val="center"/>'
    figure = f'<w:keepNext/>{_space(240, 0, 240)}<w:jc w:val="center"/>'
    return {
        "Caption": _style("Caption", "caption", run=_size(22)),
        "TableCaption": _style("TableCaption", "Table Caption", based="Caption", par=table),
        "ImageCaption": _style("ImageCaption", "Image Caption", based="Caption", par=image),
        "CaptionedFigure": _style("CaptionedFigure", "Captioned Figure", par=figure),
    }


def _callouts() -> dict[str, str]:
    made = {}
    for name, (colour, fill) in CALLOUTS.items():
        title = f"<w:keepNext/>{_space(40, 60)}"
        bold = f'<w:b/><w:color w:val="{colour}"/>'
        identifier = f"Callout{name}Title"
        made[identifier] = _style(identifier, f"Callout {name} Title", par=title, run=bold)
        made[f"Callout{name}"] = _callout_table(f"Callout{name}", colour, fill)
    return made


def _callout_table(identifier: str, colour: str, fill: str) -> str:
    margins = "".join(f'<w:{s} w:w="{w}" w:type="dxa"/>' for s, w in _CALLOUT_MARGINS.items())
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{identifier}">'
        f'<w:name w:val="{identifier}"/><w:basedOn w:val="TableNormal"/>'
        '<w:tblPr><w:tblInd w:w="80" w:type="dxa"/><w:tblBorders>'
        f'<w:left w:val="single" w:sz="24" w:space="0" w:color="{colour}"/></w:tblBorders>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{fill}"/></w:tcPr></w:style>'
    )


def _table() -> dict[str, str]:
    edge = '<w:{0} w:val="single" w:sz="{1}" w:space="0" w:color="{2}"/>'
    outer = edge.format("top", 8, "1D2733") + edge.format("bottom", 6, "1D2733")
    inner = edge.format("insideH", 4, "BFC5CB")
    margins = "".join(f'<w:{s} w:w="{w}" w:type="dxa"/>' for s, w in _CELL_MARGINS.items())
    head = edge.format("bottom", 6, "1D2733")
    return {
        "Table": (
            '<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/>'
            '<w:basedOn w:val="TableNormal"/><w:qFormat/>'
            f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>{outer}{inner}</w:tblBorders>'
            f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
            '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
            f'<w:tcBorders>{head}</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
            "</w:style>"
        ),
        "AfterTable": _style("AfterTable", "After Table", par=_space(0, 0, 120)),
        "TableNote": _style("TableNote", "Table Note", par=_space(0, 200, 240), run=_size(20)),
        **_table_texts(),
    }


def _table_texts() -> dict[str, str]:
    """Make one style a text size, and one more whose rows stay on one page."""
    made = {}
    for size in SIZES_PT:
        for suffix, keep in (("", ""), (" Together", "<w:keepNext/>")):
            name = f"Table Text {size:g}{suffix}"
            identifier = name.replace(" ", "").replace(".", "")
            par = f'{keep}{_space(20, 20, 240)}<w:jc w:val="left"/>'
            made[identifier] = _style(identifier, name, par=par, run=_size(round(2 * size)))
    return made


_CELL_MARGINS: Final = {"top": 30, "left": 70, "bottom": 30, "right": 70}
_CALLOUT_MARGINS: Final = {"top": 80, "left": 200, "bottom": 20, "right": 160}


if __name__ == "__main__":
    main()
