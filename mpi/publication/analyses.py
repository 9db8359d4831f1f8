"""How publications show analyses: names of their figures, which of them make tables, charts and sentences.

Comes in: the protected table of an analysis, in an edition. Goes out: lines with names and figures. An analysis that is
not named here is shown all the same, with the words of its table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mpi.analysis.titles import ANALYSIS_TITLES, DERIVED
from mpi.claims.analyses import Subject, analysis_text
from mpi.claims.findings import analysis_finding
from mpi.claims.ranking import Member
from mpi.disclosure.figures import COLUMNS, NO_FIGURE, Figure
from mpi.disclosure.publishable import Publishable
from mpi.language import Language, Phrase, joined, number_phrase, phrase, translated
from mpi.publication.analysis_views import DERIVED_VIEWS, PLACE, VIEWS, View
from mpi.publication.child_words import CHILD_LIKE, CHILD_WORDS
from mpi.publication.edition import Edition
from mpi.publication.ranking_words import ALTERNATIVES, CHANGES, RANKING_SHARES, RANKING_WORDS, VERDICT_WORDS
from mpi.publication.two_measures import TWO_LIKE, TWO_WORDS, group_of_two, title_of_measure
from mpi.vocabulary.options import RANKINGS, Titles
from mpi.vocabulary.result_columns import MEANINGS
from mpi.vocabulary.wording import title_in

ABOUT = ("measure", "survey", "period", "unit")  # columns that are the same in all rows
JOIN = " + "  # between the names of a set
LETTERS = {"k": "k", "alpha": "alpha"}  # columns whose values need their letter where they stand alone
MOST_FIGURES = 4  # of an analysis that has no view of its own

WORDS: Mapping[str, Titles] = {
    **CHILD_WORDS,
    "share": translated("Share, %", context="analysis"),
    "number": translated("Number", context="analysis"),
    "mean_score": translated("Mean score"),
    "not_vulnerable": translated("not vulnerable", context="band"),
    "vulnerable": translated("vulnerable", context="band"),
    "poor_not_severe": translated("poor, not severely", context="band"),
    "severe": translated("severely poor", context="band"),
    "not_poor": translated("not poor", context="band"),
    "poor": translated("poor", context="band"),
    "everyone": translated("everybody", context="band"),
    "deprived": translated("Number deprived"),
    "poor_and_deprived": translated("Number poor and deprived"),
    "among_poor": translated("Deprived among the poor, %"),
    "among_not_poor": translated("Deprived among the not poor, %"),
    "excess": translated("Ratio of the two"),
    "joint": translated("Deprived in both, %"),
    "second_given_first": translated("Second given the first, %"),
    "first_given_second": translated("First given the second, %"),
    "R0": translated("Redundancy R0"),
    "cramers_v": translated("Cramér's V"),
    "exactly": translated("In exactly so many, %"),
    "at_least": translated("In so many or more, %"),
    "mean": translated("Mean number of dimensions"),
    "mean_deprived": translated("Mean number among the deprived"),
    "exactly_these": translated("In these and no others, %"),
    "intersection": translated("In all of these, %"),
    "union": translated("In one of these or more, %"),
    "only_this": translated("In this alone, %"),
    "unknown": translated("Class unknown, %"),
    "missed_by_income": translated("Multidimensionally poor whom income misses, %"),
    "missed_by_multidimensional": translated("Income poor whom the measure misses, %"),
    "line": translated("Income line"),
    "share_line_fixed": translated("Share if the line is taken as fixed, %"),
    "missed_by_income_line_fixed": translated("Whom income misses if the line is taken as fixed, %"),
    "missed_by_multidimensional_line_fixed": translated("Whom the measure misses if the line is taken as fixed, %"),
    "unknown_line_fixed": translated("Class unknown if the line is taken as fixed, %"),
    "both": translated("poor by both", context="crossing"),
    "only_multidimensional": translated("only multidimensionally poor", context="crossing"),
    "only_income": translated("only income poor", context="crossing"),
    "neither": translated("poor by neither", context="crossing"),
    "multidimensional": translated("multidimensionally poor", context="crossing"),
    "income": translated("income poor", context="crossing"),
    "either": translated("poor by one or both", context="crossing"),
    "coverage": translated("Poor who receive, %"),
    "undercoverage": translated("Poor not reached, %"),
    "coverage_not_poor": translated("Not poor who receive, %"),
    "coverage_all": translated("Receive, %"),
    "leakage": translated("Recipients who are not poor, %"),
    "to_the_poor": translated("Recipients who are poor, %"),
    "targeting_differential": translated("Targeting differential"),
    "cgh": translated("Share of the poor among recipients over their population share"),
    "recipients": translated("Recipients"),
    "recipients_poor": translated("Recipients who are poor"),
    "recipients_not_poor": translated("Recipients who are not poor"),
    "poor_not_reached": translated("Poor not reached"),
    "receipt_unknown": translated("Receipt unknown"),
    "recipients_outside": translated("Recipients outside the target group"),
    "some": translated("One programme or more, %"),
    "mean_programmes": translated("Mean number of programmes"),
    "supply": translated("Places offered"),
    "places_lacking": translated("Places lacking"),
    "supply_ratio": translated("Places for each who needs one"),
    "M_gamma": translated("M-gamma"),
    "inequality_poor": translated("Inequality among the poor"),
    "mean_square_poor": translated("Mean square score of the poor"),
    "M_alpha": translated("M-alpha"),
    "average_gap": translated("Average gap (G)"),
    "average_severity": translated("Average severity (S)"),
    "average_power": translated("Average power of the gap"),
    "contribution": translated("Contribution"),
    **TWO_WORDS,
    **RANKING_WORDS,
}
FIXED = ("share", "missed_by_income", "missed_by_multidimensional", "unknown")  # once more with a fixed line
# The statistic that a figure is written like: a percentage, a number of units; all else is an index.
LIKE: Mapping[str, str] = {
    **CHILD_LIKE,
    **TWO_LIKE,
    **dict.fromkeys(CHANGES, "absolute_contribution"),
    **dict.fromkeys(
        (
            "number", "deprived", "poor_and_deprived", "recipients", "recipients_poor", "recipients_not_poor",
            "poor_not_reached", "receipt_unknown", "recipients_outside", "line",
            "supply", "places_lacking", "change_poor", "rate", "population",
            "derived_number",
        ),
        "poor",
    ),
    **dict.fromkeys(
        (
            "share", "among_poor", "among_not_poor", "joint", "second_given_first", "first_given_second", "exactly",
            "at_least", "exactly_these", "intersection", "union", "only_this", "unknown", "missed_by_income",
            "missed_by_multidimensional", "coverage", "undercoverage", "coverage_not_poor", "coverage_all", "leakage",
            "to_the_poor", "some", *RANKING_SHARES, *(f"{one}_line_fixed" for one in FIXED),
        ),
        "H",
    ),
}  # fmt: skip
INDEX = "M0"


def like(figure: str) -> str:
    """The statistic that a figure of an analysis is written like."""
    return "H" if figure.startswith("with_") else LIKE.get(figure, INDEX)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of an analysis: what it is by column, the codes of its group by domain, its figure."""

    keys: Mapping[str, str]
    codes: Mapping[str, str]
    figure: Figure

    @property
    def name(self) -> str:
        """Which figure it is."""
        return self.keys["figure"]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a view: its names in words, and figures by name."""

    names: tuple[str, ...]
    figures: Mapping[str, Figure]

    def name(self, view: View) -> str:
        """Its names in one, for sentences and labels: of parts the first alone."""
        if view.parts:
            return self.names[0]
        return view.between.join(
            f"{LETTERS[column]} = {one}" if column in LETTERS else one
            for column, one in zip(view.row, self.names, strict=True)
            if one
        )


@dataclass(frozen=True, eq=False)
class Shown:
    """An analysis of a publication in a language.

    Attributes
    ----------
    edition : Edition
    name : str
        Of the analysis.
    """

    edition: Edition
    name: str

    @property
    def table(self) -> Publishable:
        """Its protected figures."""
        return self.edition.publication.analyses[self.name]

    @property
    def title(self) -> str:
        """Its title."""
        return ANALYSIS_TITLES[self.name][self.edition.language]

    @cached_property
    def entries(self) -> list[Entry]:
        """All rows, in the order of the table."""
        return list(_entries(self.table))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that say what a row is, but for the figure and the domains."""
        met = {name for one in self.entries for name in one.keys}
        return tuple(name for name in _key_columns(self.table) if name in met and name != "figure")

    @cached_property
    def views(self) -> tuple[View, ...]:
        """Those that the report shows, of which there are figures."""
        own, met = VIEWS.get(self.name), {one.name for one in self.entries}
        if self.name == DERIVED:
            own = DERIVED_VIEWS
        if own is not None:
            several = len({one.keys["other"] for one in self.entries if "other" in one.keys}) > 1
            kept = tuple(one for one in own if one.figures[0] in met) or own[:1]
            kept = tuple(_of_measures(one, several=several) if "other" in one.row else one for one in kept)
            several = len({one.keys["indicator"] for one in self.entries if "indicator" in one.keys}) > 1
            return tuple(_of_places(one, several=several) if PLACE in one.row else one for one in kept)
        figures = tuple(dict.fromkeys(one.name for one in self.entries))[:MOST_FIGURES]
        return (View(title=ANALYSIS_TITLES[self.name], figures=figures, row=self.columns, most=12),)

    @cached_property
    def _by_group(self) -> dict[tuple[tuple[str, str], ...], list[Entry]]:
        made: dict[tuple[tuple[str, str], ...], list[Entry]] = {}
        for one in self.entries:
            made.setdefault(tuple(one.codes.items()), []).append(one)
        return made

    def groups(self) -> list[dict[str, str]]:
        """The groups that it has figures of, by domain and code; the total, which is the first, has none."""
        return [dict(codes) for codes in self._by_group]

    def lines(self, view: View, codes: Mapping[str, str] | None = None) -> list[Line]:
        """The rows of a view of the total, or of a group; without those that have none of its figures."""
        made: dict[tuple[str, ...], dict[str, Figure]] = {}
        whose = self.entries if PLACE in view.row else self._by_group.get(tuple((codes or {}).items()), [])
        for one in whose:
            if one.name in view.figures and self._belongs(one, view):
                made.setdefault(tuple(self._word(one, name) for name in view.row), {})[one.name] = one.figure
        lines = [Line(tuple(map(self._said, view.row, names)), own) for names, own in made.items()]
        if not view.most:
            return lines
        values = [line.figures.get(view.figures[0], NO_FIGURE).value for line in lines]
        order = sorted(range(len(lines)), key=lambda i: (values[i] is None, -(values[i] or 0.0)))
        return [lines[i] for i in order[: view.most]]

    def _belongs(self, one: Entry, view: View) -> bool:
        k = one.keys.get("k")
        own = self.name != "robustness"  # there it is what an alternative changes
        if own and k is not None and "k" not in view.row and k != self.edition.k:
            return False
        named = all(name in one.keys for name in view.row if name not in ("k", "area", PLACE))
        named &= PLACE not in view.row or bool(one.codes)
        named &= not any(name in one.keys for name in view.lacks)
        return named and one.keys.get(view.row[0]) not in view.without and view.where.items() <= one.keys.items()

    def _word(self, one: Entry, column: str) -> str:
        """What stands in a column of a view: the code of its group, or a word of the table."""
        return next(iter(one.codes.values()), "") if column == PLACE else one.keys.get(column, "")

    def _said(self, column: str, value: str) -> str:
        """A word of a column as people read it: titles of indicators and dimensions, names of bands."""
        if column == PLACE or (self.name in RANKINGS and column in ("first", "second")):
            return self.edition.name(self._domain, value)
        return said(self.edition, column, value)

    @property
    def _domain(self) -> str:
        """The domain whose groups a ranking is of."""
        spec = next(one for one in self.edition.publication.study.analyses if one.name == self.name)
        return spec.by[0][0]

    @property
    def groups_title(self) -> str:
        """What the groups of a ranking are."""
        return self.edition.domain(self._domain)

    @property
    def when(self) -> str:
        """The period, or both of a change."""
        before = self.edition.before if self.name == "decomposition" else ""
        return f"{before}\u2013{self.edition.period}" if before else self.edition.period

    def said(self, column: str, value: str) -> str:
        """A word of the table as people read it."""
        return self._said(column, value)

    def sentence(self, view: View) -> Phrase:
        """What a view says of all units."""
        subject = Subject(self.edition.basis, self._what(view), like(view.figures[0]))
        return analysis_text(subject, self._members(view), parts=view.parts, by_score="scores" in view.row)

    def finding(self, view: View) -> Phrase | None:
        """The same as the title of a picture."""
        return analysis_finding(self._what(view), like(view.figures[0]), self._members(view), parts=view.parts)

    def _what(self, view: View) -> str:
        return named(view.figures[0], self.edition.language).removesuffix(", %")  # the figures have their signs

    def _members(self, view: View) -> list[Member]:
        first = view.figures[0]
        return [Member("", line.name(view), line.figures.get(first, NO_FIGURE)) for line in self.lines(view)]


