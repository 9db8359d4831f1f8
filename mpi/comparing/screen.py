"""What a comparison found, in lines for a screen."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.comparing.comparing import Comparison
from mpi.language import Phrase, joined, number_phrase, phrase, template

MOST = 20  # rows that are shown; a file has all
STATUS_WORDS: Mapping[str, str] = {
    "equal": template("equal at the published rounding: {count:,}"),
    "off": template("different: {count:,}"),
    "only_published": template("published, without a figure in the results: {count:,}"),
    "only_results": template("in the results, not published: {count:,}"),
}
INTERVAL_WORDS: Mapping[str, str] = {
    "inside": template("inside the confidence interval: {count:,}"),
    "outside": template("outside the confidence interval: {count:,}"),
    "no_interval": template("without an interval: {count:,}"),
}
CHECK_WORDS: Mapping[str, str] = {
    "range": template("a proportion is not between 0 and 1, or a number is negative"),
    "error_negative": template("a standard error is negative"),
    "interval_turned": template("the lower limit is above the upper limit"),
    "interval_without_estimate": template("the interval does not contain the estimate"),
    "interval_without_error": template("the standard error is 0, but the interval has a width"),
    "M0_above_H": template("M0 is above H"),
    "H_times_A": template("M0 is not H times A"),
    "censored_above_H": template("a censored headcount ratio is above H"),
    "censored_above_uncensored": template("a censored headcount ratio is above the uncensored one"),
    "contributions": template("the contributions do not add up"),
    "sum_of_parts": template("a total is not the sum of its parts"),
    "between_parts": template("a total is not between the lowest and the highest of its parts"),
    "weighted_mean": template("a total is not the weighted mean of its parts"),
    "cases": template("the cases of the parts do not add up"),
}


def as_phrase(found: Comparison) -> Phrase:
    """The counts, then the rows that want a look."""
    return joined([*(_two(found) if found.published else _one(found))], "\n")


def _two(found: Comparison) -> list[Phrase]:
    lines = [phrase("{results} beside {published}", results=found.results, published=found.published)]
    for words in (STATUS_WORDS, INTERVAL_WORDS):
        lines += [joined(["  ", phrase(text, count=found.counts[name])]) for name, text in words.items()]
    rows = [row for row in found.table.to_pylist() if row["status"] in ("off", "only_published")]
    for row in rows[:MOST]:
        what = _about(row)
        if row["status"] == "off":
            line = phrase(
                "{figure}: published {published}, result {result}, difference {difference}",
                figure=what,
                published=row["published"],
                result=row["result"],
                difference=row["difference"],
            )
        else:
            line = phrase("{figure}: published {published}, no result", figure=what, published=row["published"])
        lines.append(line)
    return lines + _rest(len(rows))


def _one(found: Comparison) -> list[Phrase]:
    figures, rows = found.counts["figures"], found.table.to_pylist()
    lines = [
        phrase(
            "{results}: {figures:,} figures; contradictions: {count:,}",
            results=found.results,
            figures=figures,
            count=len(rows),
        )
    ]
    lines += [
        joined(["  ", phrase("{check}: {count:,}", check=phrase(text), count=found.counts[name])])
        for name, text in CHECK_WORDS.items()
        if name in found.counts
    ]
    for row in rows[:MOST]:
        lines.append(
            phrase(
                "{figure}: {check}: {value}, expected {expected}",
                figure=_about(row),
                check=phrase(CHECK_WORDS[row["check"]]),
                value=row["value"],
                expected=row["expected"],
            )
        )
    return lines + _rest(len(rows))


def _about(row: Mapping[str, object]) -> str:
    """What a row is about: its words, then its domains."""
    last = ("status", "check", "published", "result", "difference", "interval", "estimate", "value", "expected")
    words = ("statistic", "indicator", "dimension", "period", "unit", "k")
    named = [f"{name}={row[name]}" for name in row if name not in (*last, *words) and row[name] is not None]
    return ", ".join([*(str(row[name]) for name in words if row[name] is not None), *named])


def _rest(count: int) -> list[Phrase]:
    more = count - MOST
    if more <= 0:
        return []
    return [number_phrase(more, "{number:,} more row; -o writes all", "{number:,} more rows; -o writes all")]
