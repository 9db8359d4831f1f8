"""The keys with which a survey says how a variable, a domain, a key or a part of the design comes from columns."""

from __future__ import annotations

from mpi.config.keys.crosswalks import CROSSWALK, LINES
from mpi.config.keys.measures import TITLE
from mpi.config.keys.shapes import AnyOf, ListOf, MapOf, OneOf, RuleText, Text, Whole, YesNo, key, keys
from mpi.language import template

WIDTH = Whole(1, 40)
FROM_LABELS = "from labels"
COLUMN = key("column", Text(), template("the column"))
TABLE = key("table", Text(), template("the table or module of the column, where several have a column of the name"))
RULE = key("rule", RuleText(), template("a rule over columns, instead of a column"))
CODE_PART = keys("code_part", template("a column of a code in several columns"), (
    key("column", Text(), template("the column"), required=True),
    key("width", WIDTH, template("its number of digits"), required=True),
    TABLE,
))  # fmt: skip
COLUMNS = key("columns", ListOf(CODE_PART, least=1, strict=True), template(
    "the columns of a code that is spread over several, each with its width"
), told="empty", examples=([{"column": "U_DPTO", "width": 2}, {"column": "U_MPIO", "width": 3}],))  # fmt: skip
DOMAIN = keys("domain", template("a domain from columns"), (
    COLUMN,
    COLUMNS,
    TABLE,
    key("codes", AnyOf((MapOf(Text(), least=1), OneOf((FROM_LABELS,)))), template(
        "what the codes mean, `{{1: piped, 2: well}}`, or `from labels`: as the file labels them; others are an error"
    )),
    key("width", WIDTH, template("the number of digits of a code, which keeps its leading zeros")),
    key("optional", YesNo(), template("`yes`: a file may lack the column; only for a domain")),
    RULE,
    TITLE,
    key("note", Text(), template("a note for who reads the file")),
    key("crosswalk", CROSSWALK, template(
        "a file with the codes of another year; see [codes of another year](#codes-of-another-year); only for a domain"
    )),
    key("lines", LINES, template(
        "a file with a number for each code, such as an [income line](#income-lines); only for a variable"
    )),
), one_of=("rule", "column", "columns"),
    apart=(("rule", "codes"), ("rule", "table"), ("columns", "width"), ("codes", "crosswalk"), ("codes", "lines"),
           ("rule", "lines")))  # fmt: skip
DERIVED = DOMAIN.without(["optional", "crosswalk"], "derivation", template("a value from columns"))
VALUE = AnyOf((RuleText(), DERIVED))  # of a variable or a part of the design
DOMAIN_VALUE = AnyOf((RuleText(), DOMAIN))
PARTS = AnyOf((RuleText(), DERIVED, ListOf(VALUE, strict=True)))  # a stratum, PSU or second-stage unit
NUMBER_FROM = keys("number", template("a number from a column"), (COLUMN, TABLE, RULE), one_of=("rule", "column"),
    apart=(("rule", "table"),))  # fmt: skip
NUMBER = AnyOf((RuleText(), NUMBER_FROM))
COMPOSED = keys("composed_key", template("a part of a key in several columns"), (
    key("columns", ListOf(CODE_PART, least=1, strict=True), template(
        "the columns of a code that is spread over several, each with its width"
    ), required=True, told="empty"),
))  # fmt: skip
KEY = AnyOf((Text(), COMPOSED, ListOf(AnyOf((Text(), COMPOSED)), strict=True)))
