"""The keys of an office's template."""

from __future__ import annotations

from mpi.config.keys.shapes import Identifier, ListOf, OneOf, Text, Titles, key, keys
from mpi.language import template
from mpi.vocabulary.options import SECTIONS

COLOUR = Text("#[0-9a-fA-F]{6}")
LOGO = keys("logo", template("the sign of an office"), (
    key("file", Text(), template(
        "SVG or PNG, at most 64 KiB, which every page carries inside; an SVG has a viewBox and no scripts, links or "
        "DOCTYPE"
    ), required=True, examples=("logo.svg",)),
    key("picture", Text(), template("a PNG for charts, maps and the workbook, if `file` is an SVG")),
    key("alt", Titles(), template("what it is, for who does not see it"), required=True),
))  # fmt: skip
COLOURS = keys("colours", template("the colours of an office"), (
    key("accent", COLOUR, template("of titles, links and rules"), examples=("#0b5345",)),
    key("sequential", ListOf(COLOUR), template("of classes, 2 to 9 from light to dark; others are blended between")),
    key("second", ListOf(COLOUR), template("of a second scale beside the first")),
    key("categorical", ListOf(COLOUR), template("of lines, marks and bars, 5 to 8; the first leads")),
))  # fmt: skip
FONTS = keys("fonts", template("the fonts of an office"), (
    key("text", ListOf(Text()), template("families; the first that a reader's system has is taken")),
    key("headings", ListOf(Text()), template("families of titles and of the main sentence")),
    key("regular", Text(), template(
        "a TrueType file, at most 512 KiB, which goes before the families; pages of areas name the families only"
    )),
    key("bold", Text(), template("the same in bold")),
), needs={"bold": "regular"})  # fmt: skip
TEMPLATE = keys("template", template("a template of an office: its look and texts in every output"), (
    key("template", Identifier(), template("its name"), required=True, examples=("our_office",)),
    key("office", Titles(), template("the name of the office")),
    key("address", Titles(), template("where it is")),
    key("web", Text(), template("its address of the web"), examples=("https://www.example.org",)),
    key("logo", LOGO, template("its sign; files lie below the folder of the template")),
    key("colours", COLOURS, template(
        'in quotes, as `"#0b3d66"`; what some readers cannot read or tell apart is refused'
    )),
    key("fonts", FONTS, template("of pages")),
    key("sections", ListOf(OneOf(SECTIONS), least=1), template(
        "the sections of the report in their order; those that are not named are left out, but `key`, `quality` and "
        "`definition` must be named"
    )),
    key("foreword", Titles(), template(
        "a text of the office in the report and in `index.html`; an empty line divides paragraphs"
    )),
    key("contact", Titles(), template("whom to ask")),
    key("licence", Titles(), template("under which licence the publication may be used")),
    key("note", Titles(), template("what else the office says at the end of every page")),
))  # fmt: skip
