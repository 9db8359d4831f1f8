"""What cannot be true of the figures of one table, whatever the microdata: each check allows for the rounding.

Comes in: figures. Goes out: contradictions, each with what is there and what would have to be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from mpi.comparing.entries import Entries, Entry, Figures, Key
from mpi.vocabulary.statistics import DEFINITIONS

Row = dict[str, object]
Found = tuple[Key, str, object, object]  # figure, check, what is there, what would have to be
NOISE = Decimal("1e-9")  # of sums of floats
AVERAGED = ("H", "M0", "censored_headcount", "absolute_contribution")  # of the whole population, so means of parts
SUMMED = ("poor", "poor_and_deprived")


def contradictions(figures: Figures) -> list[Row]:
    """All contradictions of a table, check by check."""
    checks: Sequence[Callable[[Entries], Iterator[Found]]] = (_ranges, _errors, _pairs, _shares, _totals)
    return [
        {**key._asdict(), **dict(key.domains), "check": name, "value": str(value), "expected": str(expected)}
        for check in checks
        for key, name, value, expected in check(figures.entries)
    ]


def _ranges(entries: Entries) -> Iterator[Found]:
    """Proportions and indices lie between 0 and 1, numbers are not negative."""
    for key, entry in entries.items():
        if entry.value is None:
            continue
        slack = entry.half + NOISE
        top = None if DEFINITIONS[key.statistic].form == "number" else 1
        if entry.value < -slack or (top is not None and entry.value > top + slack):
            yield key, "range", entry.value, "0 - 1" if top else ">= 0"


def _errors(entries: Entries) -> Iterator[Found]:
    """An interval holds its estimate; without an error it has no width; errors are not negative."""
    for key, entry in entries.items():
        slack = 2 * entry.half + NOISE
        low, high, se, value = entry.low, entry.high, entry.se, entry.value
        if se is not None and se < 0:
            yield key, "error_negative", se, ">= 0"
        if low is None or high is None or value is None:
            continue
        if low > high:
            yield key, "interval_turned", low, f"<= {high}"
        elif not low - slack <= value <= high + slack:
            yield key, "interval_without_estimate", value, f"{low} - {high}"
        # A rounded error of 0 may be half a unit; four of them are more than any interval's half width. A proportion of
        # 0 or 1 has no estimated error, but an interval from the number of cases.
        elif se == 0 and value not in _ends(key) and high - low > 8 * entry.half + slack:
            yield key, "interval_without_error", high - low, 0


def _ends(key: Key) -> tuple[int, ...]:
    return (0, 1) if DEFINITIONS[key.statistic].form == "percent" else (0,)


def _pairs(entries: Entries) -> Iterator[Found]:
    """M0 is H times A, so it is no larger than H; who is poor and deprived is poor, and deprived."""
    for key, entry in entries.items():
        if entry.value is None:
            continue
        if key.statistic == "M0":
            h, a = (_known(entries, key._replace(statistic=name)) for name in ("H", "A"))
            if h is not None and entry.value > _top(h) + entry.half + NOISE:
                yield key, "M0_above_H", entry.value, f"<= {h.value}"
            elif h is not None and a is not None:
                least, most = _bottom(h) * _bottom(a), _top(h) * _top(a)
                if not least - entry.half - NOISE <= entry.value <= most + entry.half + NOISE:
                    yield key, "H_times_A", entry.value, _middle(h) * _middle(a)
        if key.statistic == "censored_headcount":
            for name, above in (
                ("censored_above_H", key._replace(statistic="H", dimension=None, indicator=None)),
                ("censored_above_uncensored", key._replace(statistic="uncensored_headcount", k=None)),
            ):
                own = _known(entries, above)
                if own is not None and entry.value > _top(own) + entry.half + NOISE:
                    yield key, name, entry.value, f"<= {own.value}"


def _shares(entries: Entries) -> Iterator[Found]:
    """Contributions of all dimensions, or of all indicators, are 1 together; absolute ones M0."""
    sums: dict[Key, list[Entry]] = defaultdict(list)
    for key, entry in entries.items():
        if key.statistic in ("percentage_contribution", "absolute_contribution"):
            whole_of = ("*", None) if key.indicator is None else (None, "*")
            sums[key._replace(dimension=whole_of[0], indicator=whole_of[1])].append(entry)
    for key, parts in sums.items():
        values = [one.value for one in parts if one.value is not None]
        if len(values) < len(parts) or len(values) < 2:  # noqa: PLR2004  one part is no sum
            continue
        whole = Decimal(1)
        slack = sum((one.half for one in parts), NOISE)
        if key.statistic == "absolute_contribution":
            m0 = _known(entries, key._replace(statistic="M0", dimension=None, indicator=None))
            if m0 is None or m0.value is None:
                continue
            whole, slack = m0.value, slack + m0.half
        if abs(sum(values) - whole) > slack:
            yield key, "contributions", sum(values), whole


def _totals(entries: Entries) -> Iterator[Found]:
    """A mean lies between those of its parts, and is their weighted mean; a number is the sum of its parts."""
    parts: dict[tuple[Key, str], list[Entry]] = defaultdict(list)
    for key, entry in entries.items():
        for name, _ in key.domains:
            above = key._replace(domains=tuple(one for one in key.domains if one[0] != name))
            parts[above, name].append(entry)
    for (key, _), own in parts.items():
        total = _known(entries, key)
        if total is None or len(own) < 2 or any(one.value is None for one in own):  # noqa: PLR2004
            continue
        if key.statistic in SUMMED:
            yield from _summed(key, total, own)
        elif key.statistic in (*AVERAGED, "uncensored_headcount", "A"):
            yield from _averaged(key, total, own)


def _summed(key: Key, total: Entry, parts: Sequence[Entry]) -> Iterator[Found]:
    whole = sum((one.value for one in parts if one.value is not None), Decimal(0))
    value = _middle(total)
    if not _complete(total, parts):
        return
    slack = sum((one.half for one in parts), total.half) + NOISE * max(Decimal(1), abs(value))
    if abs(whole - value) > slack:
        yield key, "sum_of_parts", value, whole


def _averaged(key: Key, total: Entry, parts: Sequence[Entry]) -> Iterator[Found]:
    value = _middle(total)
    if not _complete(total, parts):
        return
    least, most = min(map(_bottom, parts)), max(map(_top, parts))
    if not least - total.half - NOISE <= value <= most + total.half + NOISE:
        yield key, "between_parts", value, f"{least} - {most}"
    elif key.statistic in ("H", "M0") and total.population and all(one.population is not None for one in parts):
        weighted = [_middle(one) * (one.population or Decimal(0)) for one in parts]
        mean = sum(weighted, Decimal(0)) / total.population
        if abs(mean - value) > max(one.half for one in parts) + total.half + NOISE:
            yield key, "weighted_mean", value, mean
    if key.statistic == "H" and total.n is not None and all(one.n is not None for one in parts):
        cases = sum((one.n for one in parts if one.n is not None), Decimal(0))
        if cases != total.n:
            yield key, "cases", total.n, cases


def _complete(total: Entry, parts: Sequence[Entry]) -> bool:
    """Whether the parts hold all units of the total, as far as that is known."""
    if total.population is None or any(one.population is None for one in parts):
        return True
    whole = sum((one.population for one in parts if one.population is not None), Decimal(0))
    return abs(whole - total.population) <= NOISE * abs(total.population)


def _known(entries: Mapping[Key, Entry], key: Key) -> Entry | None:
    found = entries.get(key)
    return None if found is None or found.value is None else found


def _middle(entry: Entry) -> Decimal:
    return entry.value if entry.value is not None else Decimal(0)


def _bottom(entry: Entry) -> Decimal:
    return _middle(entry) - entry.half


def _top(entry: Entry) -> Decimal:
    return _middle(entry) + entry.half
