"""The keys of the mapping of a published table."""

from __future__ import annotations

from mpi.config.keys.data_files import DIALECT
from mpi.config.keys.shapes import (
    AnyOf,
    Identifier,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Shape,
    Text,
    Titles,
    Whole,
    YesNo,
    key,
    keys,
)
from mpi.language import template
from mpi.vocabulary.options import NUMBER_FORMS
from mpi.vocabulary.statistics import STATISTICS

DECIMALS, HEADER, WIDTH = Whole(0, 15), Whole(1, 1_000), Whole(1, 40)
TITLES = ("title", "source", "licence", "note")
READING = keys("reading", template("a word that a column holds"), (
    key("column", Text(), template("the column"), required=True),
    key("codes", MapOf(Text()), template("what its words mean; other words are left out")),
    key("none", ListOf(Text()), template("the words that mean that there is none, such as the total's")),
    key("others", Text(), template("what words mean that `codes` lacks")),
    key("width", WIDTH, template("the number of digits of a code")),
    key("pad", YesNo(), template("`yes`: add the leading zeros that codes have lost, up to their width")),
), needs={"width": "pad", "pad": "width"})  # fmt: skip
_READ = AnyOf((Text(), READING))
_STATISTIC = OneOf((*STATISTICS,))
_OF_STATISTICS: dict[str, Shape] = {"codes": MapOf(_STATISTIC), "others": _STATISTIC}
STATISTIC_READING = keys("statistic_reading", template("a statistic that a column names"), tuple(
    key(one.name, _OF_STATISTICS.get(one.name, one.shape), one.text, required=one.required) for one in READING.keys
))  # fmt: skip
_READ_STATISTIC = AnyOf((_STATISTIC, STATISTIC_READING))
_WORD = template("a word, or `{{column:, codes:, none:, others:}}`. With `codes`, other words are left out, unless "
    "`others` says what they mean. Names of statistics as in [reference.md](reference.md)")  # fmt: skip
_WORDS = (
    key("period", _READ, _WORD),
    key("unit", _READ, _WORD),
    key("k", _READ, _WORD),
    key("statistic", _READ_STATISTIC, _WORD),
    key("dimension", _READ, _WORD),
    key("indicator", _READ, _WORD),
)
WORDS = tuple(one.name for one in _WORDS)
_DOMAINS = key("domains", MapOf(_READ), template("the same for each domain, by its name in the results"))
_COLUMNS = (
    key("column", Text(), template("the column of the figures"), required=True),
    key("se", Text(), template("the column of the standard errors")),
    key("cv", Text(), template("the column of the coefficients of variation, in percent; for maps")),
    key("low", Text(), template("the column of the lower ends of the intervals")),
    key("high", Text(), template("the column of the upper ends of the intervals")),
)
COLUMNS = tuple(one.name for one in _COLUMNS)
VALUES = keys("values", template("a column of figures"), (
    *_COLUMNS,
    *_WORDS,
    _DOMAINS,
    key("title", Titles(), template("its title on a map, as one text or by language")),
    key("form", OneOf(NUMBER_FORMS), template(
        "what its numbers are, for maps: `percent`, `proportion`, `number`, `index`; not needed with a statistic"
    )),
    key("breaks", ListOf(Number(), least=3, strict=True), template(
        "the breaks between the classes of a map, in the numbers of the table"
    )),
))  # fmt: skip
MAPPING = keys("mapping", template("how a published table is read"), (
    key("mapping", Identifier(), template("its name"), required=True),
    key("only", MapOf(ListOf(Text())), template("the rows that are read: words by column")),
    *_WORDS,
    _DOMAINS,
    key("values", AnyOf((Text(), VALUES, ListOf(AnyOf((Text(), VALUES)), strict=True))), template(
        "a column, or a list of columns, each with its own keys: `[{{column: cabecera, domains: {{zona: "
        "cabecera}}}}, {{column: total}}]`"
    ), required=True),
    key("factor", AnyOf((Number(above=0), MapOf(Number(above=0)))), template(
        "what a number is multiplied by: `0.01` for percentages; one for all, or by statistic"
    )),
    key("decimals", AnyOf((DECIMALS, MapOf(DECIMALS))), template(
        "how many decimals are printed: one number for all, or by statistic"
    )),
    key("csv", DIALECT, template(
        "how it is written, as in a survey: `decimal`, `thousands`, `delimiter`, `encoding`, `missing`, `columns`"
    ), examples=({"decimal": ","},)),
    key("sheet", Text(), template("of a spreadsheet: its name; default the first")),
    key("header", HEADER, template("of a spreadsheet: the row of the headings; default 1")),
    key("title", Titles(), template("the title of a map, as one text or by language")),
    key("source", Titles(), template("the source of the figures, on a map")),
    key("licence", Titles(), template("the licence of the figures, on a map")),
    key("note", Titles(), template("a note below a map")),
    key("table", Text(), template("the table itself, beside this file, so that both are found by one name")),
    key("edition", Titles(), template("the edition of the figures, as one text or by language")),
    key("breaks", MapOf(Titles()), template(
        "breaks of the series, by the period from which figures are not comparable with earlier ones"
    ), examples=({"2020": {"en": "attendance"}},)),
    key("measure", Text(), template("the measure that the figures are of")),
    key("level", Number(above=0, below=1), template("the confidence level of the intervals, on a map; default 0.95")),
    key("census", YesNo(), template("`yes`: everybody was counted, so that a map says that there are no errors")),
))  # fmt: skip
