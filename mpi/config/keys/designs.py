"""The keys of a sampling design."""

from __future__ import annotations

from mpi.config.keys.derivations import NUMBER, PARTS, VALUE
from mpi.config.keys.shapes import AnyOf, ListOf, MapOf, Number, OneOf, Text, Whole, YesNo, key, keys
from mpi.language import template
from mpi.vocabulary.options import (
    ALL_TABLES,
    FPC_KINDS,
    LEVELS,
    PSU_CODES,
    REPLICATE_KINDS,
    REPLICATE_METHODS,
    ROUNDS,
    SINGLE_PSU,
    TableName,
)

NONE = "none"
HOLDING_REPLICATES: tuple[TableName, ...] = tuple(table for table in ALL_TABLES if table != "dwellings")
DF = Whole(1, 1_000_000)
FPC = keys("fpc", template("a finite population correction"), (
    key("count", NUMBER, template("the number of PSUs of the stratum in the population: a column or a rule")),
    key("fraction", NUMBER, template("the sampled share of the PSUs of the stratum: a column or a rule")),
), one_of=FPC_KINDS)  # fmt: skip
SECOND_STAGE = keys("second_stage", template("the second stage of a sample"), (
    key("unit", PARTS, template("the column of the units drawn inside the PSUs; every household is one if left out")),
    key("fpc", FPC, template("the correction of this stage"), required=True, told="lack"),
))  # fmt: skip
ORDERING = keys("ordering", template("an order of the strata"), (
    key("order", VALUE, template("the order of the strata: a stratum with one PSU joins the next one"), required=True),
    key("within", VALUE, template("the region within which strata are merged")),
))  # fmt: skip
REPLICATES = keys("replicates", template("replicate weights of the producer"), (
    key("method", OneOf(REPLICATE_METHODS), template(
        "`JK1`, `JKn`, `BRR`, `Fay`, `bootstrap`, `SDR` or `other`"
    ), required=True),
    key("columns", ListOf(Text()), template(
        "a list of names; a range `wr1..wr1000`; or a pattern `wr*`, where the star is a number without gaps"
    ), required=True, examples=("wr1..wr1000",)),
    key("table", OneOf(HOLDING_REPLICATES), template(
        "`persons`, `households` or `replicates`, if more than one of them has such columns"
    )),
    key("weights", OneOf(REPLICATE_KINDS), template(
        "`combined`: complete weights; `factors`: factors of the weight"
    ), required=True),
    key("mse", YesNo(), template(
        "`yes`: squared deviations from the estimate; `no` (as in R): from the mean of the replicates"
    )),
    key("rho", Number(below=1), template("for Fay's method, in [0, 1)")),
    key("scale", Number(above=0), template(
        "the variance is `scale` times the sum of `rscales` times the squared deviations. The defaults depend on "
        "the method and the number R of replicates: JK1 (R-1)/R, BRR 1/R, Fay 1/(R(1-rho)²), bootstrap 1/(R-1), "
        "SDR 4/R, JKn 1 with `rscales` required, `other` with `scale` required"
    )),
    key("rscales", ListOf(Number()), template(
        "a factor for each replicate, as a list, or one number; the default is 1"
    )),
    key("df", DF, template("degrees of freedom, as the producer states them")),
))  # fmt: skip
CALIBRATION = keys("calibration", template("how the weights were calibrated"), (
    key("level", OneOf(LEVELS), template(
        "`household` if the calibration has one row for each household, `person` if it has one for each person"
    ), required=True),
    key("design_weight", NUMBER, template("the weight before the calibration"), required=True),
    key("variables", AnyOf((ListOf(VALUE, least=1), VALUE)), template(
        "the variables of the calibration; `1` is a constant, a variable with a list of codes becomes one dummy "
        "variable for each label"
    ), required=True, told="empty", examples=([1, "COUNT_IF(age < 18)"],)),
))  # fmt: skip
WEIGHTS = keys("weights", template("one weight for each person, another for the household"), (
    key("persons", NUMBER, template("the weight of persons: a column or a rule"), required=True),
    key("households", NUMBER, template("the weight of households: a column or a rule"), required=True),
))  # fmt: skip
DESIGN = keys("design", template("a sampling design"), (
    key("weight", AnyOf((OneOf((NONE,)), NUMBER, WEIGHTS)), template(
        "the column of the expansion factor, a rule, one for persons and one for households (`{{persons: COLUMN, "
        "households: COLUMN}}`), or `none` for an unweighted analysis"
    ), required=True, told="lack"),
    key("stratum", PARTS, template("the strata: a column, a rule, a list of them, or null"), nullable=True),
    key("psu", PARTS, template("the primary sampling units: a column, a rule, a list of them, or null"), nullable=True),
    key("psu_codes", OneOf(PSU_CODES), template("`nested`: codes restart in each stratum; or `unique`")),
    key("single_psu", OneOf(SINGLE_PSU), template(
        "what to do with strata that have one PSU: `fail`, `certainty`, `centered`, `scaled` or `collapse`; see "
        "[strata with one PSU](inference.md#strata-with-one-psu)"
    )),
    key("census", YesNo(), template("`yes`: all units were enumerated, so there is no sampling error")),
    key("fpc", FPC, template(
        "the correction for the share of PSUs drawn: `{{count: COLUMN}}` or `{{fraction: COLUMN}}`"
    ), nullable=True),
    key("second_stage", SECOND_STAGE, template(
        "the units drawn inside the PSUs, with their correction"
    ), nullable=True),
    key("collapse", AnyOf((ORDERING, MapOf(Text(), least=1, never=ORDERING.names))), template(
        'with `single_psu: collapse`: which stratum each of them joins, `{{"31": "32"}}`, or an order, `{{order: '
        "COLUMN, within: COLUMN}}`"
    ), nullable=True),
    key("rounds", OneOf(ROUNDS), template(
        "how the samples of a series are related: `independent`, `same_psu`, `rotating` or `panel`; the standard "
        "error of a change depends on it"
    )),
    key("replicates", REPLICATES, template(
        "replicate weights, which replace strata, PSUs and corrections; see below"
    ), nullable=True),
    key("calibration", CALIBRATION, template(
        "for weights that were calibrated to known totals: `level`, `design_weight`, `variables`"
    ), nullable=True),
), layered=True)  # fmt: skip
