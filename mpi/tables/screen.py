"""Estimates as text: tables for a screen, CSV and JSON for other programs; any table of units as CSV.

What is undefined is a dash on the screen, an empty cell in CSV and null in JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mpi.errors import printable
from mpi.estimates import Estimates, Tidy
from mpi.estimates.error_sources import errors_from
from mpi.language import joined, phrase
from mpi.language.speaking import LANGUAGE, figure, spoken
from mpi.tables.writing import write_figures
from mpi.vocabulary.options import RELIABILITY_LEVELS, Adjust, FigureFormat
from mpi.vocabulary.statistics import CONTRIBUTIONS, DEFINITIONS, HEADLINE, INDICATORS

if TYPE_CHECKING:
    from mpi.changes import Changes

PARTS = ("k", "statistic", "dimension", "indicator")
NOTHING = "-"
UNIT_WORDS = {"persons": phrase("persons"), "households": phrase("households")}
LEAST_P = 0.0001
ROUNDS = {
    "independent": phrase("rounds: independent samples"),
    "same_psu": phrase("rounds: the same PSUs, errors with their covariance"),
    "rotating": phrase("rounds: rotating PSUs, errors with the covariance of those shared"),
    "panel": phrase("rounds: a panel, errors with the covariance of its PSUs"),
}  # fmt: skip
P_CORRECTED: Mapping[Adjust, str] = {"none": "", "holm": "p (Holm)", "bh": "p (B-H)"}


def as_text(estimates: Estimates, level: float) -> str:
    """All that a screen shows of an estimation: what it is, the headline figures, the indicators of the total.

    Where only some statistics were computed, their rows as they are.

    Parameters
    ----------
    estimates : Estimates
        Whole, as `estimate` gives them.
    level : float
        The level of their confidence intervals.
    """
    told = f"{caption_of(estimates.table.slice(0, 1).to_pylist()[0], level)}\n{errors_from(estimates, LANGUAGE.get())}"
    if estimates.basis.table.wanted is not None:
        return f"{told}\n\n{listing(estimates)}"
    return "\n\n".join([told, headline(estimates), indicators(estimates)])


def write_estimates(
    estimates: Estimates,
    path: Path,
    form: FigureFormat | None = None,
    *,
    level: float = 0.95,
    overwrite: bool = False,
    inputs: Iterable[Path] = (),
) -> None:
    """Write estimates as Parquet, CSV, JSON or text, by the file's ending or in the format that is asked for.

    Raises
    ------
    UsageError
        If the format is not known, or the output exists or is one of the inputs.
    """
    write_figures(estimates, path, form, text=lambda: as_text(estimates, level), overwrite=overwrite, inputs=inputs)


def changes_as_text(
    changes: Changes, level: float, adjust: Adjust = "none", statistics: Sequence[str] = ("H", "A", "M0")
) -> str:
    """What a screen shows of changes: the absolute ones of some statistics for each group, cutoff and pair of rounds.

    Parameters
    ----------
    changes : Changes
        Whole, as `change` gives them.
    level : float
        The level of their confidence intervals.
    adjust : {"none", "holm", "bh"}
        How their p-values were corrected for their number.
    statistics : sequence of str
        That are shown.
    """
    first = changes.table.slice(0, 1).to_pylist()[0]
    caption = phrase(
        "{measure}: {unit}, absolute changes, confidence intervals of {level} %",
        measure=first["measure"],
        unit=UNIT_WORDS[first["unit"]],
        level=f"{100 * level:g}",
    )
    rows = [row for name in statistics for row in changes.only(name, change="absolute").rows()]
    parts = [name for name in PARTS[2:] if any(row[name] is not None for row in rows)]
    keys = (*changes.domains, "k", "statistic", *parts)
    corrected = P_CORRECTED[adjust]
    judged = _judged(changes)
    body = []
    for row in rows:
        named = [row[key] or ("" if key in PARTS else everybody()) for key in keys]
        body.append(
            [
                *named,
                between(row["from"], row["to"]),
                number_text(row["before"], 4),
                number_text(row["after"], 4),
                _signed(row["estimate"]),
                number_text(row["se"], 4),
                _signed_interval(row),
                p_text(row["p"]),
                *([p_text(row["p_adjusted"])] if corrected else []),
                *([row["reliability"] or NOTHING] if judged else []),
            ]
        )
    header = [
        *keys,
        "rounds",
        "before",
        "after",
        "change",
        "se",
        "interval",
        "p",
        *([corrected] if corrected else []),
        *(["reliability"] if judged else []),
    ]
    told = f"{printable(spoken(caption))}\n{spoken(ROUNDS[changes.rounds])}"
    return "\n\n".join([told, render(header, body, text_columns=len(keys) + 1)])


def differences_as_text(table: pa.Table, estimates: Estimates, adjust: Adjust) -> str:
    """What a screen shows of differences between domains: what they are about, then a line for each.

    Parameters
    ----------
    table : pyarrow.Table
        As `Covariance.differences` gives it.
    estimates : Estimates
        Those that are compared.
    adjust : {"none", "holm", "bh"}
        How the p-values were corrected for their number.
    """
    caption = caption_of(estimates.table.slice(0, 1).to_pylist()[0], estimates.basis.level, phrase("differences"))
    texts = [
        name
        for name in table.column_names
        if pa.types.is_string(table.schema.field(name).type)
        and (name not in PARTS or table[name].null_count < table.num_rows)
    ]
    corrected, noted = P_CORRECTED[adjust], table["note"].null_count < table.num_rows
    body = []
    for row in table.to_pylist():
        line = [everybody() if row[name] is None and name not in PARTS else row[name] or "" for name in texts]
        line += [
            _signed(row["estimate"]),
            number_text(row["se"], 4),
            _signed_interval(row),
            number_text(row["t"], 2),
            number_text(row["df"], 0),
            p_text(row["p"]),
        ]
        body.append(
            [*line, *([p_text(row["p_adjusted"])] if corrected else []), *([row["note"] or ""] if noted else [])]
        )
    header = [
        *texts,
        "difference",
        "se",
        "interval",
        "t",
        "df",
        "p",
        *([corrected] if corrected else []),
        *(["note"] if noted else []),
    ]
    told = f"{caption}\n{errors_from(estimates, LANGUAGE.get())}"
    return "\n\n".join([told, render(header, body, text_columns=len(texts))])


def headline(estimates: Estimates) -> str:
    """H, A, M0 and the number of poor with errors and intervals, one line for each group and cutoff.

    The column `reliability` is there if a rule set judges: the level of all four, else of those it names.
    """
    keys = (*estimates.domains, "k")
    judged = _judged(estimates)
    groups: dict[tuple[str | None, ...], dict[str, dict[str, Any]]] = {}
    for statistic in HEADLINE:
        for row in estimates.only(statistic).rows():
            groups.setdefault(tuple(row[key] for key in keys), {})[statistic] = row
    header = [
        *keys,
        "H %",
        "se",
        "interval",
        "A %",
        "se",
        "M0",
        "se",
        "poor",
        "n",
        *(["reliability"] if judged else []),
    ]
    body = []
    for where, rows in groups.items():
        h, a, m0, poor = (rows[name] for name in HEADLINE)
        interval = NOTHING if h["ci_low"] is None else between(_percent(h["ci_low"]), _percent(h["ci_high"]))
        body.append(
            [
                *(everybody() if name is None else name for name in where),
                _percent(h["estimate"]),
                _percent(h["se"]),
                interval,
                _percent(a["estimate"]),
                _percent(a["se"]),
                number_text(m0["estimate"], 4),
                number_text(m0["se"], 4),
                number_text(poor["estimate"], 0),
                number_text(h["n"], 0),
                *([_verdict(rows)] if judged else []),
            ]
        )
    return render(header, body, text_columns=len(keys))


def listing(estimates: Estimates) -> str:
    """Each estimate on a line of its own, with its error, its interval and its number of cases."""
    keys = (*estimates.domains, "k", "statistic", "dimension", "indicator")
    judged = _judged(estimates)
    body = [
        [
            *(
                (everybody() if name in estimates.domains else NOTHING) if row[name] is None else row[name]
                for name in keys
            ),
            *(
                NOTHING if row[name] is None else number_text(row[name], 4)
                for name in ("estimate", "se", "ci_low", "ci_high")
            ),
            number_text(row["n"], 0),
            *([row["reliability"] or NOTHING] if judged else []),
        ]
        for row in estimates.rows()
    ]
    header = [*keys, "estimate", "se", "low", "high", "n", *(["reliability"] if judged else [])]
    return render(header, body, text_columns=len(keys))


def _judged(figures: Tidy) -> bool:
    """Whether a rule set said anything of any figure."""
    column = figures.table["reliability"]
    return bool(column.null_count < len(column))


def _verdict(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """The levels of a group's headline figures, the most severe first; `publish` only where there is no other."""
    by_level = {
        level: [name for name in HEADLINE if rows[name]["reliability"] == level]
        for level in reversed(RELIABILITY_LEVELS)
    }
    found = {level: names for level, names in by_level.items() if names}
    if len(found) > 1:
        found.pop(RELIABILITY_LEVELS[0], None)
    told = (level if len(names) == len(HEADLINE) else f"{level} ({', '.join(names)})" for level, names in found.items())
    return ", ".join(told) or NOTHING


