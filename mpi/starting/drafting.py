"""The YAML of a measure from what a spreadsheet says of it; what it does not say is a comment of what to write."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction

from mpi.language import Language, Phrase, in_language, phrase
from mpi.specs.exact import fraction
from mpi.starting.further import CLASS_TITLE, GAP, KEYS
from mpi.starting.guessing import guessed
from mpi.starting.headings import WORDS, recognised
from mpi.starting.rows import Texts
from mpi.starting.tabulated import Draft, DraftDimension, DraftIndicator
from mpi.vocabulary.options import LEVELS, MISSING, Level

PLAIN_TYPES = ("number", "text", "truth")
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
Lines = list[str]


def quoted(text: str) -> str:
    """A text as YAML has it, in double quotes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f").replace("\u2028", "\\u2028")


def scalar(text: str) -> str:
    """A text as YAML has it, without quotes where it needs none."""
    words = ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
    return text if PLAIN.fullmatch(text) and text.lower() not in words else quoted(text)


def flow(texts: Texts) -> str:
    """A text by language as YAML has it."""
    if [*texts] == [""]:
        return quoted(texts[""])
    return "{" + ", ".join(f"{scalar(language)}: {quoted(text)}" for language, text in texts.items()) + "}"


def yaml_of(name: str, draft: Draft, language: Language = "en") -> Lines:
    """The lines of a measure's file.

    Parameters
    ----------
    name : str
        Of the measure.
    draft : Draft
    language : str
        Of the comments.
    """
    lines = [f"measure: {name}"]
    titles = _setting(draft, "title")
    lines.append(f"title: {flow(titles) if titles else quoted(name)}")
    lines += [f"{key}: {flow(texts)}" for key in ("source", "note") if (texts := _setting(draft, key))]
    about = {
        key: draft.settings.get((key, ""), "") for key in ("status", "kind", "country", "edition", "years", "deepens")
    }
    lines += [f"{key}: {quoted(said)}" for key, said in about.items() if said]
    lines.append(f"identification: {_word(draft, 'identification', LEVELS, 'household', language)}")
    lines += _cutoffs(draft, language)
    lines.append(f"missing: {_word(draft, 'missing', MISSING, 'exclude', language)}")
    lines += [f"universe: {quoted(rule)}" for rule in _setting(draft, "universe").values()]
    lines += [f"income_poor: {quoted(rule)}" for rule in _setting(draft, "income_poor").values()]
    lines += _classes(draft)
    lines += [f"{key}: {text}" for key in KEYS for text in _setting(draft, key).values()]
    lines += _variables(draft, language)
    if draft.derived:
        lines += ["derive:", *(f"  {derived}: {quoted(rule)}" for derived, rule in draft.derived.items())]
    lines.append("dimensions:")
    for dimension in draft.dimensions.values():
        own = [one for one in draft.indicators if one.dimension == dimension.name]
        if own:
            lines += _dimension(dimension)
            for indicator in own:
                lines += _indicator(indicator, language)
                gap = _setting(draft, GAP).get(indicator.name.casefold())
                lines += [] if gap is None else [f"        {GAP}: {gap}"]
    return lines


def _classes(draft: Draft) -> Lines:
    classes, titles = _setting(draft, "class"), _setting(draft, CLASS_TITLE)
    told = {name: quoted(rule) for name, rule in classes.items()}
    told |= {name: f"{{rule: {told[name]}, title: {title}}}" for name, title in titles.items() if name in told}
    return ["classes:", *(f"  {name}: {text}" for name, text in told.items())] if told else []


def _todo(text: Phrase, language: Language) -> str:
    return f"# TODO {in_language(text, language)}"


def _setting(draft: Draft, name: str) -> Texts:
    return {of.casefold(): text for (own, of), text in draft.settings.items() if own == name}


def _word(draft: Draft, name: str, options: tuple[str, ...], usual: str, language: Language) -> str:
    said = draft.settings.get((name, ""), "")
    found = recognised({one: WORDS.get(one, (one,)) for one in options}, said) if said else None
    if found is not None:
        return found
    return (
        f"{usual}  {_todo(phrase('the spreadsheet does not say it: {options}', options=', '.join(options)), language)}"
    )


