"""Changes between two rounds in words."""

from __future__ import annotations

from mpi.claims.kinds import Movement, Tally
from mpi.claims.numbers import amount, between_change, capital, interval_name, listed, phrase_of, pick, signed, untold
from mpi.language import phrase
from mpi.vocabulary.wording import DOUBTS, THIN_SPACE, Language, digits_of, figure, form_of, number

MOST_NAMED = 3


def say_movement(claim: Movement, language: Language) -> str:
    """What became of a statistic between two rounds."""
    return _short_movement(claim, language) if claim.short else _movement(claim, language)


def _short_movement(claim: Movement, language: Language) -> str:
    change, statistic = claim.change, claim.statistic
    if change.value is None:
        return phrase("change since {before}: {untold}", before=claim.before, untold=untold(change, language)).to(
            language
        )
    told = signed(statistic, change.value, language)
    told = phrase("{told} since {before}", told=told, before=claim.before).to(language)
    known = change.significant(claim.basis.level)
    if known is None:
        return told
    return f"{told}, " + (phrase("significant").to(language) if known else phrase("not significant").to(language))


def _movement(claim: Movement, language: Language) -> str:
    change, statistic, before, after = claim.change, claim.statistic, claim.before, claim.basis.period
    subject = capital(phrase_of(statistic, language))
    if change.value is None:
        return pick(
            language,
            f"El cambio de {phrase_of(statistic, 'es')} entre {before} y {after} {untold(change, language)}.",
            f"The change of {phrase_of(statistic, 'en')} from {before} to {after} {untold(change, language)}.",
        )
    known = change.significant(claim.basis.level)
    details = _details(claim, language, known)
    if known is False:
        size = signed(statistic, change.value, language)
        told = "; ".join([phrase("change of {size}", size=size).to(language), *details])
        return phrase(
            "{subject} did not change significantly from {before} to {after} ({told}).",
            subject=subject,
            before=before,
            after=after,
            told=told,
        ).to(language)
    if float(change.value) == 0:
        return phrase("{subject} is the same in {before} and {after}.", subject=subject, before=before, after=after).to(
            language
        )
    size = amount(statistic, abs(change.value), language)
    verb = pick(language, "bajó" if change.value < 0 else "subió", "fell" if change.value < 0 else "rose")
    told = phrase(
        "{subject} {verb} by {size} from {before} to {after}",
        subject=subject,
        verb=verb,
        size=size,
        before=before,
        after=after,
    ).to(language)
    told += _ends(claim, language) + (f" ({'; '.join(details)})" if details else "")
    if known is None:
        if claim.basis.census:
            return f"{told}."
        return told + phrase("; there is no sampling error by which to judge whether the change is significant.").to(
            language
        )
    return told + phrase("; the change is significant.").to(language)


def _details(claim: Movement, language: Language, known: bool | None) -> list[str]:
    """The interval of a change, and a warning where its precision wants one."""
    change, found = claim.change, []
    if change.low is not None and change.high is not None:
        told = between_change(change.low, change.high, claim.statistic, language)
        name = interval_name(claim.basis.level, language)
        found.append(phrase("{name} of the change: {told}", name=name, told=told).to(language))
    if change.standing in DOUBTS:
        found.append(DOUBTS[change.standing][language])
    if known is not False and not _adds_up(claim):
        found.append(phrase("because of rounding, not the exact difference of the two figures").to(language))
    return found


def _adds_up(claim: Movement) -> bool:
    """Whether the printed figures of both rounds differ by the printed change."""
    change, digits = claim.change, digits_of(claim.statistic)
    if change.before is None or change.after is None or change.value is None:
        return True
    scale = 100 if form_of(claim.statistic) == "percent" else 1
    before, after, size = (round(scale * one, digits) for one in (change.before, change.after, change.value))
    return bool(abs(after - before - size) < 0.5 * 10.0**-digits)


def _ends(claim: Movement, language: Language) -> str:
    """The figures of both rounds."""
    change, statistic = claim.change, claim.statistic
    if change.before is None or change.after is None or change.value is None:
        return ""
    form, digits = form_of(statistic), digits_of(statistic)
    first, last = (figure(one, form, language, digits) for one in (change.before, change.after))
    sign = {"percent": pick(language, f"{THIN_SPACE}%", "%")}.get(form, "")
    told = phrase(", from {first}{sign} to {last}{sign}", first=first, sign=sign, last=last).to(language)
    return told


def say_tally(claim: Tally, language: Language) -> str:
    """In how many indicators or groups a statistic fell, rose or stayed."""
    level = claim.basis.level
    known = [(name, change) for name, change in claim.changes if change.value is not None]
    sure = {name: change.significant(level) for name, change in known}
    falls = [name for name, change in known if sure[name] and float(change.value or 0) < 0]
    rises = [name for name, change in known if sure[name] and float(change.value or 0) > 0]
    same = [name for name, _ in known if sure[name] is False]
    unsure = [(name, float(change.value or 0)) for name, change in known if sure[name] is None]
    lost = [name for name, change in claim.changes if change.value is None]
    said = [
        (falls, "bajó de manera significativa en", "fell significantly in", True),
        (rises, "subió de manera significativa en", "rose significantly in", True),
        (same, "no cambió de manera significativa en", "did not change significantly in", False),
        ([name for name, size in unsure if size < 0], "bajó en", "fell in", True),
        ([name for name, size in unsure if size > 0], "subió en", "rose in", True),
        ([name for name, size in unsure if size == 0], "es la misma en", "is the same in", False),
        (lost, "no se muestra o no tiene dato en", "is not shown or has no figure in", False),
    ]
    parts: list[str] = []
    for names, spanish, english, named in said:
        if names:
            count = _counted(claim, names, language, named=named, first=not parts)
            parts.append(f"{pick(language, spanish, english)} {count}")
    if not parts:
        return phrase("There are no changes to count.").to(language)
    span = phrase("From {before} to {period}, ", before=claim.before, period=claim.basis.period).to(language)
    subject = "H" if claim.statistic == "H" else phrase_of(claim.statistic, language)
    told = f"{span}{subject} {listed(parts, language)}."
    if unsure and not claim.basis.census:
        told += phrase(" There is no sampling error by which to judge whether the changes are significant.").to(
            language
        )
    return told


def _counted(claim: Tally, names: list[str], language: Language, *, named: bool, first: bool) -> str:
    """How many, with the noun the first time, and which if they are few."""
    words = {
        "indicator": ("indicador", "indicadores", "indicator", "indicators"),
        "group": ("grupo", "grupos", "group", "groups"),
    }[claim.of]
    one, several = words[:2] if language == "es" else words[2:]
    told = number(len(names), language)
    if first:
        told += f" {one if len(names) == 1 else several}"
    elif len(names) == 1:
        told = phrase("one").to(language)
    if named and len(names) <= MOST_NAMED:
        told += f" ({'; '.join(names)})"
    return told
