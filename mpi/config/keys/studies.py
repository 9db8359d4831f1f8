"""The keys of a study."""

from __future__ import annotations

from mpi.config.keys.countries import COUNTRY
from mpi.config.keys.maps import MAP
from mpi.config.keys.panels import PANEL
from mpi.config.keys.plans import PLAN
from mpi.config.keys.shapes import (
    AnyOf,
    Date,
    Identifier,
    Keys,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Text,
    Titles,
    Whole,
    Year,
    YesNo,
    key,
    keys,
)
from mpi.language import LANGUAGES, template
from mpi.vocabulary.options import (
    ADJUST,
    DEGREES_OF_FREEDOM,
    DEMANDS,
    DERIVED_FORMS,
    DIRECTIONS,
    INCLUSIONS,
    MISSING,
    MOST_DRAWS,
    NORMS,
    OUTPUTS,
    OVER,
    RANKED,
    RESULT_FORMATS,
    ROUNDS,
    STATUSES,
    STUDY_ANALYSES,
    TARGET_PATHS,
    UNITS,
    VARIANCES,
)
from mpi.vocabulary.statistics import TARGETED

DF = Whole(1, 10**9 - 1)
NOT_OFFICIAL = ("no", "false")
OFFICIAL = keys("official", template("what makes the figures official"), (
    key("act", Titles(), template("the law or decree, by language"), required=True),
))  # fmt: skip
TARGET = keys("target", template("a target: what a figure is to reach, and by when"), (
    key("statistic", OneOf(TARGETED), template(
        "a statistic, such as `H`, `M0`, `poor`; default for an indicator: `uncensored_headcount`"
    )),
    key("indicator", Text(), template("the indicator, of a statistic that is of one")),
    key("dimension", Text(), template("the dimension, of a statistic that is of one")),
    key("k", Text(), template("the cutoff; default: the measure's first")),
    key("unit", OneOf(UNITS), template("`persons` or `households`; default: the first of the study")),
    key("domain", Text(), template(
        "the domain of the group, `departamento` or crossed `departamento:zona`; default: `all`, all units"
    ), examples=("departamento",)),
    key("code", Text(), template("the code of the group, `05` or `05:1`; default: `all`, every group of the domain")),
    key("value", Number(least=0), template(
        "what the figure is to reach: a proportion such as `8%`, or a number of units"
    ), examples=("8%",)),
    key("halve", YesNo(), template("`yes` in place of a value: half of the baseline")),
    key("year", Year(), template("the year by which it is to be reached: `2030`, `2030.5`"), examples=(2030,)),
    key("by", Year(), template("the same as `year`"), examples=(2030,)),
    key("direction", OneOf(DIRECTIONS), template("`at_most` (default) or `at_least`")),
    key("path", OneOf(TARGET_PATHS), template(
        "from the baseline to the target: `linear` (default), `constant_rate` or `logistic`"
    )),
    key("baseline", Text(), template("the round that the path starts from, by its period"), examples=("2024",)),
    key("baseline_year", Year(), template("the year that it starts from, of a round or of `baseline_value`")),
    key("baseline_value", Number(least=0), template("a number that is taken as known, in place of a round's estimate")),
    key("source", Titles(), template("where the target is stated, by language")),
), one_of=("value", "halve"))  # fmt: skip
OFFER = keys("offer", template("places offered to those deprived in an indicator"), (
    key("table", Text(), template(
        "a table of codes and numbers below the data folder"
    ), required=True, examples=("places.csv",)),
    key("code", Text(), template("its column of codes; default: the one called as the domain, or the first")),
    key("places", Text(), template("its column of places; default: the only other one")),
    key("demand", OneOf(DEMANDS), template("who needs a place: `poor_and_deprived` (default) or `deprived`")),
))  # fmt: skip
ANALYSIS = keys("analysis", template("an analysis of the publication"), (
    key("analysis", OneOf(STUDY_ANALYSES), template("its name"), required=True),
    key("by", ListOf(Text()), template(
        "domains or crossings, all of them in `by` of the study; of a ranking the domain whose groups are ranked"
    ), examples=(["zona"],)),
    key("k", ListOf(Text(), least=1), template(
        "cutoffs; default: those of the analysis. Of `robustness`: the other cutoffs"
    ), examples=(["1/3", "1/2"],)),
    key("powers", ListOf(Number(), least=1), template(
        "of `gaps` and `inequality`: powers of gaps or scores; default `[0, 1, 2]`"
    ), examples=(["1", "3/2"],)),
    key("statistic", OneOf(RANKED), template("of a ranking: `H` or `M0`")),
    key("weights", MapOf(MapOf(Text())), template(
        "of `robustness`: other weights by a name, `{{health first: {{health: 1/2}}}}`"
    )),
    key("without", ListOf(Text(), least=1), template("of `robustness`: indicators that are left out, one at a time")),
    key("missing", ListOf(OneOf(MISSING), least=1), template("of `robustness`: other rules for unknowns")),
    key("lowest", Text(), template("of `dominance`: the lowest cutoff that is compared")),
    key("highest", Text(), template("of `dominance`: the highest cutoff that is compared")),
    key("draws", Whole(1, MOST_DRAWS), template("of `weights` and `orders`: draws of weights; default 10,000")),
    key("seed", Whole(0, 10**9 - 1), template("of `weights` and `orders`: seed of the draws; default 0")),
    key("over", OneOf(OVER), template("of `orders`: whose weights vary, `indicators` (default) or `dimensions`")),
    key("norm", OneOf(NORMS), template("of `orders`: the distance between weights, `l2` (default), `l1` or `linf`")),
    key("with", AnyOf((Text(), ListOf(Text(), least=1))), template(
        "of `agreement` and `destitution`: the second measure, or several, as files beside the study or names; see "
        "[two measures](several.md)"
    ), examples=("global_mpi_destitution",)),
    key("places", MapOf(AnyOf((Text(), OFFER)), least=1), template(
        "of `supply`: by indicator a [table of places](coverage.md#supply-against-demand) by code, below the data "
        "folder"
    ), examples=({"water": "places.csv"},)),
    key("inclusion", OneOf(INCLUSIONS), template(
        "of `destitution`: destitute who are not poor stop the run (`refuse`, default), or are reported (`report`)"
    )),
))  # fmt: skip
DERIVED = keys("derived", template("a figure that is an expression over others"), (
    key("figure", Text(), template("the expression, such as `H[1/5] - H[1/3]`"), required=True),
    key("title", Titles(), template("what it is called, as one text or by language")),
    key("form", OneOf(DERIVED_FORMS), template(
        "how it is written: `share` (a percentage), `number` (of units), `index` (default)"
    )),
))  # fmt: skip