def _cutoffs(draft: Draft, language: Language) -> Lines:
    own = {of: text for (name, of), text in draft.settings.items() if name == "k"}
    if not own:
        return [_todo(phrase("k: the poverty cutoff, such as `k: 1/3`"), language)]
    if [*own] == [""]:
        strict = own[""].startswith(">")
        return [f"k: {_at(own[''])}", *(['comparison: ">"'] if strict else [])]
    parts = [
        f'{of or "k"}: {{at: {_at(text)}, comparison: ">"}}' if text.startswith(">") else f"{of or 'k'}: {_at(text)}"
        for of, text in own.items()
    ]
    return ["k: {" + ", ".join(parts) + "}"]


def _at(text: str) -> str:
    """A cutoff as it is written; a decimal comma is a point, a quotient of a formula its fraction."""
    plain = text.lstrip(">= ").replace(",", ".")
    try:
        value = fraction(plain)
    except ValueError:
        return quoted(plain)
    near = Fraction(float(value)).limit_denominator(1000)
    return str(near) if len(plain) > 15 and float(near) == float(value) else plain  # noqa: PLR2004  digits of a double


def _guessed(draft: Draft, language: Language) -> Lines:
    """The variables as the rules show them, where the spreadsheet does not say it."""
    who = recognised({one: WORDS[one] for one in LEVELS}, draft.settings.get(("identification", ""), ""))
    bare: Level = "person" if who == "person" else "household"
    rules: list[tuple[str, Level]] = [
        (rule, "person" if field_ == "eligible" else bare)
        for one in draft.indicators
        for field_, rule in one.rules.items()
        if rule
    ]
    found = guessed(rules, draft.derived)
    if not found:
        text = phrase("declare each variable: `age: number` below `person:` or `household:`")
        return [_todo(text, language), "variables: {}"]
    text = phrase(
        "the variables as the rules show them: check whose they are, their types, and add the labels that lack"
    )
    lines = [_todo(text, language), "variables:"]
    for level in LEVELS:
        own = {name: one for name, one in found.items() if one.level == level}
        lines += [f"  {level}:"] if own else []
        for name, one in own.items():
            labels = f"[{', '.join(map(scalar, one.labels))}]" if one.labels else ""
            lines.append(f"    {name}: {labels or one.type or 'number'}")
    return lines


def _variables(draft: Draft, language: Language) -> Lines:
    if not draft.variables:
        return _guessed(draft, language)
    lines = ["variables:"]
    for level in LEVELS:
        own = [one for one in draft.variables if one["level"] == level]
        lines += [f"  {level}:"] if own else []
        for one in own:
            labels = [label.strip() for label in str(one["labels"]).split(";")] if one["labels"] else []
            kind = "[" + ", ".join(map(scalar, labels)) + "]" if labels else one["type"]
            more = {key: texts for key in ("title", "note") if isinstance(texts := one[key], dict) and texts}
            parts = [f"type: {kind}", *(f"{key}: {flow(texts)}" for key, texts in more.items())]
            lines.append(f"    {one['name']}: " + ("{" + ", ".join(parts) + "}" if more else str(kind)))
    return lines


def _texts(texts: Mapping[str, Texts], indent: str) -> Lines:
    return [f"{indent}{key}: {flow(own)}" for key in ("title", "words") if (own := texts.get(key))]


def _notes(texts: Mapping[str, Texts], indent: str) -> Lines:
    return [f"{indent}{key}: {flow(own)}" for key in ("legal_basis", "note") if (own := texts.get(key))]


def _dimension(own: DraftDimension) -> Lines:
    lines = [f"  {own.name}:", *_texts(own.texts, "    "), *_notes(own.texts, "    ")]
    if own.weight is not None:
        lines.append(f"    weight: {own.weight}")
    if own.combine:
        combine = own.combine if own.combine in ("any", "all") else f"{{at_least: {own.combine}}}"
        lines.append(f"    combine: {combine}")
    return [*lines, "    indicators:"]


def _indicator(own: DraftIndicator, language: Language) -> Lines:
    indent = " " * 8
    lines = [f"      {own.name}:", *_texts(own.texts, indent)]
    if own.weight is not None:
        lines.append(f"{indent}weight: {own.weight}")
    lines += [f"{indent}eligible: {quoted(own.rules['eligible'])}"] if own.rules.get("eligible") else []
    if own.rules.get("rule"):
        lines.append(f"{indent}deprived: {quoted(own.rules['rule'])}")
    else:
        lines.append(f"{indent}{_todo(phrase('deprived: write the rule that says who is deprived'), language)}")
        if len(lines) == 2:  # noqa: PLR2004  the name and the comment: a mapping needs a key
            lines[0] = f"      {own.name}: {{}}"
    lines += [f"{indent}{key}: {word}" for key, word in own.words.items() if word]
    return [*lines, *_notes(own.texts, indent)]
