"""How a text file looks: its page, its styles, its language, its footer. An office changes any of it in one place."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from mpi.specs.template import Template
from mpi.vocabulary.wording import Language

TEXT, NOTE, WARNING, SOURCE, CODE, NUMBER = "Normal", "Note", "Warning", "Source", "Code", "Card"
ACCENT, SOFT = "0B3D66", "50565E"
FONT, CODE_FONT = "Arial", "Consolas"
# Word marks every word of a language that it is not told the country of.
COUNTRIES: dict[Language, str] = {"es": "es-CO", "en": "en-GB", "pt": "pt-BR", "fr": "fr-FR"}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def dressed(document: Any, language: Language, template: Template | None) -> None:
    """Give a new document its page, styles and language; the accent is that of an office's template."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(2)
    accent = RGBColor.from_string((template.colours.accent.lstrip("#") if template else "") or ACCENT)
    soft, styles = RGBColor.from_string(SOFT), document.styles
    for name in (NOTE, WARNING, SOURCE, CODE, NUMBER):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[TEXT]
    code = styles.add_style(f"{CODE} Char", WD_STYLE_TYPE.CHARACTER)
    sizes = {TEXT: 10, NOTE: 9.5, WARNING: 9.5, SOURCE: 8, CODE: 8.5, NUMBER: 9, "Title": 22, "Subtitle": 13,
             "Heading 1": 17, "Heading 2": 13.5, "Heading 3": 11.5, "Heading 4": 10.5, "Caption": 9.5,
             "Intense Quote": 15}  # fmt: skip
    for name, size in sizes.items():
        style = styles[name]
        _font(style, CODE_FONT if name == CODE else FONT, Pt(size))
        style.paragraph_format.space_after = Pt(2 if name in (SOURCE, CODE, NUMBER) else 6)
        if name.startswith("Heading") or name in ("Title", "Subtitle", "Caption", "Intense Quote"):
            style.font.color.rgb = accent
            style.font.italic = False
        if name in (NOTE, SOURCE):
            style.font.color.rgb = soft
    _font(code, CODE_FONT, Pt(8.5))
    styles["Caption"].paragraph_format.keep_with_next = True
    styles["Caption"].paragraph_format.space_before = Pt(10)
    styles["Intense Quote"].paragraph_format.left_indent = styles["Intense Quote"].paragraph_format.right_indent = Cm(0)
    styles[NUMBER].font.bold = styles[WARNING].font.bold = True
    for own in styles.element.iter(f"{W}lang"):
        own.set(f"{W}val", COUNTRIES[language])


def _font(style: Any, name: str, size: Any) -> None:
    """The font of a style, for all scripts and against that of the theme."""
    style.font.name, style.font.size = name, size
    fonts = style.element.rPr.rFonts
    for attribute in list(fonts.attrib):
        if attribute.endswith("Theme"):
            del fonts.attrib[attribute]
    for script in ("cs", "eastAsia", "hAnsi"):
        fonts.set(f"{W}{script}", name)


def footer(document: Any, text: str) -> None:
    """What stands below each page: a text, and the number of the page of how many."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = SOURCE
    paragraph.add_run(f"{text}  ·  ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    field = OxmlElement("w:fldSimple")
    field.set(f"{W}instr", name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def without_traces(content: bytes) -> bytes:
    """A file without a date, and without the picture and the remark of the template that python-docx begins with."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name == "docProps/thumbnail.jpeg":
                continue
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"<dc:description>.*?</dc:description>", b"", part)
            if name == "_rels/.rels":
                part = re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", part)
            new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)  # dated 1980 at every run
    return made.getvalue()
