"""The keys of rule sets: reliability and disclosure."""

from __future__ import annotations

from mpi.config.keys.measures import TITLE
from mpi.config.keys.shapes import Identifier, ListOf, OneOf, RuleText, Text, Titles, Whole, YesNo, key, keys
from mpi.language import template
from mpi.vocabulary.options import NUMERATORS, RELIABILITY_LEVELS, STATISTIC_KINDS

COUNT = Whole(0, 10_000)
_TITLE = key("title", TITLE.shape, TITLE.text, required=True)
FLOOR = keys("floor", template("the minimum requirements"), (
    key("df", COUNT, template("the fewest degrees of freedom")),
    key("units", COUNT, template("the fewest sampled units")),
    key("because", Text(), template("why less is asked for than by default")),
))  # fmt: skip
RULE = keys("rule", template("a rule about figures"), (
    key("name", Identifier(), template("name of a rule; names must be unique"), required=True),
    key("when", RuleText(), template(
        "a condition in the rule language, without members of households"
    ), required=True, examples=("cv > 0.2", "n_poor IS NOT NULL AND n_poor < 25")),
    key("level", OneOf(RELIABILITY_LEVELS), template(
        "`publish`, `caution`, `review` or `suppress`; it marks a figure but does not remove it from a table"
    ), required=True),
    key("of", ListOf(OneOf(STATISTIC_KINDS), least=1), template(
        "the kinds of figures to which the rule applies; default all"
    ), told="empty"),
    key("says", Titles(), template(
        "the reason, by language. `note` of the results prints the English text, unless the level is `publish`. "
        "The legends of report, map and workbook quote it"
    ), required=True),
))  # fmt: skip
RELIABILITY = keys("reliability", template("a reliability rule set: which figures are precise enough to publish"), (
    key("reliability", Identifier(), template("its name"), required=True, examples=("office",)),
    _TITLE,
    key("source", Titles(), template("where it comes from, as one text or by language")),
    key("note", Text(), template("a note for who reads the file")),
    key("rules", ListOf(RULE, strict=True), template(
        "an ordered list. The first rule whose condition is true decides. If none is true, the level is "
        "`publish`. With `[]`, figures are not judged"
    ), required=True),
    key("floor", FLOOR, template(
        "the minimum requirements, `{{df: 8, units: 10}}`. A figure with less, or without a standard error above "
        "0, gets at best `review`, whatever the rules say. Smaller numbers need `because: ...`, and every result "
        "reports them (MPI-N120)"
    )),
    key("undecided", OneOf(RELIABILITY_LEVELS), template(
        "the best possible level if a condition before the decision is unknown; default `review`"
    )),
))  # fmt: skip

PROFILE = keys("profile", template("what a map that recomputes needs"), (
    key("persons", COUNT, template("the fewest persons in every combination of deprivations"), required=True),
    key("households", COUNT, template("the fewest households in every combination of deprivations"), required=True),
))  # fmt: skip
DISCLOSURE = keys("disclosure", template("a disclosure rule set: which figures would reveal single households"), (
    key("disclosure", Identifier(), template("its name"), required=True, examples=("our_office",)),
    _TITLE,
    key("source", Text(), template("the law or decision behind it")),
    key("note", Text(), template("why these numbers")),
    key("persons", COUNT, template(
        "the fewest persons that a figure may rest on; 0 turns a rule off"
    ), required=True, examples=(10,)),
    key("households", COUNT, template("the fewest households that a figure may rest on"), required=True, examples=(3,)),
    key("numerator", COUNT, template(
        "the fewest persons that have a property, and that lack it, where neither is none"
    ), required=True, examples=(10,)),
    key("all_or_none", COUNT, template(
        "the fewest persons of a domain where all or none have a property: twice `numerator`, at least"
    ), required=True, examples=(50,)),
    key("difference", COUNT, template("the fewest persons that are poor at one cutoff and not at another; default 0")),
    key("numerators", ListOf(OneOf(NUMERATORS), least=1), template(
        "whose numbers are judged: `[poor]` (default), or `[poor, indicators]`"
    ), told="empty"),
    key("complementary", YesNo(), template(
        "`yes`: hide further figures where a hidden one could be computed from the others"
    ), required=True),
    key("profile", PROFILE, template(
        "the fewest units in every combination of deprivations of an area, for a map that recomputes: `{{persons:"
        " 10, households: 3}}`; if left out, no map carries combinations"
    )),
))  # fmt: skip
