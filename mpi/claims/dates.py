"""Dates as people write them."""

from __future__ import annotations

from datetime import date

from mpi.claims.numbers import Title
from mpi.language import Phrase, phrase, translated

MONTHS = (
    translated("January"), translated("February"), translated("March"), translated("April"), translated("May"),
    translated("June"), translated("July"), translated("August"), translated("September"), translated("October"),
    translated("November"), translated("December"),
)  # fmt: skip


def date_text(day: date) -> Phrase:
    """A date in words.

    Examples
    --------
    >>> date_text(date(2026, 3, 5)), date_text(date(2026, 3, 5)).to("es"), date_text(date(2026, 3, 1)).to("pt")
    ('5 March 2026', '5 de marzo de 2026', '1º de março de 2026')
    """
    month = Title(MONTHS[day.month - 1])
    if day.day == 1:
        return phrase("{day} {month} {year}", context="first day of a month", day=1, month=month, year=day.year)
    return phrase("{day} {month} {year}", context="date", day=day.day, month=month, year=day.year)
