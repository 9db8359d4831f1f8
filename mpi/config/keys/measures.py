"""The keys of a measure and of its worked examples."""

from __future__ import annotations

from mpi.config.keys.shapes import (
    AnyOf,
    Identifier,
    ListOf,
    MapOf,
    MergedMap,
    Number,
    OneOf,
    RuleText,
    Text,
    Titles,
    Whole,
    YesNo,
    key,
    keys,
)
from mpi.language import template
from mpi.specs.measure import MAX_INDICATORS
from mpi.vocabulary.options import (
    COMPARISONS,
    INDICATOR_MISSING,
    LEVELS,
    MEASURE_KINDS,
    MISSING,
    NOBODY,
    STATUSES_OF_MEASURES,
    VARIABLE_TYPES,
)

MONITOR = "monitor"
ORDINAL = "ordinal"
VERDICTS = ("yes", "no", "unknown")
COMBINATIONS = ("any", "all")
CUTOFF_TEXT = Number(above=0, most=1, forms=(r"[0-9]+\s+of\s+[0-9]+", r"[0-9]+\s+dimensions?"))
TITLE = key("title", Titles(), template("the title: one text, or one for each language, `{{es: ..., en: ...}}`"))
NOTE = key("note", Titles(), template("a note for readers, as one text or by language"))
SOURCE = key("source", Titles(), template("where it comes from, as one text or by language"))
LEGAL_BASIS = key("legal_basis", Titles(), template("the law or decree behind it, as one text or by language"))

