"""What a page of an area says: its headline, how it compares, its deprivations, what they add up to, how sure it is.

Comes in: a publication in one language, and a map. Goes out: texts and proportions for each area that has a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mpi.analysis.lifting import Lifted, lifted_by
from mpi.claims import rankable, say
from mpi.claims.numbers import Title, between, details, in_brackets, marked, percent
from mpi.disclosure.figures import NO_FIGURE, Codes, Figure
from mpi.language import Phrase, phrase, template
from mpi.language.phrases import Sayable
from mpi.maps.live import can_be_live
from mpi.publication.edition import Edition
from mpi.publication.model import Comparison, DrawnMap, Whole
from mpi.specs.indicators import Indicator
from mpi.vocabulary.wording import MARKS

MOST_LIFTED = 3
VERDICTS: Mapping[str, str] = {
    "higher": template("Higher than in {whole} ({share})."),
    "lower": template("Lower than in {whole} ({share})."),
    "equal": template("The same as in {whole} ({share})."),
    "unsure": template("No significant difference from {whole} ({share})."),
}
NOT_COMPARED = template("It cannot be said whether it is higher or lower than in {whole} ({share}).")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A proportion beside those of the wholes that hold the area.

    Attributes
    ----------
    title, text : str
        What it is of; its value with its mark, in per cent.
    interval : str
        In brackets; empty if there is none.
    standing : str
        One of `mpi.disclosure.publishable.STANDINGS`.
    share, low, high : float or None
        From 0 to 1.
    upper, total : (text, share)
        Of the wholes; the share is None where there is none.
    """

    title: str
    text: str
    interval: str
    standing: str
    share: float | None
    low: float | None = None
    high: float | None = None
    upper: tuple[str, float | None] = ("", None)
    total: tuple[str, float | None] = ("", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaPage:
    """The content of the page of one area.

    Attributes
    ----------
    code, name, upper : str
        `upper` is the name of the group that holds it; empty if there is none.
    lead : str
        The sentence that comes first.
    compared : tuple of str
        How H compares with that of the wholes; a sentence each.
    incidence : tuple of Bar
        H of the area and of the wholes.
    indicators : tuple of (str, tuple of Bar)
        Uncensored headcount ratios by the title of their dimension.
    contributions : tuple of Bar
        Of the dimensions to M0.
    lifted : tuple of str
        What keeps most of the poor poor; a sentence each.
    quality : tuple of (str, str)
        Names and values of what the precision of H rests on.
    marks : tuple of (str, str)
        Each mark that occurs, with its meaning.
    """

    code: str
    name: str
    upper: str
    lead: str
    compared: tuple[str, ...]
    incidence: tuple[Bar, ...]
    indicators: tuple[tuple[str, tuple[Bar, ...]], ...]
    contributions: tuple[Bar, ...]
    lifted: tuple[str, ...]
    quality: tuple[tuple[str, str], ...]
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class AreaPages:
    """The pages of the areas of a map, in one language."""

    edition: Edition
    drawn: DrawnMap
    # What is the same for all areas of a group that holds them, by its code.
    _wholes: dict[str, tuple[tuple[Whole, str, Figure], ...]] = field(default_factory=dict, init=False)
    _whole_bars: dict[str, tuple[Bar, ...]] = field(default_factory=dict, init=False)
    _wholes_said: dict[tuple[str, str | None], tuple[str, float | None]] = field(default_factory=dict, init=False)

    @property
    def domain(self) -> str:
        """Of the areas."""
        return self.drawn.spec.domain

    @cached_property
    def above(self) -> str | None:
        """The domain of the groups that hold the areas, if it has figures."""
        upper = self.drawn.spec.upper
        found = upper.domain if upper is not None else None
        return found if found is not None and (found,) in self.edition.publication.study.sets else None

    @cached_property
    def country(self) -> str:
        """What all units together are called."""
        edition = self.edition
        return edition.titled(edition.publication.study.total) or edition.say(phrase("the total"))

    @cached_property
    def lifted(self) -> Mapping[str, Lifted]:
        """Of every area, if the rules let the publication carry its combinations of deprivations."""
        profile, publication = self.drawn.profile, self.edition.publication
        if profile is None or not can_be_live(publication.measure):
            return {}
        return lifted_by(profile, publication.measure, publication.study.cutoffs[0], publication.study.units[0])

    @cached_property
    def incidence(self) -> Mapping[Codes, Figure]:
        """H of every area."""
        return self.groups("H", self.domain)

    @cached_property
    def indicators(self) -> tuple[tuple[Indicator, str, Mapping[Codes, Figure]], ...]:
        """Each indicator with its title and how many of every area lack it, poor or not."""
        edition = self.edition
        return tuple(
            (one, edition.indicator(one), self.groups("uncensored_headcount", self.domain, indicator=one.name))
            for one in edition.publication.measure.indicators
        )

    @cached_property
    def contributions(self) -> tuple[tuple[str, Mapping[Codes, Figure]], ...]:
        """The title of each dimension with its contribution to M0 of every area."""
        edition = self.edition
        return tuple(
            (
                edition.titled(one.title, one.name),
                self.groups("percentage_contribution", self.domain, dimension=one.name),
            )
            for one in edition.publication.measure.dimensions
        )

    @cached_property
    def meanings(self) -> Mapping[str, str]:
        """What each mark means."""
        return self.edition.meanings

    def groups(self, statistic: str, domain: str, **part: str) -> Mapping[Codes, Figure]:
        """The figures of all groups of a domain."""
        edition = self.edition
        return edition.figures.groups(
            statistic, (domain,), period=edition.period, unit=edition.unit, k=edition.k, **part
        )

    def __iter__(self) -> Iterator[AreaPage]:
        areas = self.drawn.areas
        known = {code for statistic in ("H", "poor") for (code,) in self.groups(statistic, self.domain)}
        for code, place in zip(areas.codes, areas.upper.tolist(), strict=True):
            if code in known:
                yield self._page(code, areas.upper_codes[place] if place >= 0 else "")

    def _page(self, code: str, holder: str) -> AreaPage:
        edition = self.edition
        name = edition.name(self.domain, code)
        incidence = self._incidence(code, holder, name)
        indicators = self._indicators(code, holder)
        contributions = self._contributions(code)
        bars = [incidence[0], *(bar for _, bars in indicators for bar in bars), *contributions]
        standings = {bar.standing for bar in bars}
        return AreaPage(
            code=code,
            name=name,
            upper=edition.name(self.above, holder) if self.above and holder else "",
            lead=say(edition.lead({self.domain: code}), edition.language),
            compared=tuple(self._compared(code, holder)),
            incidence=incidence,
            indicators=indicators,
            contributions=contributions,
            lifted=tuple(self._lifted(code)),
            quality=tuple(self._quality(self.incidence.get((code,), NO_FIGURE))),
            marks=tuple((MARKS[one], self.meanings[one]) for one in MARKS if MARKS[one] and one in standings),
        )

    def wholes(self, holder: str) -> tuple[tuple[Whole, str, Figure], ...]:
        """The wholes that hold the areas of a group, with their names and H."""
        if holder not in self._wholes:
            edition, found = self.edition, list[tuple[Whole, str, Figure]]()
            if self.above and holder:
                upper = self.groups("H", self.above).get((holder,), NO_FIGURE)
                found.append(("upper", edition.name(self.above, holder), upper))
            found.append(("total", self.country, edition.total("H")))
            self._wholes[holder] = tuple(found)
        return self._wholes[holder]

    def _compared(self, code: str, holder: str) -> Iterator[str]:
        edition = self.edition
        if not self.incidence.get((code,), NO_FIGURE).known:
            return
        found = edition.publication.comparisons.get(self.domain, {}).get(code, {})
        for whole, name, figure in self.wholes(holder):
            one: Comparison | None = found.get(whole)
            text = NOT_COMPARED if one is None else VERDICTS[one.verdict(edition.level)]
            if figure.known:
                yield edition.say(phrase(text, whole=name, share=percent(figure.value)))

    def _incidence(self, code: str, holder: str, name: str) -> tuple[Bar, ...]:
        """H of an area, and of the wholes that hold it."""
        if holder not in self._whole_bars:
            self._whole_bars[holder] = tuple(self._bar("H", figure, whole) for _, whole, figure in self.wholes(holder))
        return (self._bar("H", self.incidence.get((code,), NO_FIGURE), name), *self._whole_bars[holder])

    def _bar(
        self,
        statistic: str,
        figure: Figure,
        title: str,
        *,
        upper: tuple[str, float | None] = ("", None),
        total: tuple[str, float | None] = ("", None),
    ) -> Bar:
        say_it = self.edition.say
        return Bar(
            title=title,
            text=say_it(marked(statistic, figure)),
            interval=say_it(in_brackets(between(figure.low, figure.high, statistic))) if figure.interval else "",
            standing=figure.standing,
            share=figure.value,
            low=figure.low,
            high=figure.high,
            upper=upper,
            total=total,
        )

    def _indicators(self, code: str, holder: str) -> tuple[tuple[str, tuple[Bar, ...]], ...]:
        """How many lack each indicator, poor or not, beside the wholes."""
        made: dict[str, list[Bar]] = {}
        for one, title, figures in self.indicators:
            bar = self._bar(
                "uncensored_headcount",
                figures.get((code,), NO_FIGURE),
                title,
                upper=self._beside(one.name, holder),
                total=self._beside(one.name, None),
            )
            made.setdefault(one.dimension, []).append(bar)
        edition = self.edition
        titles = {one.name: edition.titled(one.title, one.name) for one in edition.publication.measure.dimensions}
        return tuple((titles[name], tuple(bars)) for name, bars in made.items())

    def _beside(self, indicator: str, holder: str | None) -> tuple[str, float | None]:
        """The rate of an indicator in the group that holds an area, or in all units (None), as text and number."""
        key = indicator, holder
        if key not in self._wholes_said:
            statistic, edition = "uncensored_headcount", self.edition
            figure = NO_FIGURE
            if holder is None:
                figure = edition.total(statistic, indicator=indicator)
            elif self.above and holder:
                figure = self.groups(statistic, self.above, indicator=indicator).get((holder,), NO_FIGURE)
            self._wholes_said[key] = edition.say(marked(statistic, figure)), figure.value
        return self._wholes_said[key]

    def _contributions(self, code: str) -> tuple[Bar, ...]:
        bars = [
            self._bar("percentage_contribution", figures.get((code,), NO_FIGURE), title)
            for title, figures in self.contributions
        ]
        return tuple(bars) if any(bar.share is not None for bar in bars) else ()

    def _lifted(self, code: str) -> Iterator[str]:
        """Only of areas that are precise enough to be ranked: an order of indicators is a ranking too."""
        edition = self.edition
        if not rankable(self.incidence.get((code,), NO_FIGURE), census=edition.census):
            return
        titles = {one.name: title for one, title, _ in self.indicators}
        for name, share in self.lifted.get(code, ())[:MOST_LIFTED]:
            text = phrase("{indicator}: {share} of the poor", indicator=titles[name], share=percent(share, 0))
            yield edition.say(text)

    def _quality(self, incidence: Figure) -> Iterator[tuple[str, str]]:
        edition = self.edition

        def entry(name: Phrase, value: Sayable) -> tuple[str, str]:
            return edition.say(name), edition.say(value)

        if incidence.standing in self.meanings:
            yield entry(phrase("Precision"), Title({edition.language: self.meanings[incidence.standing]}))
        if incidence.interval:
            yield entry(phrase("H and its interval"), details_of(incidence, edition.level))
        counts = (
            (phrase("Persons in the sample") if edition.unit == "persons" else phrase("Households in the sample"),
             incidence.n),
            (phrase("Primary sampling units"), None if edition.census else incidence.psus),
            (phrase("Degrees of freedom"), incidence.df),
        )  # fmt: skip
        for name, count in counts:
            if count is not None:
                yield entry(name, phrase("{number:,}", number=count))
        if incidence.cv is not None:
            yield entry(phrase("Coefficient of variation"), percent(incidence.cv))


def details_of(incidence: Figure, level: float) -> Phrase:
    """H with its interval in words."""
    brackets = in_brackets(details("H", incidence, level))
    return phrase("{share}{brackets}", share=percent(incidence.value), brackets=brackets)


def pages_of(edition: Edition, drawn: DrawnMap) -> AreaPages:
    """The pages of the areas of a map, in the order of the codes."""
    return AreaPages(edition, drawn)