def _of_measures(view: View, *, several: bool) -> View:
    """A view of two measures: which the second is, is said where there are several, of whom no shares add up."""
    if several:
        return replace(view, parts=False)
    row = tuple(name for name in view.row if name != "other") or view.row
    return replace(view, row=row)


def _of_places(view: View, *, several: bool) -> View:
    """A view of places: which indicator they are for is said where there are several."""
    return view if several else replace(view, row=tuple(name for name in view.row if name != "indicator"))


def said(edition: Edition, column: str, value: str) -> str:
    """A word of a table of an analysis in the language of an edition."""
    language, measure = edition.language, edition.publication.measure
    if column in ("indicator", "dimension", "first", "second", "sets", "bundle", "without"):
        titles = {part.name: title_in(part.title, language, part.name) for part in measure.dimensions}
        titles |= {part.name: title_in(part.title, language, part.name) for part in measure.indicators}
        return JOIN.join(titles.get(name, name) for name in value.split(JOIN))
    if column == "dimensions":
        return edition.say(number_phrase(int(value), "{number} dimension", "{number} dimensions"))
    if column == "programmes" and value.isdecimal():
        return edition.say(number_phrase(int(value), "{number} programme", "{number} programmes"))
    if column == "class":
        own = next((one.title for one in measure.classes if one.name == value), {})
        return title_in(own, language, value)
    if column == "other":
        return title_of_measure(edition, value)
    if column == "group" and (told := group_of_two(edition, value)):
        return told
    if column == "programme":
        return JOIN.join(edition.publication.programme_title(name, language) for name in value.split(JOIN))
    if column == "groups":
        return edition.crossing(tuple(value.split(":")))
    if column == "verdict":
        return VERDICT_WORDS[value][language]
    if column == "alternative":
        return _alternative(edition, value)
    if column == "expression":
        own = next((one.title for one in edition.publication.study.derive if one.name == value), {})
        return title_in(own, language, value)
    return named(value, language) if column in ("band", "group") else value


