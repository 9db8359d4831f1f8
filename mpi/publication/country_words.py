"""What a publication says of countries side by side: tested differences under one measure, and where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from mpi.language import Phrase, listed, phrase, translated
from mpi.publication.countries import Country, Difference, countries_in, differences_in
from mpi.publication.edition import Edition
from mpi.specs.measure import Measure
from mpi.specs.standing import shown_title
from mpi.vocabulary.wording import number

Verdict = Literal["untested", "unsure", "higher", "lower"]
VERDICTS = {
    "untested": translated("not tested"), "unsure": translated("no difference shown"),
    "higher": translated("higher", context="country"), "lower": translated("lower", context="country"),
}  # fmt: skip


def name_of(edition: Edition, country: Country) -> str:
    """What a country is called."""
    return edition.titled(country.spec.title, country.spec.code)


def title_of(edition: Edition, measure: Measure) -> str:
    """What a measure is called, and that it is not official."""
    return edition.titled(shown_title(measure), measure.name)


def sentences(edition: Edition) -> list[str]:
    """Of each pair of countries under one measure whether H differs; of others that levels do not compare."""
    made = [edition.say(_of_pair(edition, one)) for one in differences_in(edition.publication) if one.statistic == "H"]
    return [*made, *(edition.say(one) for one in _incomparable(edition))]


def verdict(difference: Difference, level: float) -> Verdict:
    """Whether a figure of the first country is higher or lower."""
    figure = difference.figure
    exact = difference.one.census and difference.other.census
    if figure.value is None or (figure.p_adjusted is None and not exact):
        return "untested"
    if figure.value == 0 or (figure.p_adjusted is not None and figure.p_adjusted >= 1 - level):
        return "unsure"
    return "higher" if figure.value > 0 else "lower"


def _of_pair(edition: Edition, difference: Difference) -> Phrase:
    figure, level = difference.figure, edition.level
    names = {"one": name_of(edition, difference.one), "other": name_of(edition, difference.other)}
    measure = title_of(edition, difference.one.measure)
    said = verdict(difference, level)
    if said == "untested":
        return phrase(
            "By {measure}, H of {one} and {other} is not compared: a figure is hidden, lacking or not precise enough.",
            measure=measure, **names,
        )  # fmt: skip
    if said == "unsure":
        return phrase(
            "By {measure}, the data do not show that H differs between {one} and {other}.", measure=measure, **names
        )
    if said == "lower":
        names = {"one": names["other"], "other": names["one"]}
    points = number(abs(100 * (figure.value or 0.0)), edition.language, 1)
    return phrase(
        "By {measure}, H of {one} is {points} percentage points above that of {other}.",
        measure=measure, points=points, **names,
    )  # fmt: skip


def _incomparable(edition: Edition) -> Iterator[Phrase]:
    """A sentence where countries are judged by different measures."""
    groups: dict[str, list[Country]] = {}
    for one in countries_in(edition.publication):
        groups.setdefault(one.measure.name, []).append(one)
    if len(groups) < 2:  # noqa: PLR2004  one measure, or two
        return
    told = [
        phrase(
            "{countries} by {measure}",
            countries=listed([name_of(edition, one) for one in own], len(own)),
            measure=title_of(edition, own[0].measure),
        )
        for own in groups.values()
    ]
    yield phrase(
        "The countries are not judged by one measure: {told}. Rules, weights and cutoffs of different measures differ, "
        "so levels of countries under different measures cannot be compared, and no difference of them is given.",
        told=listed(told, len(told)),
    )