def indicators(estimates: Estimates) -> str:
    """Headcounts and contributions of the dimensions and indicators of the total, at each cutoff.

    A dimension has headcounts of its own if it is combined; an indicator of such a dimension has no contribution.
    """
    total: dict[str, str | None] = dict.fromkeys(estimates.domains)
    with_error = {
        DEFINITIONS[name].screen: _by_part(estimates.only(name, **total))
        for name in (*INDICATORS, *CONTRIBUTIONS)
        if DEFINITIONS[name].screen
    }
    unknown = _by_part(estimates.only("unknown", **total))
    parts: dict[tuple[str, str | None], None] = {}
    for _, dimension, indicator in unknown:
        parts |= {(dimension, None): None, (dimension, indicator): None}
    ordered = sorted(parts, key=lambda part: [dimension for dimension, _ in parts].index(part[0]))
    body = []
    for row in estimates.only("H", **total).rows():
        for dimension, indicator in ordered:
            line = [row["k"], dimension, indicator or "(dimension)"]
            for found in with_error.values():
                own = found.get((row["k"], dimension, indicator)) or found.get((None, dimension, indicator)) or {}
                line += [_percent(own.get("estimate")), _percent(own.get("se"))]
            body.append([*line, _percent(unknown.get((None, dimension, indicator), {}).get("estimate"))])
    headings = [word for name in with_error for word in (name, "se")]
    header = ["k", "dimension", "indicator", *headings, DEFINITIONS["unknown"].screen]
    return render(header, body, text_columns=3)


