"""The words of the workbook that no other output has, in each language."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.language import strung, translated
from mpi.vocabulary.statistics import DEFINITIONS
from mpi.vocabulary.wording import MARKS, Language

# Names of the sheets that every workbook has, in their order; those of domains come after `national`.
SHEETS: Mapping[str, Mapping[Language, str]] = {
    "index": translated("Contents"),
    "signs": translated("Notes"),
    "national": translated("National"),
    "indicators": translated("Indicators"),
    "contributions": translated("Contributions"),
    "changes": translated("Changes"),
    "cutoffs": translated("Sensitivity_k"),
    "quality": translated("Quality"),
    "dictionary": translated("Dictionary"),
    "metadata": translated("Metadata"),
    "data": translated("data"),
}
TITLES: Mapping[str, Mapping[Language, str]] = {
    "index": translated("Contents of the annex"),
    "signs": translated("Notes: marks and abbreviations"),
    "national": translated("Total: headcount ratio, intensity and adjusted headcount ratio by round"),
    "domain": translated("Headcount ratio, intensity and adjusted headcount ratio by"),
    "indicators": translated("Deprivation by indicator: uncensored and censored"),
    "by_indicator": translated("Percentage deprived in each indicator, uncensored and censored, by"),
    "contributions": translated("Contribution of dimensions and indicators to the adjusted headcount ratio (M0)"),
    "analyses": translated("Analyses"),
    "changes": translated("Changes between rounds"),
    "panel": translated("The same units over time"),
    "targets": translated("Targets"),
    "plans": translated("Plans"),
    "published": translated("Published series"),
    "measures": translated("Figures of every measure"),
    "measures_reference": translated("Reference sheet of the measures"),
    "countries": translated("Figures of every country"),
    "countries_differences": translated("Differences of countries"),
    "countries_reference": translated("Reference sheet of the countries"),
    "cutoffs": translated("Sensitivity to the cutoff k, last round"),
    "quality": translated("Quality: sample, unknown data, hidden figures and fit with the maps"),
    "dictionary": translated("Dictionary of columns, statistics, marks and indicators"),
    "metadata": translated("About this publication"),
    "data": translated("Tidy table for programs: one row an estimate"),
}  # fmt: skip
WORDS: Mapping[str, Mapping[Language, str]] = {
    "back": translated("Back to the contents"),
    "sheet": translated("Sheet"), "content": translated("Content"),
    "rows": translated("Rows"), "period": translated("Period"),
    "published": translated("Published", context="series"), "published_low": translated("Published, lower end"),
    "published_high": translated("Published, upper end"), "difference": translated("Estimate less published"),
    "unit": translated("Unit"), "domain": translated("Domain"),
    "code": translated("Code"), "name": translated("Name"),
    "dimension": translated("Dimension"), "indicator": translated("Indicator"),
    "all": translated("Whole dimension"), "total": translated("Total"),
    "percent": translated("{symbol} (%)"), "index": translated("{symbol} (0-1)"),
    "number": translated("{symbol}"),
    "estimate": translated("Estimate"), "se": translated("SE"),
    "in_percent": translated("%", context="unit of measure"), "in_index": translated("from 0 to 1"),
    "sign": translated("Mark or abbreviation"), "meaning": translated("Meaning"),
    "no_mark": translated("(no mark)"), "empty_cell": translated("(empty cell)"),
    "low": translated("Lower {level}%"), "high": translated("Upper {level}%"),
    "cv": translated("CV (%)"), "n": translated("n"), "mark": translated("Mark"),
    "other_country": translated("Other country"), "first_is": translated("The first is"),
    "both_poor": translated("Number of poor"),
    "statistic": translated("Statistic"), "from": translated("From"),
    "to": translated("To"), "expressed": translated("Expressed in"),
    "before": translated("Before"),
    "after": translated("After"),
    "relative": translated("Relative change (%)"), "change": translated("Change"),
    "p": translated("p-value"), "p_adjusted": translated("Corrected p"),
    "significant": translated("Significant"), "yes": translated("yes"),
    "no": translated("no"), "points": translated("percentage points (%)"),
    "index_points": translated("index (0 to 1)"), "numbers": translated("number"),
    "topic": translated("Topic"), "item": translated("Item"),
    "value": translated("Value"), "note": translated("Note"),
    "sample": translated("Sample"), "persons_n": translated("Persons in the sample"),
    "households_n": translated("Households in the sample"),
    "population": translated("Weighted population (persons)"),
    "strata": translated("Strata"), "psus": translated("Primary sampling units (PSUs)"),
    "errors": translated("What the sampling errors come from"),
    "census": translated("Census: no sampling error"),
    "reading": translated("Reading of the data"),
    "counted_households": translated("Households read"),
    "counted_persons": translated("Persons read"),
    "counted_zero_weight": translated("With a weight of 0"),
    "counted_outside_persons": translated("Persons outside the universe, by their condition"),
    "counted_outside_households": translated("Households outside the universe, by their condition"),
    "counted_outside_dwellings": translated("Dwellings outside the universe, by their condition"),
    "counted_outside_emptied": translated("Households without any person inside the universe"),
    "counted_outside_psus": translated("Sampling units without a household inside the universe"),
    "counted_outside_unplaced": translated("Households outside the universe without a known place in the design"),
    "precision": translated("Precision of the total"),
    "df": translated("df"), "freedom": translated("Degrees of freedom (df)"),
    "deff": translated("deff"), "effect": translated("Design effect (deff)"),
    "excluded": translated("Left out and unknown"),
    "standings": translated("Figures by standing"),
    "hidden": translated("Figures hidden by rule"),
    "join": translated("Fit with the maps"),
    "matched": translated("Codes that match"),
    "only_figures": translated("Codes without a polygon"),
    "only_boundaries": translated("Polygons without figures"),
    "padded": translated("Codes that got leading zeros"),
    "names_differ": translated("Names that differ"),
    "breaks": translated("Comparability"), "from_period": translated("Break from"), "notices": translated("Notices"),
    "sort": translated("Kind"), "title": translated("Title"),
    "weight": translated("Weight"), "weight_percent": translated("Weight (%)"),
    "text": translated("Description"), "rule": translated("Rule, as written"), "column": translated("Column"),
    "eligible": translated("Eligible members: {rule}"),
    "nobody": translated("Household without any: {verdict}"),
    "deprived": translated("deprived"), "not_deprived": translated("not deprived"),
    "unknown": translated("unknown"),
    "monitor": translated("Monitored only, not in the score"),
    "cutoff": translated("Cutoff"), "official": translated("official"),
    "own_cutoff": translated("the measure's own"),
    "act": translated("Act that makes them official"),
    "poor_if": translated("Poor if the deprivation score is {sign} {k}"),
    "universe": translated("Universe"), "publisher": translated("Publisher"),
    "edition": translated("Edition"), "status": translated("Status of the figures"), "released": translated("Released"),
    "licence": translated("Licence"), "citation": translated("How to cite"),
    "measure": translated("Measure"), "source": translated("Source"),
    "survey": translated("Survey {period}"),
    "level": translated("Confidence level"),
    "reliability": translated("Reliability rules"),
    "rules": translated("Disclosure rules"),
    "version": translated("Version of {name}"),
    "provisional": translated("provisional"), "final": translated("final"),
    "study": translated("Publication"), "k": translated("k"),
}  # fmt: skip
NOTES: Mapping[str, Mapping[Language, str]] = {
    "marks": translated("Marks: {marks}. n: cases of the sample, unweighted."),
    "intervals": translated("Lower, Upper: limits of the {level}% confidence interval. CV: coefficient of variation. "
"Cells hold every decimal digit."),
    "empty": translated("An empty cell: the number does not apply. Beside x it is not published, beside n.d. it does "
"not exist."),
    "more": translated("The sheet “{sheet}” has the standard errors, CV and degrees of freedom of A, M0 and the number "
"of poor."),
    "marked": translated("A mark stands behind its number. The sheet “{sheet}” has intervals and standard errors of "
"domains with few categories; the folder results has all of them."),
    "at_cutoff": translated("Cutoff k = {k}."),
    "small": translated("Total, and domains of up to {most} categories; of more than {few} categories the last round."),
    "tested": translated("Significant: the p-value (corrected if asked for) is below {alpha}. The mark is the "
"worse of both estimates."),
    "verdicts": translated("Verdicts: met if the figure is beyond its target significantly (one-sided test at 5%); on "
"track or off track if it is significantly better or worse than the path from the baseline. Changes a year of a "
"constant rate are percentages of the figure, on a logistic path log odds."),
    "left_out": translated("“{title}” is left out: {why}."),
    "some_data": translated("The sheet “{sheet}” has {rows} of the {all} rows of the tidy table: H, A, M0 and the "
"number of poor at k = {k}, for every domain, round and unit. All rows are in the folder results."),
    "from_source": translated("Source: {publisher}, {surveys}. Figures {status}, released on {released}."),
    "applied": translated("Disclosure rules applied: {name}."),
}  # fmt: skip


# The indices: letter, title and meaning.
INDICES = (
    ("H", DEFINITIONS["H"].title, translated("Percentage of the population that is multidimensionally poor.")),
    (
        "A",
        DEFINITIONS["A"].title,
        translated("Average share of the weighted indicators in which the poor are deprived."),
    ),
    (
        "M0",
        DEFINITIONS["M0"].title,
        translated("H times A: it rises when more are poor, and when the poor are deprived in more."),
    ),
    ("k", translated("Cutoff k"), translated("Share of the weighted indicators from which on a household is poor.")),
)


def say(word: str, language: Language, **filled: str) -> str:
    """A word or sentence in a language, with what it is about."""
    found = (WORDS.get(word) or NOTES[word])[language]
    return found.format(**filled) if filled else found


def marks_note(meanings: Mapping[str, str], language: Language) -> str:
    """What the marks mean in a publication, in one line."""
    marks = [f"{mark} {meanings[standing]}" for standing, mark in MARKS.items() if mark]
    return NOTES["marks"][language].format(marks=strung(marks, "; ", language))
