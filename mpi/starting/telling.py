"""A description as a person reads it: a line a column, then the codes, then the candidates."""

from __future__ import annotations

from mpi.language import Language, in_language, number_phrase, phrase
from mpi.starting.columns import RARE, Code, Column
from mpi.starting.describing import Description
from mpi.starting.structure import Key
from mpi.tables.screen import render

WIDE = 60  # signs of a title


def as_text(description: Description, language: Language = "en") -> str:
    """All that a screen shows of a description."""

    def say(text: str) -> str:
        return in_language(text, language)

    head = phrase(
        "{file}: {rows:,} rows, {columns:,} columns",
        file=description.file,
        rows=description.rows,
        columns=len(description.columns),
    )
    header = [phrase("column"), phrase("type"), phrase("title"), phrase("different values"), phrase("missing")]
    body = [
        [one.name, say(_type(one)), _short(one.title), f"{one.distinct:,}", f"{one.missing:,}"]
        for one in description.columns
    ]
    parts = [say(head), render([say(word) for word in header], body, text_columns=3)]
    codes = [say(line) for one in description.columns for line in _values(one)]
    if codes:
        parts.append("\n".join([say(phrase("values (only codes of {least} rows or more)", least=RARE)), *codes]))
    parts.append("\n".join(say(line) for line in _candidates(description)))
    return "\n\n".join(parts)


def _type(column: Column) -> str:
    match column.type:
        case "number":
            return phrase("whole number") if column.whole else phrase("decimal number")
        case "text":
            return phrase("text")
        case "truth":
            return phrase("truth")
        case "empty":
            return phrase("empty", context="type of a column")
    return phrase("not read", context="type of a column")


def _values(column: Column) -> list[str]:
    lines = [f"  {column.name}: " + "; ".join(map(_code, column.codes))] if column.codes else []
    if column.middle is not None:
        low, high = column.middle
        lines.append(
            phrase(
                "  {column}: 90 % of the rows between about {low:,g} and {high:,g}",
                column=column.name,
                low=low,
                high=high,
            )
        )
    if column.rare and column.codes:
        lines.append(
            number_phrase(
                column.rare,
                "    and {number:,} value of fewer than {least} rows",
                "    and {number:,} values of fewer than {least} rows each",
                least=RARE,
            )
        )
    if column.missing_codes:
        codes = "; ".join(map(_code, column.missing_codes))
        lines.append(phrase("    declared missing in {column}: {codes}", column=column.name, codes=codes))
    if column.perhaps_missing:
        codes = ", ".join(column.perhaps_missing)
        lines.append(phrase("    perhaps missing codes of {column}: {codes}", column=column.name, codes=codes))
    return lines


def _code(code: Code) -> str:
    named = f"{code.code} {code.label}".strip()
    return f"{named} (<{RARE})" if code.rows is None else f"{named} ({code.rows:,})"


def _candidates(description: Description) -> list[str]:
    found = description.structure
    none = phrase("none found")
    lines: list[str] = [phrase("candidates, which you should check")]
    lines += [_key(key) for key in found.keys] or [phrase("  key: {names}", names=none)]
    lines.append(phrase("  weight: {names}", names=", ".join(found.weights) or none))
    lines.append(phrase("  PSU: {names}", names=", ".join(found.psus) or none))
    lines.append(phrase("  strata: {names}", names=", ".join(found.strata) or none))
    return lines


def _key(key: Key) -> str:
    names = ", ".join(key.columns)
    if not key.unit:
        return phrase("  key: {names}", names=names)
    return phrase(
        "  key: {names}; {unit} has {rows:.2f} rows on average", names=names, unit=", ".join(key.unit), rows=key.rows
    )


def _short(title: str) -> str:
    return title if len(title) <= WIDE else title[: WIDE - 1] + "…"