def _by_part(estimates: Estimates) -> dict[tuple[str | None, str, str | None], dict[str, Any]]:
    """Rows by cutoff, dimension and indicator."""
    return {(row["k"], row["dimension"], row["indicator"]): row for row in estimates.rows()}


def render(header: Sequence[str], body: Iterable[Sequence[str]], text_columns: int) -> str:
    """A plain table: texts to the left, numbers to the right.

    Examples
    --------
    >>> print(render(["zona", "n"], [["cabecera", "12"], ["rural", "3"]], text_columns=1))
    zona       n
    --------  --
    cabecera  12
    rural      3
    """
    lines = [[printable(cell).replace("\n", "\\n") for cell in line] for line in (header, *body)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < text_columns else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _percent(value: float | None) -> str:
    return NOTHING if value is None else figure(f"{100 * value:.2f}")


def p_text(value: float | None) -> str:
    """A p-value; below 0.0001 it is said to be so."""
    return figure("<0.0001") if value is not None and value < LEAST_P else number_text(value, 4)


def _signed(value: float | None) -> str:
    return NOTHING if value is None else figure(f"{value:+.4f}")


def _signed_interval(row: Mapping[str, Any]) -> str:
    return NOTHING if row["ci_low"] is None else between(_signed(row["ci_low"]), _signed(row["ci_high"]))


def between(low: str, high: str) -> str:
    """Two ends in the language of the command line."""
    return spoken(phrase("{low} to {high}", low=low, high=high))


def everybody() -> str:
    """What stands for all groups of a domain."""
    return spoken(phrase("all"))


def caption_of(row: Mapping[str, Any], level: float | None = None, more: str = "") -> str:
    """What figures are about: measure, survey, period, unit, and the level of their intervals if there is one."""
    parts: list[str] = [
        phrase("{measure}, {survey}, period {period}: {unit}", **{
            **{name: row[name] for name in ("measure", "survey", "period")}, "unit": UNIT_WORDS[row["unit"]],
        })
    ]  # fmt: skip
    parts += [more] if more else []
    parts += [phrase("confidence intervals of {level} %", level=figure(f"{100 * level:g}"))] if level else []
    return printable(spoken(joined(parts, ", ")))


def number_text(value: float | None, digits: int) -> str:
    """A number with so many decimals; a dash for None."""
    return NOTHING if value is None else figure(f"{value:,.{digits}f}")
