"""Indicators, contributions and combinations of deprivations in words."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.claims.kinds import Bundles, Contributions, Deprivations
from mpi.claims.numbers import capital, listed, percent, pick, quoted, with_interval
from mpi.claims.ranking import Member
from mpi.vocabulary.wording import Language

MOST_NAMED = 3


def say_deprivations(claim: Deprivations, language: Language) -> str:
    """How many are poor and deprived, of everybody and of the poor."""
    basis = claim.basis
    shown = [one for one in claim.indicators if one.estimate.value is not None]
    shown.sort(key=lambda one: (-float(one.estimate.value or 0), one.name))
    hidden = len(claim.indicators) - len(shown)
    if not shown:
        return pick(
            language,
            "Ningún indicador tiene una tasa censurada que se muestre.",
            "No indicator has a censored headcount ratio that is shown.",
        )
    if not shown[0].estimate.value:
        why = ""
        if claim.incidence.value == 0:
            why = pick(language, f": nadie es pobre con k = {basis.k}", f": nobody is poor at k = {basis.k}")
        return pick(
            language,
            f"Todas las tasas censuradas que se muestran son 0{why}.",
            f"All censored headcount ratios shown are 0{why}.",
        ) + _hidden_rates(hidden, language)
    if claim.short:
        return _short_deprivations(claim, shown, hidden, language)
    told: list[str] = []
    for one in shown[:MOST_NAMED]:
        if not one.estimate.value:
            break
        of = pick(language, f"de {basis.the_units('es')}", f"of {basis.units('en')}") if not told else ""
        share = with_interval("censored_headcount", one.estimate, basis.level, language, of=of)
        among = ""
        if claim.incidence.value:
            poor = percent(min(one.estimate.value / claim.incidence.value, 1.0), language)
            among = pick(language, f" (el {poor} de los pobres)", f" ({poor} of the poor)")
        what = pick(language, "la privación " if not told else "", "")
        told.append(
            pick(
                language,
                f"el {share} es pobre y tiene {what}{quoted(one.name, 'es')}{among}",
                f"{share} are poor and deprived in {quoted(one.name, 'en')}{among}",
            )
        )
    return f"{capital('; '.join(told))}.{_hidden_rates(hidden, language)}"


def _short_deprivations(claim: Deprivations, shown: Sequence[Member], hidden: int, language: Language) -> str:
    """The highest and the lowest ratio, for a chart."""

    def told(one: Member) -> str:
        ratio = with_interval("censored_headcount", one.estimate, claim.basis.level, language)
        return f"{quoted(one.name, language)}, {ratio}"

    rest = _hidden_rates(hidden, language)
    if len(shown) == 1:
        return (
            pick(
                language,
                f"Solo se muestra la tasa de {told(shown[0])}.",
                f"Only the ratio of {told(shown[0])}, is shown.",
            )
            + rest
        )
    if shown[0].estimate.value == shown[-1].estimate.value:
        ratio = percent(shown[0].estimate.value, language)
        return (
            pick(language, f"Las tasas que se muestran son iguales: {ratio}.", f"The ratios shown are equal: {ratio}.")
            + rest
        )
    return (
        pick(
            language,
            f"La tasa más alta es la de {told(shown[0])}; la más baja, la de {told(shown[-1])}.",
            f"The highest ratio is that of {told(shown[0])}; the lowest, that of {told(shown[-1])}.",
        )
        + rest
    )


def _hidden_rates(hidden: int, language: Language) -> str:
    if not hidden:
        return ""
    if hidden == 1:
        return pick(
            language, " Un indicador no se muestra o no tiene dato.", " One indicator is not shown or has no figure."
        )
    return pick(
        language,
        f" Otros {hidden} indicadores no se muestran o no tienen dato.",
        f" Another {hidden} indicators are not shown or have no figure.",
    )


def say_contributions(claim: Contributions, language: Language) -> str:
    """Which dimension adds most to M0."""
    shown = [one for one in claim.dimensions if one.estimate.value is not None]
    if not shown:
        return pick(
            language,
            "Las contribuciones a M0 no se muestran o no tienen dato.",
            "Contributions to M0 are not shown or have no figure.",
        )
    add_up = pick(
        language,
        "Las contribuciones absolutas suman M0, salvo diferencias por redondeo.",
        "Absolute contributions add up to M0, apart from rounding.",
    )
    if len(claim.dimensions) == 1:
        return add_up
    most = max(float(one.estimate.value or 0) for one in shown)
    first = [one for one in shown if one.estimate.value == most]
    share = with_interval("percentage_contribution", first[0].estimate, claim.basis.level, language)
    if len(first) > 1:
        names = listed([quoted(one.name, language) for one in first], language)
        return pick(
            language,
            f"Las dimensiones que más aportan a M0 son {names}: {share} de M0 cada una. {add_up}",
            f"The dimensions that add most to M0 are {names}: {share} of M0 each. {add_up}",
        )
    among = len(shown) < len(claim.dimensions)
    of = pick(
        language,
        f"De las {len(shown)} dimensiones que se muestran, la" if among else "La dimensión",
        f"Of the {len(shown)} dimensions shown, the one" if among else "The dimension",
    )
    name = quoted(first[0].name, language)
    return pick(
        language,
        f"{of} que más aporta a M0 es {name}: {share} de M0. {add_up}",
        f"{of} that adds most to M0 is {name}: {share} of M0. {add_up}",
    )


def say_bundles(claim: Bundles, language: Language) -> str:
    """The commonest combination of deprivations."""
    if not claim.shown:
        return pick(
            language,
            "Ninguna combinación de privaciones se publica: todas se apoyan en muy pocos casos."
            if claim.hidden
            else "Nadie es pobre: no hay combinaciones de privaciones.",
            "No combination of deprivations is published: all of them rest on very few cases."
            if claim.hidden
            else "Nobody is poor, so there are no combinations of deprivations.",
        )
    titles, share = claim.shown[0]
    names = listed([quoted(title, language) for title in titles], language)
    said = [
        pick(
            language,
            f"La combinación exacta de privaciones más frecuente{' de las que se muestran' if claim.hidden else ''} es"
            f" {names}: la tiene el {percent(share, 'es')} de los pobres.",
            f"The commonest exact combination of deprivations{' of those shown' if claim.hidden else ''} is {names}:"
            f" {percent(share, 'en')} of the poor have it.",
        )
    ]
    if len(claim.shown) > 1:
        total = percent(min(sum(one for _, one in claim.shown), 1.0), language)
        said.append(
            pick(
                language,
                f"Las {len(claim.shown)} que se muestran reúnen al {total} de los pobres.",
                f"The {len(claim.shown)} shown hold {total} of the poor.",
            )
        )
    said.append(
        pick(
            language,
            "Para estas proporciones no se calculó el error de muestreo.",
            "No sampling error was computed for these shares.",
        )
        if not claim.basis.census
        else ""
    )
    return " ".join(one for one in said if one)
