"""The glossary of readers: each word that a publication uses and does not explain where it stands, in plain words.

Pages explain a word where it first stands in a section, and have the whole explanation at their end for print. The
developers' terms are in `docs/en/terms.md`; a test holds both against each other where they have the same word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from mpi.language import Language, translated
from mpi.vocabulary.options import Titles

BLANK = "[ \u00a0\u202f]"  # one that breaks a line, or one that does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word with its explanation.

    Attributes
    ----------
    title : mapping of str to str
        By language, the word as it heads its entry.
    text : mapping of str to str
        One or two sentences for readers who know no statistics.
    said : mapping of str to str
        How it stands in texts, `|` between its forms; a form that begins with a small letter may begin a sentence.
        Empty: it is explained beside a control or in the glossary alone.
    term : str
        Its row in the developers' glossary; empty: they have no such word.
    """

    title: Titles
    text: Titles
    said: Titles | None = None
    term: str = ""


# In the order of reading: what is measured, of what it consists, how sure it is, how it is shown.
WORDS: Mapping[str, Word] = {
    "poor": Word(
        title=translated("Multidimensional poverty"),
        text=translated(
            "A household or person is poor if it lacks many things at once: if the weights of its deprivations add up "
            "to the poverty cutoff k or more."
        ),
        said=translated("multidimensional poverty|multidimensionally poor", context="glossary"),
        term="poor",
    ),
    "H": Word(
        title=translated("Headcount ratio (H)"),
        text=translated("The percentage of the population that is multidimensionally poor."),
        said=translated("headcount ratio (H)|H, %|H, pp|H", context="glossary"),
        term="H",
    ),
    "A": Word(
        title=translated("Intensity (A)"),
        text=translated(
            "How much the poor lack on average: the mean share of the weighted indicators in which they are deprived."
        ),
        said=translated("intensity (A)|A, %", context="glossary"),
        term="A",
    ),
    "M0": Word(
        title=translated("Adjusted headcount ratio (M0)"),
        text=translated(
            "The headcount ratio times the intensity. It falls when fewer are poor, and when the poor lack less; "
            "0 means that nobody is poor."
        ),
        said=translated("adjusted headcount ratio (M0)|M0", context="glossary"),
        term="M0",
    ),
    "k": Word(
        title=translated("Poverty cutoff k"),
        text=translated(
            "The part of all weighted indicators from which a household or person is poor: with k = 1/3, whoever is "
            "deprived in a third of them or more."
        ),
        said=translated("poverty cutoff k|cutoff k|k", context="glossary"),
        term="cutoff, k",
    ),
    "indicator": Word(
        title=translated("Indicator"),
        text=translated("One aspect of life, such as schooling or water, with a rule that says who is deprived in it."),
        said=translated("indicator|indicators", context="glossary"),
        term="indicator",
    ),
    "dimension": Word(
        title=translated("Dimension"),
        text=translated("A group of indicators, such as education or housing."),
        said=translated("dimension", context="glossary"),
        term="dimension",
    ),
    "deprivation": Word(
        title=translated("Deprivation"),
        text=translated("A household or person does not reach the minimum that an indicator asks for."),
        said=translated("deprivation|deprivations|deprived", context="glossary"),
        term="deprivation",
    ),
    "weight": Word(
        title=translated("Weight of an indicator"),
        text=translated("How much an indicator counts. The weights of all indicators add up to 100%."),
        said=translated("weight, %|exact weight|weight", context="glossary"),
    ),
    "score": Word(
        title=translated("Deprivation score"),
        text=translated("The sum of the weights of all indicators in which a household or person is deprived."),
        said=translated("deprivation score|score", context="glossary"),
        term="score",
    ),
    "censored": Word(
        title=translated("Censored headcount ratio"),
        text=translated(
            "The percentage of the population that is poor and has the deprivation. Whoever has it and is not poor "
            "does not count."
        ),
        said=translated("censored headcount ratio|censored", context="glossary"),
        term="censored headcount",
    ),
    "uncensored": Word(
        title=translated("Uncensored headcount ratio"),
        text=translated("The percentage of the population that has the deprivation, poor or not."),
        said=translated("uncensored headcount ratio|uncensored", context="glossary"),
        term="uncensored headcount",
    ),
    "contribution": Word(
        title=translated("Contribution to M0"),
        text=translated(
            "The part of poverty, as the adjusted headcount ratio measures it, that comes from an indicator or a "
            "dimension."
        ),
        said=translated(
            "absolute contribution to M0|contribution to M0|contribution, % of M0|contributions", context="glossary"
        ),
        term="contribution",
    ),
    "units": Word(
        title=translated("Persons and households"),
        text=translated(
            "Figures of persons count everybody who lives in a poor household; figures of households count each "
            "household once. They differ, since households are not of one size."
        ),
        said=translated("households in poverty", context="glossary"),
    ),
    "interval": Word(
        title=translated("Confidence interval (CI)"),
        text=translated(
            "A survey asks some households, not all, so its figures are not exact. The interval shows between which "
            "values the true one probably lies: with 95%, it would hold it in 95 of 100 such surveys."
        ),
        said=translated("confidence interval|CI|interval", context="glossary"),
    ),
    "se": Word(
        title=translated("Standard error"),
        text=translated("How much a figure would typically vary if the survey had drawn other households."),
        said=translated("standard error|sampling errors", context="glossary"),
    ),
    "cv": Word(
        title=translated("Coefficient of variation (CV)"),
        text=translated("The standard error as a percentage of the figure: the smaller, the more precise."),
        said=translated("coefficient of variation|CV, %|CV", context="glossary"),
    ),
    "marks": Word(
        title=translated("Marks of reliability"),
        text=translated(
            "Signs beside a figure that say how far it can be trusted: * use it with caution; † unreliable; x not "
            "shown; n.d. there is no figure."
        ),
        said=translated("marks|use with caution|unreliable", context="glossary"),
    ),
    "hidden": Word(
        title=translated("Figure that is not shown"),
        text=translated(
            "A figure is left out where it is too uncertain, or where it could tell something about a single household."
        ),
        said=translated("not shown", context="glossary"),
    ),
    "significant": Word(
        title=translated("Significant"),
        text=translated(
            "A change or difference is significant if it is larger than the chance of drawing one sample or another "
            "can explain."
        ),
        said=translated("significant?|significant|significantly", context="glossary"),
    ),
    "p": Word(
        title=translated("p-value"),
        text=translated(
            "The probability of so large a difference by the chance of the sample alone. A small one, such as under "
            "0.05, speaks for a real difference."
        ),
        said=translated("p-value", context="glossary"),
    ),
    "points": Word(
        title=translated("Percentage point"),
        text=translated("The difference between two percentages: from 10% to 12% there are 2 percentage points."),
        said=translated("percentage points|pp", context="glossary"),
    ),
    "n": Word(
        title=translated("n"),
        text=translated("How many persons or households the survey asked for a figure."),
        said=translated("n"),
    ),
    "stratum": Word(
        title=translated("Stratum"),
        text=translated("A part of the country, such as the towns of a region, in which a sample is drawn by itself."),
        said=translated("stratum|strata", context="glossary"),
        term="stratum, PSU",
    ),
    "psu": Word(
        title=translated("Primary sampling unit (PSU)"),
        text=translated(
            "The piece of land, such as a group of blocks or a village, that a survey draws first; households are then "
            "drawn in it. With few of them a figure is uncertain."
        ),
        said=translated("primary sampling units|PSUs|PSU", context="glossary"),
        term="stratum, PSU",
    ),
    "df": Word(
        title=translated("Degrees of freedom"),
        text=translated(
            "On how many independent pieces of information a standard error rests: about the number of primary "
            "sampling units less that of strata. Where there are few, the error is itself uncertain."
        ),
        said=translated("degrees of freedom|degree of freedom", context="glossary"),
        term="se, cv, deff, df",
    ),
    "deff": Word(
        title=translated("Design effect"),
        text=translated(
            "How many times as large the squared error is as in a sample of the same size that draws single persons "
            "by lot."
        ),
        said=translated("design effect", context="glossary"),
        term="se, cv, deff, df",
    ),
    "unknown": Word(
        title=translated("Unknown"),
        text=translated(
            "The survey does not say whether somebody is deprived, because an answer is missing. It is never taken "
            "for zero."
        ),
        said=translated("unknown", context="glossary"),
        term="unknown",
    ),
    "classes": Word(
        title=translated("Natural breaks"),
        text=translated("Classes of a map whose limits are chosen so that the areas of one class are most alike."),
        said=translated("natural breaks", context="glossary"),
    ),
}  # fmt: skip


