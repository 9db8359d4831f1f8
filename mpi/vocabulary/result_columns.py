"""What every column of the tidy tables holds: type, title and meaning in each language.

The workbook and the data package describe columns in the same way because both read this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mpi.language import translated
from mpi.vocabulary.options import Titles

FieldType = Literal["string", "number", "integer"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A column of a table that is published.

    Attributes
    ----------
    type : {"string", "number", "integer"}
        As Table Schema calls it.
    title, text : mapping of str to str
        By language.
    """

    type: FieldType
    title: Titles
    text: Titles


MEANINGS: Mapping[str, Meaning] = {
    "measure": Meaning("string", translated("Measure"), translated("Name of the poverty measure.")),
    "survey": Meaning("string", translated("Survey"), translated("Name of the survey or round.")),
    "period": Meaning("string", translated("Period"), translated("Period of the round.")),
    "other_period": Meaning("string", translated("Other period"), translated("Period of the other country.")),
    "unit": Meaning("string", translated("Unit"), translated("What is counted: persons or households.")),
    "reading": Meaning(
        "string", translated("Reading"), translated("How figures of plans are to be read: accounting, not impact.")
    ),
    "plan": Meaning("string", translated("Plan"), translated("Name of the plan, as the study gives it.")),
    "action": Meaning(
        "string", translated("Action"), translated("Action of the plan, with its place; all: of all of them together.")
    ),
    "moment": Meaning(
        "string",
        translated("Moment"),
        translated("before or after the plan, or the change; part: what an action adds to the change; empty of costs."),
    ),
    "spread": Meaning(
        "number",
        translated("Spread"),
        translated("Standard deviation over draws of a plan; empty where households are not told apart."),
    ),
    "k": Meaning(
        "string", translated("Cutoff k"), translated("Exact poverty cutoff, as a fraction; > where it is strict.")
    ),
    "statistic": Meaning(
        "string", translated("Statistic"), translated("What is estimated; see the dictionary of statistics.")
    ),
    "dimension": Meaning(
        "string", translated("Dimension"), translated("Dimension of the measure; empty where the figure is of none.")
    ),
    "indicator": Meaning(
        "string", translated("Indicator"), translated("Indicator of the measure; empty where the figure is of none.")
    ),
    "figure": Meaning(
        "string",
        translated("Figure", context="column"),
        translated("What the analysis tells; see the page on analyses of the manual."),
    ),
    "band": Meaning("string", translated("Band"), translated("Band of the deprivation score, by name.")),
    "class": Meaning("string", translated("Class"), translated("Class of the measure, by name.")),
    "group": Meaning(
        "string",
        translated("Group", context="crossing"),
        translated(
            "Group by multidimensional and income poverty: both, only one, neither; and their sums. Of programmes: "
            "everybody, the poor, the others. Of two measures: poor by both, by one alone, by neither; destitute."
        ),
    ),
    "line": Meaning("string", translated("Line"), translated("Relative income line of the measure, by name.")),
    "area": Meaning(
        "string", translated("Area of the line"), translated("Area that has a line of its own; empty for one of all.")
    ),
    "scores": Meaning(
        "string", translated("Scores"), translated("Scores of the band: [ and ] with the end, ( and ) without it.")
    ),
    "level": Meaning(
        "string", translated("Level of the pair"), translated("indicator or dimension: what a pair is made of.")
    ),
    "first": Meaning("string", translated("First"), translated("The first of a pair.")),
    "second": Meaning("string", translated("Second"), translated("The second of a pair.")),
    "censored": Meaning(
        "string", translated("Censored"), translated("yes: deprivations of the poor alone; no: of everybody.")
    ),
    "dimensions": Meaning(
        "string", translated("Dimensions"), translated("Number of dimensions in which units are deprived.")
    ),
    "sets": Meaning(
        "string", translated("Sets"), translated("Dimensions whose overlap it is, joined by +; one or several.")
    ),
    "programme": Meaning(
        "string", translated("Programme"), translated("Programme that units receive; several are joined by +.")
    ),
    "programmes": Meaning("string", translated("Programmes"), translated("Number of programmes that units receive.")),
    "bundle": Meaning(
        "string", translated("Deprivations"), translated("Indicators in which units are deprived, and in no others.")
    ),
    "groups": Meaning(
        "string", translated("Groups"), translated("Domain or crossing by whose groups a figure is made up.")
    ),
    "alternative": Meaning(
        "string", translated("Alternative"), translated("What is other than in the measure; baseline: nothing.")
    ),
    "weights": Meaning("string", translated("Other weights"), translated("Their name in the study.")),
    "without": Meaning("string", translated("Left out"), translated("Indicator that is left out.")),
    "missing": Meaning("string", translated("Rule for unknowns"), translated("Another than that of the measure.")),
    "verdict": Meaning(
        "string",
        translated("Dominance", context="column"),
        translated("significant, not_significant or neither: whether the first is never less poor than the second."),
    ),
    "how": Meaning(
        "string", translated("How it is known"), translated("exact, bounded, or drawn: from seeded draws of weights.")
    ),
    "expression": Meaning("string", translated("Figure of the study"), translated("Its name under `derive:`.")),
    "other": Meaning("string", translated("Second measure"), translated("Name of the second measure of two.")),
    "other_k": Meaning("string", translated("Its cutoff"), translated("Exact poverty cutoff of the second measure.")),
    "alpha": Meaning("string", translated("Alpha"), translated("Power of the normalised gap.")),
    "gamma": Meaning("string", translated("Gamma"), translated("Power of the censored score.")),
    "earlier": Meaning(
        "string",
        translated("Earlier band"),
        translated("Band of the score in the first edition; unknown, or new where the unit was not there."),
    ),
    "later": Meaning(
        "string",
        translated("Later band"),
        translated("Band of the score in the last edition; unknown, or gone where the unit is not there any more."),
    ),
    "tau": Meaning(
        "string", translated("Duration tau"), translated("Share of the editions from which on poverty is chronic.")
    ),
    "change": Meaning(
        "string", translated("Kind of change"), translated("absolute, relative, log, or a year (_per_year).")
    ),
    "span": Meaning(
        "string",
        translated("Span"),
        translated("sequence: from one round to the next; total: from the first to the last."),
    ),
    "from": Meaning("string", translated("From"), translated("First period.")),
    "to": Meaning("string", translated("To"), translated("Last period.")),
    "years": Meaning("number", translated("Years"), translated("Years between the two periods.")),
    "before": Meaning("number", translated("Before"), translated("Estimate of the first period.")),
    "after": Meaning("number", translated("After"), translated("Estimate of the last period.")),
    "estimate": Meaning(
        "number",
        translated("Estimate"),
        translated(
            "Proportions from 0 to 1, indices, or numbers of units. Empty where it is not shown or there is none."
        ),
    ),
    "se": Meaning("number", translated("Standard error"), translated("Sampling error; empty for a census.")),
    "ci_low": Meaning("number", translated("Lower limit"), translated("Lower limit of the confidence interval.")),
    "ci_high": Meaning("number", translated("Upper limit"), translated("Upper limit of the confidence interval.")),
    "cv": Meaning(
        "number", translated("Coefficient of variation"), translated("Standard error over the estimate (a proportion).")
    ),
    "log_cv": Meaning("number", translated("Logarithmic CV"), translated("Relative standard error on the log scale.")),
    "df": Meaning("integer", translated("Degrees of freedom"), translated("Of the design, for the estimate.")),
    "deff": Meaning("number", translated("Design effect"), translated("Variance over that of a simple random sample.")),
    "n_eff": Meaning("number", translated("Effective size"), translated("Sample size over the design effect.")),
    "n": Meaning("integer", translated("n"), translated("Units of the sample, unweighted.")),
    "n_poor": Meaning("integer", translated("n poor"), translated("Poor units of the sample, unweighted.")),
    "psus": Meaning("integer", translated("PSUs"), translated("Primary sampling units with cases.")),
    "population": Meaning("number", translated("Population"), translated("Sum of the weights.")),
    "t": Meaning("number", translated("t"), translated("Change or derived figure over its standard error.")),
    "p": Meaning("number", translated("p-value"), translated("Two-sided, of no change, or of a derived figure of 0.")),
    "p_adjusted": Meaning(
        "number", translated("Corrected p-value"), translated("Corrected for the number of comparisons.")
    ),
    "reliability": Meaning(
        "string",
        translated("Reliability"),
        translated("Verdict of the reliability rules: publish, caution, review or suppress."),
    ),
    "reliability_rule": Meaning(
        "string",
        translated("Reliability rule"),
        translated(
            "Name of the rule that decided; floor_error, floor_df or floor_units where the floor did, undecided "
            "where a figure was missing."
        ),
    ),
    "standing": Meaning(
        "string",
        translated("Standing"),
        translated("shown, unjudged (precision not judged), caution (*), review (†), hidden (x) or undefined (n.d.)."),
    ),
    "hidden_by": Meaning(
        "string", translated("Hidden by"), translated("Rule that hides the figure; empty where it is shown.")
    ),
    "note": Meaning("string", translated("Note"), translated("Why a number is missing.")),
}
DOMAIN_TEXT: Titles = translated("Code of the domain, as text with its leading zeros; empty for the total.")
# Of progress towards targets: a table of its own, so that domains of surveys may have these names elsewhere.
TARGET_MEANINGS: Mapping[str, Meaning] = {
    "target_number": Meaning("integer", translated("Number of the target"), translated("In its list, from 1.")),
    "target_direction": Meaning(
        "string", translated("Direction"), translated("at_most or at_least: what the target asks of the figure.")
    ),
    "target_path": Meaning(
        "string", translated("Path"), translated("From baseline to target: linear, constant_rate or logistic.")
    ),
    "target_kind": Meaning("string", translated("Kind of target"), translated("value, or half: half of the baseline.")),
    "target_year": Meaning("number", translated("Target year"), translated("Decimal year of the target.")),
    "target": Meaning(
        "number", translated("Target"), translated("What the figure is to reach, as a proportion or a number of units.")
    ),
    "target_source": Meaning(
        "string", translated("Source of the target"), translated("Where the target is laid down.")
    ),
    "baseline_kind": Meaning(
        "string", translated("Kind of baseline"), translated("round: an estimate; given: a number taken as known.")
    ),
    "baseline_period": Meaning(
        "string", translated("Baseline period"), translated("Period of the round of the baseline.")
    ),
    "baseline_year": Meaning("number", translated("Baseline year"), translated("Decimal year of the baseline.")),
    "baseline": Meaning("number", translated("Baseline"), translated("Where the path to the target starts.")),
    "baseline_se": Meaning(
        "number", translated("Standard error of the baseline"), translated("Empty where it is taken as known.")
    ),
    "period_year": Meaning("number", translated("Year"), translated("Decimal year of the estimate.")),
    "verdict": Meaning(
        "string",
        translated("Verdict"),
        translated("met, on_track, off_track or cannot_tell; tested at 5 %, one-sided."),
    ),
    "distance": Meaning("number", translated("Distance to the target"), translated("Estimate less target.")),
    "distance_se": Meaning(
        "number", translated("Standard error of the distance"), translated("Of estimate less target.")
    ),
    "distance_df": Meaning("integer", translated("Degrees of freedom of the distance"), translated("Of its test.")),
    "distance_p": Meaning(
        "number", translated("p-value of the distance"), translated("One-sided, of the figure being beyond the target.")
    ),
    "path_value": Meaning(
        "number", translated("Path at the period"), translated("Where the path to the target is at the period.")
    ),
    "path_distance": Meaning(
        "number",
        translated("Distance to the path"),
        translated("Estimate less path, on the path's own scale: as it is, in logarithms, or in log odds."),
    ),
    "path_se": Meaning(
        "number", translated("Standard error of the distance to the path"), translated("Of both rounds.")
    ),
    "path_df": Meaning(
        "integer", translated("Degrees of freedom of the distance to the path"), translated("Of its test.")
    ),
    "path_p": Meaning(
        "number",
        translated("p-value of the distance to the path"),
        translated("One-sided, of being better than the path."),
    ),
    "yearly": Meaning(
        "number",
        translated("Observed change a year"),
        translated("Since the baseline; of a constant rate relative, of a logistic path in log odds."),
    ),
    "yearly_low": Meaning("number", translated("Lower limit of the change a year"), translated("Of its interval.")),
    "yearly_high": Meaning("number", translated("Upper limit of the change a year"), translated("Of its interval.")),
    "needed": Meaning(
        "number",
        translated("Needed change a year"),
        translated("From the period to the target year; as the observed one."),
    ),
    "needed_from_baseline": Meaning(
        "number", translated("Needed change a year from the baseline"), translated("Of the path.")
    ),
    "projection": Meaning(
        "number", translated("Projection"), translated("In the target year, if it goes on as since the baseline.")
    ),
    "projection_low": Meaning("number", translated("Lower limit of the projection"), translated("Of its interval.")),
    "projection_high": Meaning("number", translated("Upper limit of the projection"), translated("Of its interval.")),
    "reached": Meaning(
        "number",
        translated("Year of reaching"),
        translated("If it goes on as since the baseline; empty where the figure does not move towards the target."),
    ),
}
