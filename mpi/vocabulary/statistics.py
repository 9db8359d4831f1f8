"""The statistics: what each one is, as data that estimates, disclosure control and every output read.

A new statistic is one entry of `DEFINITIONS`. If it is a ratio, total or share of quantities that `Quantity` names,
that is all: its estimate, error, interval, disclosure control, columns, layers and sheets follow. A new quantity is
one name in `Quantity` and its columns in `mpi.estimates.quantities`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mpi.language import translated
from mpi.vocabulary.options import StatisticKind, Titles

Form = Literal["percent", "index", "number"]
Part = Literal["whole", "dimension", "indicator"]
Quantity = Literal["everyone", "included", "excluded", "known", "unknown", "poor", "score", "part", "deprived"]
Sheet = Literal["headline", "indicators", "contributions", "data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One statistic.

    Attributes
    ----------
    title : mapping of str to str
        By language.
    households : mapping of str to str
        The title where households are counted; empty: the same.
    phrase, noun : mapping of str to str
        What it is called inside a sentence, with its article and without; empty: it is in none.
    kind : {"proportion", "ratio", "total", "share"}
        `proportion` (a share of units, 0 and 1 possible), `ratio` (of other quantities, between 0 and 1), `total` (of
        the numerator alone), `share` (of the domain in the total over all domains).
    form : {"percent", "index", "number"}
        How it is written.
    digits : int or None
        Decimal digits where they are not those of the form.
    numerator, denominator : str
        `everyone`; `included` (in the measure), `excluded`; `known`, `unknown` (in an indicator); `poor`; `score`
        (deprivation score), `part` (of the score, of an indicator or dimension); `deprived`. A total has the
        population as its denominator.
    by_cutoff : bool
        Whether it depends on k: then only the poor count in `score`, `part` and `deprived`.
    of : tuple of {"whole", "dimension", "indicator"}
        What there is one of: all of the measure, each dimension, each indicator.
    sheet : {"headline", "indicators", "contributions", "data"} or None
        The tables of a workbook that show it; `data` are those on the quality of the data.
    layer : int
        Its place among the layers of a map, from 1; 0: a map has none.
    live : bool
        Whether a map can compute it again with another norm.
    column : str
        What its columns in the data of a map are called; empty: as it is.
    screen : str
        The heading of its column among the indicators on a screen; empty: it has none.
    heading : mapping of str to str
        The heading of its columns among the indicators of a report.
    """

    title: Titles
    kind: StatisticKind
    form: Form
    numerator: Quantity
    denominator: Quantity
    by_cutoff: bool
    of: tuple[Part, ...] = ("whole",)
    households: Titles = field(default_factory=dict)
    phrase: Titles = field(default_factory=dict)
    noun: Titles = field(default_factory=dict)
    digits: int | None = None
    sheet: Sheet | None = None
    layer: int = 0
    live: bool = False
    column: str = ""
    screen: str = ""
    heading: Titles = field(default_factory=dict)

    @property
    def headcount(self) -> bool:
        """Whether it is the share of units that are poor or deprived, so that maps class it from 0 to 1."""
        return self.kind == "proportion" and self.numerator in ("poor", "deprived")

    @property
    def counts_units(self) -> bool:
        """Whether its numerator is a number of units, not a sum of scores."""
        return self.numerator not in ("score", "part")

    @property
    def of_data(self) -> bool:
        """Whether it describes how complete the data are, not how poor the population is."""
        return self.sheet == "data"