# Of code lists of the goals' data structure: those that each dimension takes, in the form of JSON Schema.
SDG_CODES = {
    "sex": "F|M|_O|_U",
    "age": "Y[0-9]{1,3}(T[0-9]{1,3})?|Y_(GE|LT|GT|LE)[0-9]{1,3}|M[0-9]{1,3}(T[0-9]{1,3})?|_U",
    "urbanisation": "U|R",
}


def _sdg(name: str, text: str) -> Keys:
    """A domain of the study that is a dimension of the global database."""
    return keys(f"sdg_{name}", text, (
        key("domain", Text(), template("a domain of the surveys, in a table of `by`"), required=True),
        key("codes", MapOf(Text(f"({SDG_CODES[name]})"), least=1), template(
            "what each of its codes is called there: `{{1: M, 2: F}}`; others are not reported"
        ), required=True),
    ))  # fmt: skip


SDG_DOMAINS = {
    "sex": _sdg("sex", template("the domain that is SEX there: `F`, `M`")),
    "age": _sdg("age", template("the domain that is AGE there, in codes such as `Y0T17`, `Y_GE65`")),
    "urbanisation": _sdg("urbanisation", template("the domain that is URBANISATION there: `U`, `R`")),
}
SDG = keys("sdg", template("what the study is to the global database of the Sustainable Development Goals"), (
    key("area", Text("[0-9]{3}"), template(
        "the country, by its three digits in the M49 standard of the United Nations"
    ), required=True, examples=("170",)),
    *(key(name, mapped, mapped.title) for name, mapped in SDG_DOMAINS.items()),
))  # fmt: skip
STUDY = keys("study", template("a study: everything that an office publishes"), (
    key("study", Identifier(), template("its name"), required=True),
    key("title", Titles(), template("the title of the publication, as one text or by language"), required=True),
    key("publisher", Titles(), template("who publishes the figures, as one text or by language"), required=True),
    key("universe", Titles(), template("the population that the figures are about")),
    key("total", Titles(), template("what the total is called")),
    key("note", Titles(), template("a note on all documents")),
    key("edition", Text(), template("the edition, such as `2025`")),
    key("status", OneOf(STATUSES), template("`provisional` or `final` (default)")),
    key("released", Date(), template(
        "the date on all documents, such as `2026-04-14`"
    ), required=True, examples=("2026-04-14",)),
    key("citation", Titles(), template("how to cite the publication")),
    key("licence", Text(), template("the licence of the figures")),
    key("measure", Text(), template(
        "the measure: a file beside the study, or the name of one in the package"
    )),
    key("measures", ListOf(Text(), least=1), template(
        "several measures on the same units, as files or names: the first leads, as `measure`; the figures of all are "
        "in one table, with their agreement; see [several measures](several.md#several-measures-in-one-study)"
    ), examples=(["colombia_ipm", "global_mpi"],)),
    key("surveys", ListOf(Text(), least=1), template(
        "the surveys, as files beside the study or names. Several surveys are rounds: the latest one is "
        "published, the earlier ones give series and changes"
    ), required=True),
    key("profiles", MapOf(Text()), template(
        "saved profiles instead of the files of surveys: `{{SURVEY: FILE}}`, below the data folder; see "
        "[profiles as inputs](pipelines.md#profiles-as-inputs)"
    )),
    key("data", Text(), template("folder of the files, if it is always the same; relative to the study's file")),
    key("by", ListOf(Text()), template(
        "tables: `zona`, or crossed, `departamento:zona`; the total always comes first"
    ), examples=(["zona", "departamento:zona"],)),
    key("changes_by", ListOf(Text()), template("domains of the changes between rounds; default as `by`")),
    key("cutoffs", ListOf(Text()), template(
        "additional cutoffs: `1/4`, `4 of 15`, names of the measure's cutoffs. The first cutoff of the measure "
        "always comes first, as the official one"
    )),
    key("units", ListOf(OneOf(UNITS), least=1), template("`persons` (default), `households`")),
    key("level", Number(above=0, below=1), template(
        "confidence level of the intervals; default `95%`, see [intervals](inference.md#intervals)"
    ), examples=("95%",)),
    key("variance", OneOf(VARIANCES), template(
        "`design` (default), `jackknife` or `bootstrap`, see [variance](inference.md#variance)"
    )),
    key("df", AnyOf((OneOf(DEGREES_OF_FREEDOM), DF)), template(
        "[degrees of freedom](inference.md#degrees-of-freedom): `domain` (default), `design`, `stata`, or a "
        "number"
    )),
    key("rounds", OneOf(ROUNDS), template(
        "how the samples of the rounds are related, instead of what the surveys say; see "
        "[changes](inference.md#changes-between-rounds)"
    )),
    key("harmonised", YesNo(), template("`yes`: the rounds are comparable although their measures differ")),
    key("adjust", OneOf(ADJUST), template(
        "adjustment of p-values for multiple tests: `none` (default), `holm` or `bh`"
    )),
    key("reliability", Text(), template("rule set for all rounds; default: that of the last survey")),
    key("disclosure", Text(), template(
        "the rule set, see [disclosure.md](disclosure.md); `none` is recorded in every output"
    ), required=True),
    key("languages", ListOf(OneOf(tuple(LANGUAGES)), least=1), template(
        "languages of the outputs: `en`, `es`, `fr`, `pt`; default `[es, en]`. The first is the main one: the map opens"
        " in it, and map data have their titles in it. See [Languages](#languages)"
    )),
    key("labels", MapOf(MapOf(Titles())), template("names of codes: `zona: {{1: {{es: Cabecera, en: Urban}}}}`")),
    key("maps", MapOf(MAP), template("one map for each domain, see below")),
    key("outputs", ListOf(OneOf(OUTPUTS), least=1), template(
        "some of `results, workbook, charts, maps, map_data, report, board, areas`; default: all of these; "
        "`sheets`, `pdf`, `docx`, `sdmx` and `sdg` only if listed"
    )),
    key("result_formats", ListOf(OneOf(RESULT_FORMATS), least=1), template(
        "of the tidy tables: some of `parquet, csv`; default: both. Both hold every digit; CSV is larger, in a file "
        "for each domain"
    )),
    key("analyses", ListOf(AnyOf((OneOf(STUDY_ANALYSES), ANALYSIS))), template(
        "[analyses](analyses.md) of the last round, as names or with their domains: "
        "`[numbers, {{analysis: bands, by: [zona]}}]`; see [below](#analyses-in-a-publication)"
    )),
    key("derive", MapOf(AnyOf((Text(), DERIVED)), names=True), template(
        "figures of your own, as [expressions](inference.md#derived-figures) by name: "
        "`{{band: H[1/5] - H[1/3]}}`; see [below](#analyses-in-a-publication)"
    )),
    key("published", ListOf(Text(), least=1), template(
        "published series that the estimates are shown beside: names of those in the package, or mappings that name "
        "their `table`; see [published series](comparing.md#published-series)"
    ), examples=(["colombia_ipm"],)),
    key("official", AnyOf((OneOf(NOT_OFFICIAL), OFFICIAL)), template(
        "`{{act: ...}}` (the act by language), if a law or a decree makes these figures official. Only then do "
        'report, map and workbook say "official". Without it, or with `no`, nothing is called official'
    )),
    key("template", Text(), template(
        "the office's own logo, colours, fonts, order of sections and texts: a file beside the study, or the name of "
        "one in the package, see [below](#the-offices-own-template)"
    )),
    key("agency", Text("[A-Za-z][A-Za-z0-9_-]*"), template(
        "the office as SDMX names it, such as `DANE`, of the output `sdmx`; default: the name of the study"
    ), examples=("DANE",)),
    key("sdg", SDG, template(
        "of the output `sdg`: the country and the domains that the global database knows, see "
        "[below](#sdmx-and-the-goals)"
    )),
    key("targets", AnyOf((Text(), ListOf(TARGET, strict=True))), template(
        "what figures are to reach: `[{{statistic: H, value: 8%, year: 2030, source: {{en: Plan}}}}]`, or a table with "
        "these columns below the data folder, `targets.csv`; see [targets](targets.md)"
    )),
    key("plans", ListOf(PLAN, strict=True), template(
        "what [programmes would change](programmes.md#plans-in-a-publication): "
        "`[{{plan: water_first, actions: [close water], by: [zona]}}]`"
    )),
    key("panel", PANEL, template(
        "the register or panel whose units are [followed](following.md#panels-in-a-publication) from edition to "
        "edition: `{{link: persons, by: [region]}}`"
    )),
    key("countries", MapOf(COUNTRY, least=2), template(
        "countries that stand side by side, by their codes: `{{COL: {{title: Colombia}}, URY: {{title: Uruguay, "
        "surveys: [ech.yaml]}}}}`; see [several countries](several.md#several-countries-in-one-study)"
    )),
), one_of=("measure", "measures"))  # fmt: skip