VARIABLE = keys("variable", template("a variable with a title"), (
    key("type", AnyOf((OneOf(VARIABLE_TYPES), ListOf(Text(), strict=True))), template(
        "`number`, `text`, `truth` (yes or no), or the list of its possible texts"
    ), required=True),
    TITLE,
    NOTE,
))  # fmt: skip
_VARIABLES = MergedMap(AnyOf((OneOf(VARIABLE_TYPES), ListOf(Text(), strict=True), VARIABLE)), names=True)
VARIABLES = keys("variables", template("the variables that the rules use"), (
    key("person", _VARIABLES, template(
        "variables of a person: each is `number`, `text`, `truth` (yes or no), a list of its possible texts, or "
        "`{{type: ..., title: ..., note: ...}}`"
    ), examples=({"age": "number"},)),
    key("household", _VARIABLES, template(
        "variables of a household, in the same form"
    ), examples=({"water": ["piped", "well", "river"]},)),
), layered=True, drops=True)  # fmt: skip
CUTOFF = keys("cutoff", template("a cutoff with a comparison of its own"), (
    key("at", CUTOFF_TEXT, template("the cutoff, in the form of `k`"), required=True),
    key("comparison", OneOf(COMPARISONS), template('`">="` (poor if the score is equal to k) or `">"`')),
))  # fmt: skip
GAP = keys("gap", template("how far below its cutoff a cardinal achievement is"), (
    key("achievement", RuleText(), template(
        "the number that the rule `deprived` compares with the cutoff"
    ), required=True, examples=("MEAN(schooling)",)),
    key("cutoff", RuleText(), template(
        "the deprivation cutoff: a number, or a variable such as a line. Units are deprived exactly on the side of the "
        "bound"
    ), required=True, examples=("6",)),
    key("bound", RuleText(), template(
        "the worst achievement that there is, where the gap is 1; above the cutoff if more is worse"
    ), required=True, examples=("0",)),
    key("nobody", RuleText(), template(
        "the achievement of a unit without anybody eligible; required if `nobody: deprived`"
    ), examples=("0",)),
))  # fmt: skip
INDICATOR = keys("indicator", template("an indicator"), (
    key("deprived", RuleText(), template(
        "the rule: who is deprived, in [the rule language](rules.md)"
    ), required=True, examples=("MEAN(schooling) < 6", "water <> 'piped'")),
    key("eligible", RuleText(), template(
        "the members that the aggregates in `deprived` use. Under person identification: the persons to whom the "
        "indicator applies"
    ), examples=("age >= 18",)),
    key("nobody", OneOf(NOBODY), template(
        "required with `eligible`: the result for a household without an eligible member. Under person "
        "identification: the result for all other persons"
    )),
    key("missing", OneOf(INDICATOR_MISSING), template(
        "what an unknown answer counts as; the default `unknown` leaves it to the measure, see [missing "
        "values](#missing-values)"
    )),
    key("gap", AnyOf((OneOf((ORDINAL,)), GAP)), template(
        "for [poverty gaps](analyses.md#poverty-gaps): the achievement, its cutoff and its bound; or `ordinal`: "
        "whoever is deprived has a gap of 1, by definition"
    )),
    key("weight", AnyOf((OneOf((MONITOR,)), Number(above=0))), template(
        "the weight, as an exact fraction or decimal; `monitor` reports the indicator but leaves it out of the "
        "score; equal weights if left out"
    ), examples=("1/6",)),
    TITLE,
    key("words", Titles(), template(
        "one sentence for readers, by language, that says who is deprived. Reports and workbooks print it beside "
        "the rule. In a language without this sentence they print only the rule, with a note (`MPI-N210`)"
    )),
    LEGAL_BASIS,
    NOTE,
), needs={"eligible": "nobody", "nobody": "eligible"}, layered=True, drops=True)  # fmt: skip
COMBINE = keys("combination", template("how many indicators are needed"), (
    key("at_least", Whole(1, MAX_INDICATORS), template(
        "the number of deprived indicators from which the dimension counts"
    ), required=True),
))  # fmt: skip
CLASS = keys("class", template("a class of units that has a title"), (
    key("rule", RuleText(), template("who is in it"), required=True, examples=("poor AND NOT income_poor",)),
    TITLE,
))  # fmt: skip
LINE = keys("relative_line", template("an income line that is a share of a quantile of incomes"), (
    key("income", RuleText(), template(
        "the number that conditions compare with the line"
    ), required=True, examples=("income",)),
    key("relative", Number(above=0), template("the share of the quantile"), required=True, examples=("0.6",)),
    key("of", AnyOf((OneOf(("median",)), Number(above=0, below=1))), template(
        "the quantile of incomes, by persons: `median` (default), or a share such as `0.4`"
    )),
    key("base", RuleText(), template(
        "whose incomes count; those of everybody in the survey, also outside `universe:`, if left out"
    ), examples=("age >= 18",)),
    key("by", RuleText(), template("the area, a text: each has a line of its own"), examples=("region",)),
))  # fmt: skip
DIMENSION = keys("dimension", template("a dimension"), (
    TITLE,
    key("weight", Number(above=0), template(
        "its weight, as an exact fraction or decimal; equal weights if no dimension has one"
    ), examples=("1/3",)),
    key("combine", AnyOf((OneOf(COMBINATIONS), COMBINE)), template(
        "instead of the weighted sum: the whole weight counts as soon as `any`, `all` or `{{at_least: 2}}` of its"
        " indicators are deprived"
    )),
    key("indicators", MergedMap(INDICATOR, least=1, names=True), template(
        "its indicators, by name"
    ), required=True),
    LEGAL_BASIS,
    NOTE,
), layered=True, drops=True)  # fmt: skip
CHILDREN = keys("children", template("what a measure says of children"), (
    key("child", RuleText(), template("who is a child"), required=True, examples=("age < 18",)),
    key("girl", RuleText(), template(
        "who of them is a girl; the others are boys"
    ), examples=("sex = 'woman'",)),
    key("schooled", RuleText(), template(
        "who has the schooling that makes a child a pioneer where no adult has it"
    ), examples=("years >= 6",)),
    key("indicators", ListOf(Text()), template(
        "indicators whose deprivation can be a child's own; all whose rule is `ANY(...)` if left out"
    )),
    key("deprived", MapOf(RuleText(), names=True), template(
        "by indicator when a child is deprived itself, where its rule is no `ANY(...)`"
    ), examples=({"school": "NOT attends"},)),
))  # fmt: skip
MEASURE = keys("measure", template("a measure of multidimensional poverty"), (
    key("measure", Identifier(), template("its name"), required=True, examples=("village",)),
    key("like", Identifier(), template(
        "take everything from another measure, either shipped or beside this file, and change what is given here; see "
        "[a measure like another](#a-measure-like-another)"
    ), examples=("colombia_ipm",)),
    key("title", Titles(), template(
        "the title: one text, or one for each language, `{{es: ..., en: ...}}`. Outputs print the text of their "
        "language. If it is missing, they print the text that there is, and a notice reports it"
    ), required=True),
    SOURCE,
    NOTE,
    key("status", OneOf(STATUSES_OF_MEASURES), template(
        "`official`: the rules of a published norm; `reconstruction`: put together from texts about it; `template`: "
        "its structure, with the rules in the survey file; `draft`: not decided yet. All but the first stand beside "
        "the title in every output, with a note (`MPI-N148`). A measure `like` an official one is not official by that"
    ), examples=("reconstruction",)),
    key("kind", OneOf(MEASURE_KINDS), template(
        "for the [catalogue](measures.md): `national`, `international`, `children` or `thematic`"
    )),
    key("country", Text(), template(
        "for the catalogue: the country's three letters of ISO 3166-1"
    ), examples=("URY",)),
    key("edition", Text(), template("which edition of the norm it is, such as `2018`"), examples=("2018",)),
    key("years", Text(), template(
        "for the catalogue: the years that the norm is or was in use, such as `2015-2022`"
    ), examples=("2015-2022",)),
    key("deepens", Text(), template(
        "the name of the measure in which this one lies, with deeper thresholds; in a study of both, `destitution` is "
        "analysed, and inclusion is checked of each unit"
    ), examples=("global_mpi",)),
    key("identification", OneOf(LEVELS), template(
        "`household` (all members share its status) or `person`"
    ), required=True),
    key("k", AnyOf((CUTOFF_TEXT, MapOf(AnyOf((CUTOFF_TEXT, CUTOFF)), least=1, names=True))), template(
        "the poverty cutoff: `1/3`, `0.25`, `33%`, `4 of 15` (needs 15 indicators of equal weight), `2 "
        "dimensions` (needs combined dimensions of equal weight). Or several cutoffs with names; the first one is"
        ' official: `{{poor: 1/3, severe: {{at: 1/2, comparison: ">"}}}}`'
    ), required=True, examples=("1/3",)),
    key("comparison", OneOf(COMPARISONS), template(
        '`">="` (default: a unit with a score equal to k is poor) or `">"`'
    )),
    key("missing", OneOf(MISSING), template(
        "what happens to a unit with an unknown indicator, see [missing values](#missing-values)"
    ), required=True),
    key("universe", RuleText(), template(
        "whom the measure is about, in [the rule language](rules.md); everybody if left out. Nobody outside is "
        "missing, left out or counted, see [whom a measure is about](#whom-a-measure-is-about)"
    ), examples=("age < 18", "sex = 'woman' AND age BETWEEN 15 AND 49")),
    key("income_poor", RuleText(), template(
        "whom income calls poor, for the [crossing](analyses.md#income-and-classes) with multidimensional poverty"
    ), examples=("income < line",)),
    key("lines", MergedMap(LINE, least=1, names=True), template(
        "[relative income lines](analyses.md#relative-lines) by name, which `income_poor` and `classes` compare "
        "incomes with"
    ), examples=({"line": {"income": "income", "relative": "0.6"}},)),
    key("classes", MergedMap(AnyOf((RuleText(), CLASS)), least=2, names=True), template(
        "classes by name, of which each unit is in exactly one: rules over `poor`, `score`, `income_poor`, "
        "`deprived_INDICATOR` and variables, or `{{rule: ..., title: ...}}`; see "
        "[income and classes](analyses.md#income-and-classes)"
    )),
    key("children", CHILDREN, template(
        "who is a child, and which deprivations are a child's own, for [children](analyses.md#children)"
    )),
    key("variables", VARIABLES, template(
        "the variables that every survey must supply: for `person` and `household`, the names that the rules may "
        "use. Each is `number`, `text`, `truth` (yes or no), or a list of its possible texts; or `{{type: ..., "
        "title: ..., note: ...}}`"
    ), required=True),
    key("derive", MergedMap(RuleText(), names=True), template(
        "variables computed from others, in the rule language. Level and type follow from the rule. Circular "
        "definitions are refused"
    )),
    key("dimensions", MergedMap(DIMENSION, least=1, names=True), template(
        "the dimensions, by name"
    ), required=True),
    key("normalize", YesNo(), template(
        "`yes`: divide the given weights by their exact sum. Without it, weights that do not add up to 1 are an "
        "error. It is refused where its meaning would be ambiguous: if dimensions have no weight and their "
        "indicators' weights have different sums"
    )),
), layered=True, drops=True)  # fmt: skip