def word_of(statistic: str) -> str:
    """The name of the word that explains a statistic; empty if there is none.

    Examples
    --------
    >>> word_of("censored_headcount"), word_of("poor"), word_of("population_share")
    ('censored', 'poor', '')
    """
    own = {
        "censored_headcount": "censored", "uncensored_headcount": "uncensored", "poor_and_deprived": "censored",
        "absolute_contribution": "contribution", "percentage_contribution": "contribution",
    }  # fmt: skip
    name = own.get(statistic, statistic)
    return name if name in WORDS else ""


@cache
def _forms(language: Language) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """A pattern of all forms of a language, the longest first, and the word of each."""
    found = {
        form: name for name, word in WORDS.items() if word.said is not None for form in word.said[language].split("|")
    }
    ordered = sorted(found, key=lambda form: (-len(form), form))
    # What comes before and after is looked at once, not for each form: most signs stand within other words.
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, ordered))})(?!\w|\.\w)"), {
        **{form[:1].upper() + form[1:]: name for form, name in found.items() if len(form) > 1},
        **found,
    }


def _pattern(form: str) -> str:
    """A form as a pattern: its first letter large or small, if it has a word and is small; any blank for a blank.

    A letter with an apostrophe is the beginning of another word, as that of a French negation.
    """
    if len(form) == 1:
        return f"{re.escape(form)}(?!\u2019)"
    first = form[:1]
    start = f"[{first.upper()}{first}]" if first.islower() else re.escape(first)
    return start + re.sub(rf"\\?{BLANK}", BLANK, re.escape(form[1:]))


@lru_cache(maxsize=4096)  # pages of areas say the same of many places
def _words(text: str, language: Language) -> tuple[tuple[str, int, int], ...]:
    """Every word in a text: its name, where it begins and where it ends."""
    pattern, names = _forms(language)
    return tuple((names[re.sub(BLANK, " ", match[0])], *match.span()) for match in pattern.finditer(text))


def found_in(text: str, language: Language, *, without: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """A text in pieces, each with the name of the word that it is, or an empty name; a word is found once.

    Parameters
    ----------
    without : collection of str
        Names of words that are not looked for.

    Examples
    --------
    >>> list(found_in("H is 9.9 %, and H was 10.2 %", "en"))
    [('H', 'H'), (' is 9.9 %, and H was 10.2 %', '')]
    """
    met, start = set(without), 0
    for name, first, end in _words(text, language):
        if name in met:
            continue
        met.add(name)
        if first > start:
            yield text[start:first], ""
        yield text[first:end], name
        start = end
    if start < len(text):
        yield text[start:], ""


def ordered(names: Collection[str]) -> list[str]:
    """Names of words in the order of the glossary."""
    return [name for name in WORDS if name in names]
