"""Indicators, contributions and combinations of deprivations in words."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.claims.kinds import Bundles, Contributions, Deprivations
from mpi.claims.numbers import capital, listed, percent, pick, quoted, with_interval
from mpi.claims.ranking import Member
from mpi.language import phrase
from mpi.vocabulary.wording import Language

MOST_NAMED = 3


def say_deprivations(claim: Deprivations, language: Language) -> str:
    """How many are poor and deprived, of everybody and of the poor."""
    basis = claim.basis
    shown = [one for one in claim.indicators if one.estimate.value is not None]
    shown.sort(key=lambda one: (-float(one.estimate.value or 0), one.name))
    hidden = len(claim.indicators) - len(shown)
    if not shown:
        return phrase("No indicator has a censored headcount ratio that is shown.").to(language)
    if not shown[0].estimate.value:
        why = ""
        if claim.incidence.value == 0:
            why = phrase(": nobody is poor at k = {k}", k=basis.k).to(language)
        return phrase("All censored headcount ratios shown are 0{why}.", why=why).to(language) + _hidden_rates(
            hidden, language
        )
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
            among = phrase(" ({poor} of the poor)", poor=poor).to(language)
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
        return phrase("Only the ratio of {told}, is shown.", told=told(shown[0])).to(language) + rest
    if shown[0].estimate.value == shown[-1].estimate.value:
        ratio = percent(shown[0].estimate.value, language)
        return phrase("The ratios shown are equal: {ratio}.", ratio=ratio).to(language) + rest
    return (
        phrase(
            "The highest ratio is that of {told}; the lowest, that of {told2}.",
            told=told(shown[0]),
            told2=told(shown[-1]),
        ).to(language)
        + rest
    )


def _hidden_rates(hidden: int, language: Language) -> str:
    if not hidden:
        return ""
    if hidden == 1:
        return phrase(" One indicator is not shown or has no figure.").to(language)
    return phrase(" Another {hidden} indicators are not shown or have no figure.", hidden=hidden).to(language)


def say_contributions(claim: Contributions, language: Language) -> str:
    """Which dimension adds most to M0."""
    shown = [one for one in claim.dimensions if one.estimate.value is not None]
    if not shown:
        return phrase("Contributions to M0 are not shown or have no figure.").to(language)
    add_up = phrase("Absolute contributions add up to M0, apart from rounding.").to(language)
    if len(claim.dimensions) == 1:
        return add_up
    most = max(float(one.estimate.value or 0) for one in shown)
    first = [one for one in shown if one.estimate.value == most]
    share = with_interval("percentage_contribution", first[0].estimate, claim.basis.level, language)
    if len(first) > 1:
        names = listed([quoted(one.name, language) for one in first], language)
        return phrase(
            "The dimensions that add most to M0 are {names}: {share} of M0 each. {add_up}",
            names=names,
            share=share,
            add_up=add_up,
        ).to(language)
    among = len(shown) < len(claim.dimensions)
    of = pick(
        language,
        f"De las {len(shown)} dimensiones que se muestran, la" if among else "La dimensión",
        f"Of the {len(shown)} dimensions shown, the one" if among else "The dimension",
    )
    name = quoted(first[0].name, language)
    return phrase(
        "{of} that adds most to M0 is {name}: {share} of M0. {add_up}", of=of, name=name, share=share, add_up=add_up
    ).to(language)


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
            phrase("The {number} shown hold {total} of the poor.", number=len(claim.shown), total=total).to(language)
        )
    said.append(
        phrase("No sampling error was computed for these shares.").to(language) if not claim.basis.census else ""
    )
    return " ".join(one for one in said if one)