SAYS = key("says", Text(), template("what the example shows, in words"), required=True)
_ROW = MapOf(Text(), names=True, null=True)
EXAMPLE = keys("example", template("a worked example of an indicator"), (
    SAYS,
    key("persons", ListOf(_ROW, strict=True), template(
        "the members, each with values of variables; what is left out is unknown"
    )),
    key("household", _ROW, template("values of the household's variables; what is left out is unknown")),
    key("deprived", ListOf(OneOf(VERDICTS)), template(
        "the result: `yes`, `no` or `unknown`. Under person identification it may be a list, one for each person"
    ), required=True),
))  # fmt: skip
SCORE = keys("score_example", template("a worked example of the score"), (
    SAYS,
    key("deprived", ListOf(Text()), template("the indicators that are deprived")),
    key("unknown", ListOf(Text()), template("the indicators that are unknown")),
    key("score", Number(), template(
        "the exact score; `null` if the unit leaves the figures"
    ), required=True, nullable=True),
    key("poor", AnyOf((OneOf(VERDICTS), MapOf(OneOf(VERDICTS)))), template(
        "whether the unit is poor: `yes`, `no` or `unknown`, or one for each cutoff by name"
    ), required=True),
))  # fmt: skip
EXAMPLES = keys("examples", template("worked examples of a measure"), (
    key("measure", ListOf(SCORE, strict=True), template("examples of the score")),
), others=ListOf(EXAMPLE, strict=True))  # fmt: skip
