"""A ranking in words: the highest and the lowest, whether they differ from the others, and who is left out and why."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.claims.kinds import Ranking
from mpi.claims.numbers import capital, inside, listed, phrase_of, pick, value, with_interval
from mpi.claims.ranking import FEWEST_DF, Member, Sorted, beyond, sorted_members, unparted
from mpi.disclosure.figures import Figure
from mpi.language import phrase
from mpi.vocabulary.wording import Language, number

MOST_NAMED = 3
NOUNS = {"group": ("grupo", "grupos", "group", "groups"), "area": ("área", "áreas", "area", "areas")}


def say_ranking(claim: Ranking, language: Language) -> str:
    """The highest, the lowest, whether they differ from the others, and who is left out."""
    found = sorted_members(claim.members, census=claim.basis.census)
    if not claim.members:
        return phrase("There are no {noun} to compare.", noun=_noun(claim, 2, language)).to(language)
    parts = [_order(claim, found, language), *_tested(claim, found, language)]
    parts += [*_aside(claim, found, language), *_hidden(claim, found, language)]
    return " ".join(parts)


def _noun(claim: Ranking, count: int, language: Language) -> str:
    one, several = NOUNS[claim.of][:2] if language == "es" else NOUNS[claim.of][2:]
    return one if count == 1 else several


def _feminine(claim: Ranking) -> bool:
    return claim.of == "area"


def _those(claim: Ranking, found: Sorted, language: Language) -> str:
    """Among how many the order is: all, those that are shown, those that can be put in order."""
    count, noun = number(len(found.ranked), language), _noun(claim, 2, language)
    article = "Las" if _feminine(claim) else "Los"
    if found.aside:
        limit = phrase(" that can be ranked").to(language)
    elif found.hidden or found.without:
        limit = pick(
            language,
            " que se muestran" if found.hidden else " con cifra",
            " shown" if found.hidden else " with a figure",
        )
    else:
        limit = ""
    return pick(language, f"{article} {count} {noun}{limit}", f"The {count} {noun}{limit}")


def _order(claim: Ranking, found: Sorted, language: Language) -> str:
    level, ranked = claim.basis.level, found.ranked
    if not found.shown:
        return _none_shown(claim, language)
    if len(ranked) < 2:  # noqa: PLR2004
        return _too_few(claim, found, language)

    def told(estimate: Figure) -> str:
        return with_interval(claim.statistic, estimate, level, language)

    high, low = ranked[0].estimate, ranked[-1].estimate
    tops = [one.name for one in ranked if one.estimate.value == high.value]
    bottoms = [one.name for one in ranked if one.estimate.value == low.value]
    those = _those(claim, found, language)
    first = phrase("Of ").to(language) + those[0].lower() + those[1:] + ", "
    name = phrase_of(claim.statistic, language)
    bare = name.split(" ", 1)[1] if name.startswith(("la ", "the ")) else name
    if high.value == low.value:
        shared = value(claim.statistic, high, language)
        return pick(
            language,
            f"{_those(claim, found, 'es')} tienen la misma {bare}: {shared}.",
            f"{_those(claim, found, 'en')} have the same {bare}: {shared}.",
        )
    if len(ranked) == 2 == len(claim.members):  # noqa: PLR2004
        return phrase(
            "{capital} is higher in {tops}, {told}, than in {bottoms}, {told2}.",
            capital=capital(name),
            tops=tops[0],
            told=told(high),
            bottoms=bottoms[0],
            told2=told(low),
        ).to(language)
    return first + pick(
        language,
        f"{name} más alta es la de {_some(tops, language)}, {told(high)}; la más baja, la de"
        f" {_some(bottoms, language)}, {told(low)}.",
        f"the highest {bare} is that of {_some(tops, language)}, {told(high)}; the lowest, that of"
        f" {_some(bottoms, language)}, {told(low)}.",
    )


def _some(names: Sequence[str], language: Language) -> str:
    """A few names, and how many more there are."""
    if len(names) <= MOST_NAMED:
        return listed(list(names), language)
    rest = len(names) - MOST_NAMED + 1
    return ", ".join(names[: MOST_NAMED - 1]) + phrase(" and {rest} more", rest=rest).to(language)


def _none_shown(claim: Ranking, language: Language) -> str:
    count, noun = number(len(claim.members), language), _noun(claim, len(claim.members), language)
    if len(claim.members) == 1:
        only = "de la única" if _feminine(claim) else "del único"
        return pick(
            language, f"No hay cifra que mostrar {only} {noun}.", f"There is no figure to show for the only {noun}."
        )
    any_of = "ninguna de las" if _feminine(claim) else "ninguno de los"
    return pick(
        language,
        f"No hay cifra que mostrar de {any_of} {count} {noun}.",
        f"There is no figure to show for any of the {count} {noun}.",
    )


def _too_few(claim: Ranking, found: Sorted, language: Language) -> str:
    """One group that could be put in order, or none: then there is no order."""
    one, many = _noun(claim, 1, language), _noun(claim, 2, language)
    if found.shown == 1:
        only = (found.ranked or found.aside)[0]
        told = with_interval(claim.statistic, only.estimate, claim.basis.level, language)
        if len(claim.members) == 1:
            return pick(
                language,
                f"Hay {'una sola' if _feminine(claim) else 'un solo'} {one}: {only.name}, {told}.",
                f"There is a single {one}: {only.name}, {told}.",
            )
        return phrase(
            "Only the figure of {name} is shown, {told}, so there is nothing to compare it with.",
            name=only.name,
            told=told,
        ).to(language)
    if found.ranked:
        only = found.ranked[0]
        told = with_interval(claim.statistic, only.estimate, claim.basis.level, language)
        article = "las" if _feminine(claim) else "los"
        return pick(
            language,
            f"Solo la cifra de {only.name}, {told}, tiene la precisión que un orden exige: {article}"
            f" {many} no se ordenan.",
            f"Only the figure of {only.name}, {told}, is precise enough for a ranking: the {many} are not ranked.",
        )
    none = "Ninguna" if _feminine(claim) else "Ninguno"
    article = "las" if _feminine(claim) else "los"
    return pick(
        language,
        f"{none} de {article} {number(found.shown, 'es')} {many} con cifra tiene la precisión que un"
        " orden exige: no se ordenan.",
        f"None of the {number(found.shown, 'en')} {many} with a figure is precise enough for a ranking: they"
        " are not ranked.",
    )


def _tested(claim: Ranking, found: Sorted, language: Language) -> list[str]:
    """Whether the highest one differs from the others beyond chance."""
    ranked, basis = found.ranked, claim.basis
    if len(ranked) < 2 or basis.census or ranked[0].estimate.value == ranked[-1].estimate.value:  # noqa: PLR2004
        return []
    if not any(one.estimate.interval for one in ranked):
        return []
    if claim.tests is None:
        return [phrase("Whether these differences are significant has not been tested.").to(language)]
    top = ranked[0]
    close = unparted(ranked, top, claim.tests, basis.level)
    others = sum(one.estimate.value != top.estimate.value for one in ranked)
    if len(ranked) == 2:  # noqa: PLR2004
        return [
            phrase("The difference is not significant.").to(language)
            if close
            else phrase("The difference is significant.").to(language)
        ]
    if not close:
        return [
            phrase(
                "The difference between {name} and {the_others} is significant.",
                name=top.name,
                the_others=_the_others(claim, others, language),
            ).to(language)
        ]
    other = {True: ("otra", "otras"), False: ("otro", "otros")}[_feminine(claim)]
    spanish = (
        f"{other[0]} {_noun(claim, 1, 'es')}"
        if close == 1
        else (f"{other[1]} {number(close, 'es')} {_noun(claim, 2, 'es')}")
    )
    english = (
        "one other " + _noun(claim, 1, "en") if close == 1 else (f"{number(close, 'en')} other {_noun(claim, 2, 'en')}")
    )
    them = "ellas" if _feminine(claim) else "ellos"
    return [
        pick(
            language,
            f"La diferencia entre {top.name} y {spanish} no es significativa: el orden entre {them} no"
            " está establecido.",
            f"The difference between {top.name} and {english} is not significant: their order is not established.",
        )
    ]


def _the_others(claim: Ranking, others: int, language: Language) -> str:
    if others == 1:
        return pick(language, "la otra" if _feminine(claim) else "el otro", "the other")
    return pick(
        language,
        f"cada una de las demás {_noun(claim, 2, 'es')}"
        if _feminine(claim)
        else f"cada uno de los demás {_noun(claim, 2, 'es')}",
        f"each of the other {_noun(claim, 2, 'en')}",
    )


def _others(claim: Ranking, count: int, language: Language) -> str:
    """`Another 9`, as the subject of a sentence."""
    if count == 1:
        return pick(language, "Otra" if _feminine(claim) else "Otro", "Another one")
    return pick(
        language, f"{'Otras' if _feminine(claim) else 'Otros'} {number(count, 'es')}", f"Another {number(count, 'en')}"
    )


def _aside(claim: Ranking, found: Sorted, language: Language) -> list[str]:
    """Those that are shown and not ranked, and those of them that lie beyond the ends."""
    if len(found.ranked) < 2:  # noqa: PLR2004
        return []
    said = []
    for members, spanish, english in (
        (found.imprecise, "por su baja precisión", "because of low precision"),
        (
            found.few_df,
            f"por tener menos de {FEWEST_DF} grados de libertad",
            f"because of fewer than {FEWEST_DF} degrees of freedom",
        ),
    ):
        if members:
            verb = pick(
                language,
                "no se ordena" if len(members) == 1 else "no se ordenan",
                "is not ranked" if len(members) == 1 else "are not ranked",
            )
            said.append(f"{_others(claim, len(members), language)} {verb} {pick(language, spanish, english)}.")
    above, below = beyond(found.aside, found.ranked[0], found.ranked[-1])
    if above:
        top = found.ranked[0].name
        where = phrase("above that of {top}", top=top).to(language)
        said.append(_beyond(claim, above, where, language))
    if below:
        bottom = found.ranked[-1].name
        where = phrase("below that of {bottom}", bottom=bottom).to(language)
        said.append(_beyond(claim, below, where, language))
    return said


def _beyond(claim: Ranking, members: Sequence[Member], where: str, language: Language) -> str:
    told = []
    for one in members[:MOST_NAMED]:
        brackets = inside(claim.statistic, one.estimate, claim.basis.level, language)
        told.append(f"{one.name} ({value(claim.statistic, one.estimate, language)}; {brackets})")
    more = len(members) - MOST_NAMED
    if more > 0:
        told.append(phrase("{more} more", more=more).to(language))
    several = len(members) > 1
    return pick(
        language,
        f"De {'ellas' if _feminine(claim) else 'ellos'}, {listed(told, 'es')} {'tienen' if several else 'tiene'} su"
        f" intervalo entero {where}.",
        f"Of these, {listed(told, 'en')} {'have their' if several else 'has its'} whole interval {where}.",
    )


def _hidden(claim: Ranking, found: Sorted, language: Language) -> list[str]:
    """Those that are not shown and why; what they are stays open."""
    said = []
    if found.hidden:
        a, b = len(found.by_disclosure), len(found.by_precision)
        if a and b:
            why = phrase("{a} for confidentiality and {b} for lack of precision", a=a, b=b).to(language)
            why = f" ({why})"
        else:
            why = pick(
                language,
                " por confidencialidad" if a else " por falta de precisión",
                " for confidentiality" if a else " for lack of precision",
            )
        one = found.hidden == 1
        open_ = ""
        if len(found.ranked) > 1:
            open_ = pick(
                language,
                "; su cifra puede ser más alta o más baja" if one else "; sus cifras pueden ser más altas o más bajas",
                ", and its figure may be higher or lower" if one else ", and their figures may be higher or lower",
            )
        if found.shown:
            who = _others(claim, found.hidden, language)
            verb = pick(
                language, "no se muestra" if one else "no se muestran", "is not shown" if one else "are not shown"
            )
            said.append(f"{who} {verb}{why}{open_}.")
        else:
            said.append(
                pick(
                    language,
                    f"No se muestran{why}." if not one else f"No se muestra{why}.",
                    f"They are not shown{why}." if not one else f"It is not shown{why}.",
                )
            )
    if found.without and (found.shown or found.hidden):
        one = len(found.without) == 1
        said.append(
            f"{_others(claim, len(found.without), language)} "
            f"{pick(language, 'no tiene' if one else 'no tienen', 'has' if one else 'have')} "
            f"{phrase('no figure').to(language)}."
        )
    if found.nobody and (found.shown or found.hidden or found.without):
        names = _some([one.name for one in found.nobody], language)
        said.append(phrase("Nobody in the sample: {names}.", names=names).to(language))
    return said