DEFINITIONS: Mapping[str, Definition] = {
    "H": Definition(
        title=translated("Headcount ratio (H)"),
        phrase=translated("the headcount ratio (H)"),
        noun=translated("headcount ratio (H)"),
        kind="proportion", form="percent", numerator="poor", denominator="included", by_cutoff=True,
        sheet="headline", layer=1, live=True,
    ),
    "A": Definition(
        title=translated("Intensity (A)"),
        phrase=translated("intensity (A)"),
        noun=translated("intensity (A)", context="without an article"),
        kind="ratio", form="percent", numerator="score", denominator="poor", by_cutoff=True,
        sheet="headline", layer=3, live=True,
    ),
    "M0": Definition(
        title=translated("Adjusted headcount ratio (M0)"),
        phrase=translated("the adjusted headcount ratio (M0)"),
        noun=translated("adjusted headcount ratio (M0)"),
        kind="ratio", form="index", numerator="score", denominator="included", by_cutoff=True,
        sheet="headline", layer=2, live=True,
    ),
    "poor": Definition(
        title=translated("Persons in poverty"),
        households=translated("Households in poverty"),
        phrase=translated("the number of poor"),
        kind="total", form="number", numerator="poor", denominator="included", by_cutoff=True,
        sheet="headline", layer=4, live=True,
    ),
    "poor_share": Definition(
        title=translated("Share of all poor"),
        kind="share", form="percent", numerator="poor", denominator="poor", by_cutoff=True,
    ),
    "M0_share": Definition(
        title=translated("Share of M0"),
        kind="share", form="percent", numerator="score", denominator="score", by_cutoff=True,
    ),
    # Of all who are counted, known in this indicator or not: the poor are, so that no part of them exceeds H.
    "censored_headcount": Definition(
        title=translated("Censored headcount ratio"),
        phrase=translated("the censored headcount ratio"),
        noun=translated("censored headcount ratio"),
        kind="proportion", form="percent", numerator="deprived", denominator="included", by_cutoff=True,
        of=("dimension", "indicator"), sheet="indicators", layer=5, live=True, column="censored",
        screen="censored %",
        heading=translated("Poor and deprived (censored), %"),
    ),
    "uncensored_headcount": Definition(
        title=translated("Uncensored headcount ratio"),
        kind="proportion", form="percent", numerator="deprived", denominator="known", by_cutoff=False,
        of=("dimension", "indicator"), sheet="indicators", layer=6, live=True, column="uncensored",
        screen="uncensored %",
        heading=translated("Deprived (uncensored), %"),
    ),
    "poor_and_deprived": Definition(
        title=translated("Number of poor and deprived"),
        phrase=translated("the number of poor and deprived"),
        kind="total", form="number", numerator="deprived", denominator="included", by_cutoff=True,
        of=("dimension", "indicator"), sheet="indicators", layer=7, live=True,
    ),
    "absolute_contribution": Definition(
        title=translated("Absolute contribution to M0"),
        kind="ratio", form="index", digits=4, numerator="part", denominator="included", by_cutoff=True,
        of=("dimension", "indicator"), sheet="contributions", column="contribution_to_M0",
    ),
    "percentage_contribution": Definition(
        title=translated("Contribution to M0"),
        kind="ratio", form="percent", numerator="part", denominator="score", by_cutoff=True,
        of=("dimension", "indicator"), sheet="contributions", column="contribution", screen="contribution %",
    ),
    "population_share": Definition(
        title=translated("Share of the population"),
        kind="share", form="percent", numerator="included", denominator="included", by_cutoff=False,
    ),
    "excluded": Definition(
        title=translated("Left out: an indicator is unknown"),
        kind="proportion", form="percent", numerator="excluded", denominator="everyone", by_cutoff=False,
        sheet="data",
    ),
    "unknown": Definition(
        title=translated("Unknown"),
        kind="proportion", form="percent", numerator="unknown", denominator="everyone", by_cutoff=False,
        of=("indicator",), sheet="data", screen="unknown %",
    ),
}  # fmt: skip
STATISTICS = tuple(DEFINITIONS)


def shown_in(sheet: Sheet, form: Form | None = None) -> tuple[str, ...]:
    """The statistics of a kind of table, perhaps of one form alone; those that do not depend on k come first."""
    found = [name for name, one in DEFINITIONS.items() if one.sheet == sheet and form in (None, one.form)]
    return tuple(sorted(found, key=lambda name: DEFINITIONS[name].by_cutoff))


HEADLINE = shown_in("headline")
INDICATORS = shown_in("indicators")
CONTRIBUTIONS = shown_in("contributions")
OF_DATA = shown_in("data")
TARGETED = tuple(name for name in STATISTICS if name not in OF_DATA)  # what a target can be of
LAYERS = tuple(name for _, name in sorted((one.layer, name) for name, one in DEFINITIONS.items() if one.layer))


def by_cutoff(statistic: str) -> bool:
    """Whether a statistic depends on k; whatever is not in the table does."""
    return statistic not in DEFINITIONS or DEFINITIONS[statistic].by_cutoff
