"""The options that a user may write in a file, at the command line or in a call: each set of words once.

Every set is a type and a tuple of its words, in the order in which messages and help texts name them. Readers of files,
commands, checks of arguments and documents take them from here. Languages are in `mpi.vocabulary.wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

Titles: TypeAlias = Mapping[str, str]  # a text by language

# Who has a value, and who is counted.
Level = Literal["person", "household"]
LEVELS: tuple[Level, ...] = get_args(Level)
Unit = Literal["persons", "households"]
UNITS: tuple[Unit, ...] = get_args(Unit)

# Of a measure.
VariableType = Literal["number", "text", "truth"]
VARIABLE_TYPES: tuple[VariableType, ...] = get_args(VariableType)
Comparison = Literal[">=", ">"]
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
Nobody = Literal["deprived", "not_deprived", "unknown"]
NOBODY: tuple[Nobody, ...] = get_args(Nobody)
IndicatorMissing = Literal["unknown", "deprived", "not_deprived"]
INDICATOR_MISSING: tuple[IndicatorMissing, ...] = get_args(IndicatorMissing)
Missing = Literal["exclude", "reweight", "deprived", "not_deprived"]
MISSING: tuple[Missing, ...] = get_args(Missing)
# Where its rules come from, and what it is about.
MeasureStatus = Literal["official", "reconstruction", "template", "draft"]
STATUSES_OF_MEASURES: tuple[MeasureStatus, ...] = get_args(MeasureStatus)
MeasureKind = Literal["national", "international", "children", "thematic"]
MEASURE_KINDS: tuple[MeasureKind, ...] = get_args(MeasureKind)

# Of a survey.
TableName = Literal["persons", "households", "dwellings", "replicates"]
ALL_TABLES: tuple[TableName, ...] = get_args(TableName)
# The tables whose columns rules may read; replicate weights are read as a whole matrix.
TABLES: tuple[TableName, ...] = tuple(name for name in ALL_TABLES if name != "replicates")
PsuCodes = Literal["nested", "unique"]
PSU_CODES: tuple[PsuCodes, ...] = get_args(PsuCodes)
SinglePsu = Literal["fail", "certainty", "centered", "scaled", "collapse"]
SINGLE_PSU: tuple[SinglePsu, ...] = get_args(SinglePsu)
FpcKind = Literal["count", "fraction"]
FPC_KINDS: tuple[FpcKind, ...] = get_args(FpcKind)
Rounds = Literal["independent", "same_psu", "rotating", "panel"]
ROUNDS: tuple[Rounds, ...] = get_args(Rounds)
ReplicateMethod = Literal["JK1", "JKn", "BRR", "Fay", "bootstrap", "SDR", "other"]
REPLICATE_METHODS: tuple[ReplicateMethod, ...] = get_args(ReplicateMethod)
ReplicateKind = Literal["combined", "factors"]
REPLICATE_KINDS: tuple[ReplicateKind, ...] = get_args(ReplicateKind)

Demand = Literal["poor_and_deprived", "deprived"]  # who needs a place
DEMANDS: tuple[Demand, ...] = get_args(Demand)

# Of estimates and of rule sets about them.
Variance = Literal["design", "jackknife", "bootstrap"]
VARIANCES: tuple[Variance, ...] = get_args(Variance)
Adjust = Literal["none", "holm", "bh"]
ADJUST: tuple[Adjust, ...] = get_args(Adjust)
DegreesOfFreedomRule = Literal["domain", "design", "stata"]
DEGREES_OF_FREEDOM: tuple[DegreesOfFreedomRule, ...] = get_args(DegreesOfFreedomRule)
DegreesOfFreedom: TypeAlias = DegreesOfFreedomRule | int
RankedStatistic = Literal["H", "M0"]
RANKED: tuple[RankedStatistic, ...] = get_args(RankedStatistic)
Over = Literal["indicators", "dimensions"]  # whose weights vary
OVER: tuple[Over, ...] = get_args(Over)
Norm = Literal["l2", "l1", "linf"]  # distance between weights: Euclidean, sum or largest of the changes
NORMS: tuple[Norm, ...] = get_args(Norm)
# The tables of a ranking; the first is shown if none is named.
RobustnessTable = Literal["alternatives", "pairs", "figures"]
ROBUSTNESS_TABLES: tuple[RobustnessTable, ...] = get_args(RobustnessTable)
DominanceTable = Literal["pairs", "curves"]
DOMINANCE_TABLES: tuple[DominanceTable, ...] = get_args(DominanceTable)
DrawsTable = Literal["pairs", "domains"]
DRAWS_TABLES: tuple[DrawsTable, ...] = get_args(DrawsTable)
OrdersTable = Literal["pairs", "weights"]
ORDERS_TABLES: tuple[OrdersTable, ...] = get_args(OrdersTable)
PlanKind = Literal["close", "reduce", "raise"]
PLAN_KINDS: tuple[PlanKind, ...] = get_args(PlanKind)
PlanState = Literal["before", "so_far"]
PLAN_STATES: tuple[PlanState, ...] = get_args(PlanState)
# Of editions of a register or panel.
Link = Literal["persons", "same_key", "same_head", "majority", "pooled_majority"]
LINKS: tuple[Link, ...] = get_args(Link)
EditionWeights = Literal["earlier", "later"]  # whose weights and domains count
EDITION_WEIGHTS: tuple[EditionWeights, ...] = get_args(EditionWeights)
MovementTable = Literal["movements", "transitions", "deprivations", "change", "chronic"]
MOVEMENT_TABLES: tuple[MovementTable, ...] = get_args(MovementTable)
PlanStatistic = Literal["H", "M0", "poor"]
PLAN_STATISTICS: tuple[PlanStatistic, ...] = get_args(PlanStatistic)
PlanOrders = Literal["plan", "all"]
PLAN_ORDERS: tuple[PlanOrders, ...] = get_args(PlanOrders)
StatisticKind = Literal["proportion", "ratio", "total", "share", "change"]
STATISTIC_KINDS: tuple[StatisticKind, ...] = get_args(StatisticKind)
ReliabilityLevel = Literal["publish", "caution", "review", "suppress"]
RELIABILITY_LEVELS: tuple[ReliabilityLevel, ...] = get_args(ReliabilityLevel)
Numerators = Literal["poor", "indicators"]
NUMERATORS: tuple[Numerators, ...] = get_args(Numerators)

# Of a study and its outputs.
Direction = Literal["at_most", "at_least"]  # what a target asks of a figure
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
TargetPath = Literal["linear", "constant_rate", "logistic"]  # from a baseline to a target
TARGET_PATHS: tuple[TargetPath, ...] = get_args(TargetPath)
Verdict = Literal["met", "on_track", "off_track", "cannot_tell"]  # on a figure and its target
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
AnalysisName = Literal[
    "bands",
    "numbers",
    "redundancy",
    "bundles",
    "overlap",
    "classes",
    "crossing",
    "inequality",
    "gaps",
    "coverage",
    "programmes",
    "children",
    "agreement",
    "destitution",
]
ANALYSES: tuple[AnalysisName, ...] = get_args(AnalysisName)
# Of a study too: how the groups of a domain are ranked, and how the change between two rounds is made up.
Ranking = Literal["robustness", "dominance", "weights", "orders"]
RANKINGS: tuple[Ranking, ...] = get_args(Ranking)
StudyAnalysis = Literal[AnalysisName, Ranking, "decomposition", "supply"]
STUDY_ANALYSES: tuple[StudyAnalysis, ...] = get_args(StudyAnalysis)
DerivedForm = Literal["share", "number", "index"]  # how a figure of an expression is written
DERIVED_FORMS: tuple[DerivedForm, ...] = get_args(DerivedForm)
# The columns of each that say what a figure is: no domain that it is by is called so.
ANALYSIS_COLUMNS: Mapping[StudyAnalysis, tuple[str, ...]] = {
    "bands": ("band", "scores"),
    "numbers": ("dimension", "indicator"),
    "redundancy": ("level", "first", "second", "censored"),
    "bundles": ("bundle",),
    "overlap": ("dimensions", "sets"),
    "classes": ("class", "line", "area"),
    "crossing": ("group", "line", "area"),
    "inequality": ("gamma", "groups"),
    "gaps": ("alpha", "dimension", "indicator"),
    "coverage": ("programme",),
    "programmes": ("group", "programme", "programmes"),
    "children": ("indicator",),
    "decomposition": ("dimension", "indicator", "groups"),
    "supply": ("indicator",),
    "agreement": ("group", "indicator", "other", "other_k"),
    "destitution": ("group", "indicator", "other", "other_k"),
}
MOST_DRAWS = 100_000  # of weights
OF_TWO: tuple[AnalysisName, ...] = ("agreement", "destitution")  # measures on the same units
POWERS = ("0", "1", "2")  # of M-alpha and M-gamma, unless others are asked for
Inclusion = Literal["refuse", "report"]  # what becomes of destitute who are not poor
INCLUSIONS: tuple[Inclusion, ...] = get_args(Inclusion)
Status = Literal["provisional", "final"]
STATUSES: tuple[Status, ...] = get_args(Status)
Output = Literal[
    "results",
    "workbook",
    "charts",
    "maps",
    "map_data",
    "report",
    "board",
    "areas",
    "sheets",
    "pdf",
    "docx",
    "sdmx",
    "sdg",
]
OUTPUTS: tuple[Output, ...] = get_args(Output)
# Made only if asked for: sheets and reports for print take longer than all the rest, few edit a report, few exchange
# data.
ON_REQUEST: tuple[Output, ...] = ("sheets", "pdf", "docx", "sdmx", "sdg")
USUAL_OUTPUTS: tuple[Output, ...] = tuple(output for output in OUTPUTS if output not in ON_REQUEST)
SdgDimension = Literal["SEX", "AGE", "URBANISATION"]
SDG_DIMENSIONS: tuple[SdgDimension, ...] = get_args(SdgDimension)
ReportSection = Literal[
    "key",
    "maps",
    "indicators",
    "domains",
    "analyses",
    "changes",
    "panel",
    "targets",
    "plans",
    "published",
    "measures",
    "countries",
    "robustness",
    "quality",
    "definition",
    "reproduction",
]
SECTIONS: tuple[ReportSection, ...] = get_args(ReportSection)
# How many are poor, how sure that is, and what it means: no report can be understood without these.
NEEDED_SECTIONS: tuple[ReportSection, ...] = ("key", "quality", "definition")
Scheme = Literal["fixed", "quantiles", "fisher_jenks"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
# What the numbers of a table are that is put on a map.
NumberForm = Literal["percent", "proportion", "number", "index"]
NUMBER_FORMS: tuple[NumberForm, ...] = get_args(NumberForm)
MapFormat = Literal["gpkg", "parquet", "csv", "geojson"]
MAP_FORMATS: tuple[MapFormat, ...] = get_args(MapFormat)
USUAL_LANGUAGES = ("es", "en")  # of a study that names none
USUAL_MAP_FORMATS: tuple[MapFormat, ...] = ("gpkg", "parquet", "csv")
ResultFormat = Literal["parquet", "csv"]
RESULT_FORMATS: tuple[ResultFormat, ...] = get_args(ResultFormat)
Unmatched = Literal["refuse", "allow"]
Others = Literal["refuse", "keep"]
OTHERS: tuple[Others, ...] = get_args(Others)
UNMATCHED: tuple[Unmatched, ...] = get_args(Unmatched)
FigureFormat = Literal["table", "csv", "json", "parquet"]
FIGURE_FORMATS: tuple[FigureFormat, ...] = get_args(FigureFormat)
MessageFormat = Literal["text", "json"]
MESSAGE_FORMATS: tuple[MessageFormat, ...] = get_args(MessageFormat)

# Colours of a map or heat map that can be distinguished.
MOST_CLASSES = 7

STARTED = ("measure", "survey", "study")  # kinds of config files that `mpi init` writes
Taken = Literal["ask", "fractions", "written"]  # what becomes of weights of a spreadsheet that look rounded
TAKEN: tuple[Taken, ...] = get_args(Taken)
Ties = Literal["key", "all_or_none"]  # of rows that are tied where a quota of a list ends
TIES: tuple[Ties, ...] = get_args(Ties)
ListFormat = Literal["parquet", "csv"]
LIST_FORMATS: tuple[ListFormat, ...] = get_args(ListFormat)
ListRows = Literal["all", "poor", "selected"]
LIST_ROWS: tuple[ListRows, ...] = get_args(ListRows)