def _alternative(edition: Edition, value: str) -> str:
    """What an alternative changes, in words."""
    told = []
    for part in value.split(", "):
        kind, _, rest = part.partition(" ")
        if kind not in ALTERNATIVES:
            return value
        told.append(phrase(ALTERNATIVES[kind], value=said(edition, "indicator", rest) if kind == "without" else rest))
    return edition.say(joined(told, ", "))


def named(word: str, language: Language) -> str:
    """The name of a figure or of a band; the word itself if it has none."""
    return WORDS[word][language] if word in WORDS else word


def heading(column: str, language: Language) -> str:
    """The heading of a column of an analysis."""
    return MEANINGS[column].title[language] if column in MEANINGS else column


def shown(edition: Edition) -> list[Shown]:
    """The analyses of a publication, in the order of the study."""
    return [Shown(edition, name) for name in edition.publication.analyses]


def _key_columns(figures: Publishable) -> list[str]:
    names = figures.table.column_names
    before = names[: names.index("estimate")]
    return [name for name in before if name not in (*ABOUT, *figures.domains)]


def _entries(figures: Publishable) -> Iterator[Entry]:
    table, keys = figures.table, _key_columns(figures)
    fields = {name: COLUMNS.get(name, name) for name in Figure._fields}
    own = {name: column for name, column in fields.items() if column in table.column_names}
    for row in table.select([*keys, *figures.domains, *own.values()]).to_pylist():
        yield Entry(
            keys=_known(row, keys),
            codes=_known(row, figures.domains),
            figure=Figure(**{name: row[column] for name, column in own.items()}),
        )


def _known(row: Mapping[str, str | None], names: Sequence[str]) -> dict[str, str]:
    return {name: value for name in names if (value := row[name]) is not None}
