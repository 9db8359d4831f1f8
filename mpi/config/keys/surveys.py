"""The keys of a survey and of its tables; those of its design are in `mpi.config.keys.designs`."""

from __future__ import annotations

from mpi.config.keys.data_files import DIALECT, FILES, OF_QUERY, PATH, QUERY
from mpi.config.keys.derivations import DOMAIN_VALUE, KEY, NUMBER, VALUE
from mpi.config.keys.designs import DESIGN
from mpi.config.keys.measures import SOURCE, TITLE
from mpi.config.keys.shapes import AnyOf, Identifier, ListOf, MapOf, Number, OneOf, RuleText, Text, Titles, key, keys
from mpi.language import template
from mpi.specs.children import CHILDREN
from mpi.vocabulary.options import UNITS

YEARS = (1900, 2200)
FROM = ("persons",)
_KEY = key("key", KEY, template(
    "the columns that identify a row; in `replicates`, the columns of the household's key"
), required=True, told="lack", examples=(["house", "person"],))  # fmt: skip
_CSV = key("csv", DIALECT, template(
    "`delimiter`, `encoding`, `decimal`, `thousands`, `missing`, `columns`; see [files](#files-that-are-read)"
))  # fmt: skip
_WHERE = key("where", RuleText(), template("which rows belong to [the universe](#the-universe)"), nullable=True)
TABLE = keys("table", template("a table of the survey"), (
    PATH,
    *QUERY,
    _KEY,
    key("household", KEY, template("the columns with the key of the row's household, if their names differ")),
    key("dwelling", KEY, template("the columns with the key of the row's dwelling, if their names differ")),
    _CSV,
    *FILES,
    key("from", OneOf(FROM), template(
        "`persons`: the households are in the persons' file, which repeats their answers"
    )),
    key("columns", ListOf(Text()), template("with `from: persons`: the columns that hold the household's answers")),
    _WHERE,
), layered=True, one_of=("path", "from", "sql"), apart=(("from", "where"),),
   needs={"columns": "from", **OF_QUERY})  # fmt: skip
REPLICATE_TABLE = keys(
    "replicate_table",
    template("the table of replicate weights"),
    (PATH, *QUERY, _KEY, _CSV, *FILES),
    layered=True,
    one_of=("path", "sql"),
    needs=OF_QUERY,
)
MODULE = keys("module", template("a further table of persons or households"), (
    key("of", OneOf(UNITS), template("whose rows it has: `persons` or `households`"), required=True),
    PATH,
    *QUERY,
    key("key", KEY, template("the columns that identify a row"), required=True),
    _CSV,
    *FILES,
    _WHERE,
    key("person", KEY, template("with several rows for each person: the columns with the person's key")),
    key("household", KEY, template("with several rows for each household: the columns with the household's key")),
    key("aggregates", MapOf(RuleText(), names=True), template(
        "with several rows for each person or household: the variables that summarise them, in the rule language; "
        "they use columns of the module, and of the person and the household"
    ), examples=({"births": "COUNT()"},)),
), layered=True, one_of=("path", "sql"), needs=OF_QUERY)  # fmt: skip
MODULES = key("modules", MapOf(MODULE, names=True), template(
    "further tables of persons or households, joined by key; see [modules](#modules)"
))  # fmt: skip
TABLES = keys("tables", template("the tables of a survey"), (
    key("persons", TABLE, template("the table of persons")),
    key("households", TABLE, template(
        "the table of households; `{{from: persons, key: [...], columns: [...]}}` if the persons' file repeats "
        "their answers"
    ), required=True, told="lack"),
    key("dwellings", TABLE, template("the table of dwellings")),
    key("replicates", REPLICATE_TABLE, template("replicate weights in a separate file")),
    MODULES,
), layered=True)  # fmt: skip

RESERVED_MARKS = (CHILDREN,)
PROGRAMME = keys("programme", template("a programme with those whom it is for"), (
    key("receives", VALUE, template(
        "who receives it: a rule, or a column whose `codes` mean yes and no"
    ), required=True, examples=("P7 = 1",)),
    key("for", RuleText(), template(
        "whom it is for, a rule over columns; nobody else is counted, and recipients outside are reported"
    ), examples=("age BETWEEN 6 AND 16",)),
    TITLE,
))  # fmt: skip

SURVEY = keys("survey", template("a survey: what an office's files hold"), (
    key("survey", Identifier(), template("its name"), required=True, examples=("village_2026",)),
    key("like", Identifier(), template(
        "take everything from another survey, either shipped or beside this file; mappings given here are merged "
        "key by key"
    )),
    TITLE,
    SOURCE,
    key("note", Titles(), template(
        "a note, as one text or by language. The report prints it; if the design has no strata or no PSUs, it "
        "prints it beside the first interval"
    )),
    key("period", Text(), template("the period, such as `2026`"), required=True, examples=(2026,)),
    key("tables", TABLES, template(
        "`persons`, `households`, `dwellings`, and `replicates` for replicate weights in a separate file; see "
        "below"
    ), required=True),
    key("design", DESIGN, template(
        "the sampling design: weight, strata, PSUs; see [the sampling design](#the-sampling-design)"
    ), required=True),
    key("missing_codes", MapOf(ListOf(Text())), template(
        'for a column, the codes that mean "unknown": `{{years: [99, NA]}}`; they are applied before the type of '
        "a CSV column is determined"
    )),
    key("aliases", MapOf(ListOf(Text())), template(
        "for a column, its names in other years, `{{age: [edad, P6040]}}`; a name with `*` or `?` is a pattern, which "
        "counts if the file has none of the other names: `{{age: [P6040*]}}`"
    )),
    key("variables", MapOf(VALUE, names=True), template(
        "the measure's variables: a rule over columns, or `{{column: C, table: T, codes: {{1: piped}}, width: "
        "2}}`, or a code in [several columns](#codes-with-zeros)"
    ), required=True),
    key("variables_for", MapOf(MapOf(VALUE, names=True)), template(
        "by the name of a measure, variables that it reads in place of those of the same names; see [destitution]"
        "(several.md#destitution)"
    ), examples=({"global_mpi_destitution": {"nutrition": "zscore < -300"}},)),
    key("domains", MapOf(DOMAIN_VALUE, names=True), template(
        "the same for the groups of the tables. Codes are text with their leading zeros. `optional: yes` if a "
        "file may lack the column. With a list of `codes`, every label gets its rows. A label without any sampled"
        ' household has n = 0, nulls, and the note "no unit", so that it is not mistaken for a hidden figure. '
        "Without a list, the levels are those in the data. Crossed domains have only the combinations that occur"
    )),
    key("programmes", MapOf(AnyOf((VALUE, PROGRAMME)), names=True), template(
        "who receives each programme: a rule, or a column whose `codes` mean yes and no, of the household or of the "
        "person; see [who is reached](coverage.md)"
    ), examples=({"transfer": "P7 = 1"},)),
    key("members", NUMBER, template("number of persons in a household, for a survey without a table of persons")),
    MODULES,
    key("time", Number(least=YEARS[0], below=YEARS[1]), template(
        "middle of the fieldwork as a decimal year, such as `2018.5`, for changes per year"
    ), examples=(2018.5,)),
    key("breaks", MapOf(Titles()), template(
        'breaks of the series, by the period from which figures are not comparable with earlier ones: `{{"2021": '
        "{{es: nueva muestra, en: new sample}}}}`"
    )),
    key("reliability", Text(), template("the set of publication rules, by name or path")),
), layered=True)  # fmt: skip
