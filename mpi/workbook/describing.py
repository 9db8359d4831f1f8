"""Sheets that describe: the quality of the figures, a dictionary, and what the publication is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product

from mpi.disclosure.figures import read
from mpi.errors.notices import said as said_notice
from mpi.language import catalogue, strung
from mpi.publication.model import Publication, Round
from mpi.specs.indicators import Indicator
from mpi.specs.reliability import Reliability
from mpi.specs.standing import shown_title
from mpi.vocabulary.result_columns import DOMAIN_TEXT, MEANINGS
from mpi.vocabulary.statistics import DEFINITIONS, OF_DATA
from mpi.vocabulary.wording import LEVELS, MARKS, UNITS, Language, level_text, statistic_title, title_in, told_in
from mpi.workbook.reading import LIMITS, SCALE, figure_cells, official, part_titles
from mpi.workbook.sheets import Cell, Row, Sheet, text
from mpi.workbook.words import INDICES, SHEETS, TITLES, WORDS, marks_note, say

MOST_CODES = 50  # codes that a note lists
# Abbreviations in the headings by the column of the tidy table that they are.
ABBREVIATED = {
    "se": "se",
    "ci_low": "low",
    "ci_high": "high",
    "cv": "cv",
    "df": "df",
    "n": "n",
    "deff": "deff",
    "p": "p",
}
BREAK = "MPI-N012"  # appears in the rows on comparability, by language


def quality(publication: Publication, language: Language) -> Sheet:
    """What the figures rest on, what is unknown, what is hidden and why, how codes fitted the maps."""
    rows: list[Row] = []
    for one in publication.rounds:
        rows += _sample(one, language)
    rows += [*_precision(publication, language), *_unknown(publication, language)]
    rows += [*_standings(publication, language), *_joins(publication, language)]
    for one in publication.rounds:
        rows += [
            _row("breaks", say("from_period", language), period, "", None, title_in(why, language, ""), language)
            for period, why in one.survey.breaks.items()
        ]
    notices = dict.fromkeys((*publication.notices, *(own for one in publication.rounds for own in one.notices)))
    rows += [
        _row("notices", notice.code, "", "", None, said_notice(notice, language)[0], language)
        for notice in notices
        if notice.code != BREAK
    ]
    columns = tuple(say(name, language) for name in ("topic", "item", "period", "unit", "value", "note"))
    notes = (
        say("at_cutoff", language, k=official(publication)),
        marks_note(publication.mark_meanings(language), language),
    )
    return Sheet(
        name=SHEETS["quality"][language], title=TITLES["quality"][language], notes=notes, columns=columns, rows=rows
    )


def _row(  # noqa: PLR0917  one argument for each column
    topic: str, item: str, period: str, unit: str, value: Cell | None, note: str, language: Language
) -> Row:
    return [
        text(say(topic, language)),
        text(item),
        text(period),
        text(unit),
        value,
        Cell("wrapped", note) if note else None,
    ]


def _sample(one: Round, language: Language) -> Iterator[Row]:
    numbers = {
        "persons_n": one.persons,
        "households_n": one.households,
        "population": round(one.population),
        "strata": one.strata,
        "psus": one.psus,
    }
    for name, number in numbers.items():
        value = text(MARKS["undefined"]) if number is None else Cell("count", number)
        yield _row("sample", say(name, language), one.period, "", value, "", language)
    errors = say("census", language) if one.census else one.errors_from[language]
    yield _row("sample", say("errors", language), one.period, "", None, errors, language)
    for stage, count in one.counts.items():
        known = WORDS.get(f"counted_{stage}")
        yield _row("reading", known[language] if known else stage, one.period, "", Cell("count", count), "", language)


def _precision(publication: Publication, language: Language) -> Iterator[Row]:
    rounds, units = publication.rounds, publication.study.units
    for one, unit, statistic in product(rounds, units, ("H", "M0")):
        figure = read(publication.figures).one(statistic, period=one.period, unit=unit, k=official(publication))
        title = statistic_title(statistic, unit, language)
        for name, value in (("freedom", figure.df), ("effect", figure.deff)):
            if value is not None:
                item = strung([title, say(name, language)], ": ", language)
                cell = Cell("count" if name == "freedom" else "plain", value)
                yield _row("precision", item, one.period, UNITS[unit][language], cell, "", language)


def _unknown(publication: Publication, language: Language) -> Iterator[Row]:
    titles, found = part_titles(publication.measure, language), read(publication.figures)
    parts = [part for part in found.parts if part[0] in OF_DATA]
    for one, unit, (statistic, dimension, indicator) in product(publication.rounds, publication.study.units, parts):
        figure = found.one(statistic, period=one.period, unit=unit, dimension=dimension, indicator=indicator)
        title = statistic_title(statistic, unit, language)
        item = f"{strung([title, titles.get(indicator or '', '')], ': ', language)} (%)"
        cell = figure_cells({statistic: figure}, statistic)[0]
        yield _row("excluded", item, one.period, UNITS[unit][language], cell, "", language)


def _standings(publication: Publication, language: Language) -> Iterator[Row]:
    table = publication.figures.table
    keys = ["period", "unit", "standing", "hidden_by"]
    counted = table.group_by(keys, use_threads=False).aggregate([([], "count_all")]).to_pylist()
    standings: Counter[tuple[str, str, str]] = Counter()
    rules: Counter[tuple[str, str, str]] = Counter()
    for row in counted:
        standings[row["period"], row["unit"], row["standing"]] += row["count_all"]
        if row["hidden_by"] is not None:
            rules[row["period"], row["unit"], row["hidden_by"]] += row["count_all"]
    for one in publication.rounds:
        for unit in UNITS:
            for standing, meaning in publication.mark_meanings(language).items():
                if count := standings[one.period, unit, standing]:
                    item = f"{meaning} {MARKS[standing]}".strip()
                    yield _row("standings", item, one.period, UNITS[unit][language], Cell("count", count), "", language)
            for period, own, rule in sorted(rules):
                if (period, own) == (one.period, unit):
                    cell = Cell("count", rules[period, own, rule])
                    yield _row("hidden", rule, period, UNITS[unit][language], cell, "", language)


def _joins(publication: Publication, language: Language) -> Iterator[Row]:
    for one in publication.maps:
        join, title = one.join, publication.domain_title(one.join.domain, language)
        differ = [strung([code, f"{ours} / {theirs}"], ": ", language) for code, ours, theirs in join.names_differ]
        for name, count, listed in (
            ("matched", join.matched, []),
            ("only_figures", len(join.only_figures), join.only_figures),
            ("only_boundaries", len(join.only_boundaries), join.only_boundaries),
            ("padded", join.padded, []),
            ("names_differ", len(differ), differ),
        ):
            note = strung([*listed[:MOST_CODES], *(["…"] if len(listed) > MOST_CODES else [])], "; ", language)
            note = note or (join.boundaries if name == "matched" else "")
            item = strung([title, say(name, language)], ": ", language)
            yield _row("join", item, publication.period, "", Cell("count", count), note, language)


def signs(publication: Publication, language: Language) -> Sheet:
    """Every mark and abbreviation of the sheets, with its meaning."""
    meanings = publication.mark_meanings(language)
    rows: list[Row] = [
        [Cell("mark", mark, standing), text(say("mark", language)), Cell("wrapped", meanings[standing])]
        for standing, mark in MARKS.items()
        if mark
    ]
    rows.append(
        [
            text(say("no_mark", language)),
            text(say("mark", language)),
            Cell("wrapped", meanings["shown" if publication.basis.judged else "unjudged"]),
        ]
    )
    rows.append(
        [text(say("empty_cell", language)), text(say("mark", language)), Cell("wrapped", say("empty", language))]
    )
    rows += [
        [text(sign), text(title[language]), Cell("wrapped", meaning[language])] for sign, title, meaning in INDICES
    ]
    level = level_text(publication.study.level, language)
    for name, sign in ABBREVIATED.items():
        shown = say(sign, language, level=level) if sign in LIMITS else say(sign, language)
        one = MEANINGS[name]
        rows.append([text(shown), text(one.title[language]), Cell("wrapped", one.text[language])])
    columns = tuple(say(name, language) for name in ("sign", "name", "meaning"))
    return Sheet(name=SHEETS["signs"][language], title=TITLES["signs"][language], columns=columns, rows=rows)


def dictionary(publication: Publication, language: Language) -> Sheet:
    """Every column, statistic, mark, cutoff, dimension and indicator."""
    columns = ("sort", "name", "title", "weight", "weight_percent", "text", "rule")
    rows = [
        *_columns(publication, language),
        *_statistics(language),
        *_marks(publication, language),
        *_parts(publication, language),
    ]
    return Sheet(
        name=SHEETS["dictionary"][language],
        title=TITLES["dictionary"][language],
        columns=tuple(say(name, language) for name in columns),
        rows=rows,
    )


def _entry(  # noqa: PLR0917  one argument for each column
    kind: str,
    name: str,
    title: str,
    meaning: str = "",
    rule: str = "",
    weight: Cell | None = None,
    percent: Cell | None = None,
) -> Row:
    return [
        text(kind),
        Cell("code", name),
        text(title),
        weight,
        percent,
        Cell("wrapped", meaning),
        Cell("wrapped", rule),
    ]


def _columns(publication: Publication, language: Language) -> Iterator[Row]:
    tables = [one for one in (publication.figures, publication.changes) if one is not None]
    domains = {name for one in tables for name in one.domains}
    for name in dict.fromkeys(name for one in tables for name in one.table.column_names):
        if name in domains:
            title, meaning = publication.domain_title(name, language), DOMAIN_TEXT[language]
        else:
            title, meaning = MEANINGS[name].title[language], MEANINGS[name].text[language]
        yield _entry(say("column", language), name, title, meaning)


def _statistics(language: Language) -> Iterator[Row]:
    for name, one in DEFINITIONS.items():
        yield _entry(say("statistic", language), name, one.title[language])


def _marks(publication: Publication, language: Language) -> Iterator[Row]:
    meanings = publication.mark_meanings(language)
    for standing, mark in MARKS.items():
        yield _entry(say("mark", language), mark or standing, meanings[standing])
    for rule in () if publication.study.reliability is None else publication.study.reliability.rules:
        title = title_in(rule.says, language, rule.name)
        level = LEVELS[rule.level][language]
        yield _entry(say("reliability", language), rule.name, title, level, rule.when.text)


def _parts(publication: Publication, language: Language) -> Iterator[Row]:
    for place, cutoff in enumerate(publication.study.cutoffs):
        condition = say("poor_if", language, sign=">" if cutoff.strict else "≥", k=str(cutoff.k))
        own = "official" if publication.study.official else "own_cutoff"
        title = say(own, language) if place == 0 else cutoff.name
        yield _entry(say("cutoff", language), cutoff.text, title, condition)
    measure = publication.measure
    for dimension in measure.dimensions:
        weight, percent = (
            Cell("code", str(dimension.weight)),
            Cell("percent", SCALE["percent"] * float(dimension.weight)),
        )
        title = title_in(dimension.title, language, dimension.name)
        note = title_in(dimension.note, language, "")
        yield _entry(say("dimension", language), dimension.name, title, note, "", weight, percent)
        for indicator in measure.indicators:
            if indicator.dimension == dimension.name:
                yield _indicator(indicator, language)


def _indicator(indicator: Indicator, language: Language) -> Row:
    words = told_in(indicator.words, language).rstrip(".")
    sentences = [words] if words else []
    sentences += [say("monitor", language)] if indicator.monitor else []
    sentences += [say("eligible", language, rule=indicator.eligible.text)] if indicator.eligible else []
    sentences += [say("nobody", language, verdict=say(indicator.nobody, language))] if indicator.nobody else []
    sentences += [note] if (note := title_in(indicator.note, language, "")) else []
    weight, percent = Cell("code", str(indicator.weight)), Cell("percent", SCALE["percent"] * float(indicator.weight))
    title = title_in(indicator.title, language, indicator.name)
    return _entry(
        say("indicator", language),
        indicator.name,
        title,
        ". ".join(sentences),
        indicator.deprived.text,
        weight,
        percent,
    )


def metadata(publication: Publication, language: Language, versions: Mapping[str, str]) -> Sheet:
    """What the publication is, who made it with what, under which licence."""
    study = publication.study
    source, measure = title_in(study.publisher, language, study.name), publication.measure
    cited = title_in(study.citation, language, "") or (
        f"{source} ({study.released.year}). {publication.title(language)}."
    )
    items = [
        (say("study", language), publication.title(language)),
        (say("publisher", language), source),
        (say("universe", language), title_in(study.universe, language, "")),
        (say("note", language), title_in(study.note, language, "")),
        (say("edition", language), study.edition),
        (say("status", language), say(study.status, language)),
        (say("released", language), study.released.isoformat()),
        (say("licence", language), study.licence),
        (say("citation", language), cited),
        (say("measure", language), title_in(shown_title(measure), language, measure.name)),
        (say("source", language), title_in(measure.source, language, "")),
        (say("cutoff", language), ", ".join(cutoff.text for cutoff in study.cutoffs)),
        (say("act", language), title_in(study.official, language, "")),
        (say("level", language), level_text(study.level, language) + catalogue(language).percent),
        (say("reliability", language), _titled(study.reliability, language)),
        (say("rules", language), disclosure_title(publication, language)),
    ]
    for one in publication.rounds:
        title = title_in(one.survey.title, language, one.survey.name)
        source = title_in(one.survey.source, language, "")
        items.append((say("survey", language, period=one.period), ". ".join(filter(None, (title, source)))))
    items += [(say("version", language, name=name), version) for name, version in versions.items()]
    rows: list[Row] = [[text(name), Cell("wrapped", value)] for name, value in items if value]
    columns = (say("item", language), say("value", language))
    return Sheet(name=SHEETS["metadata"][language], title=TITLES["metadata"][language], columns=columns, rows=rows)


def disclosure_title(publication: Publication, language: Language) -> str:
    """The title of the disclosure rules that were applied, whatever the study asked for."""
    applied, rules = publication.figures.disclosure, publication.study.disclosure
    return title_in(rules.title, language, applied) if applied == rules.name else applied


def _titled(rules: Reliability | None, language: Language) -> str:
    if rules is None:
        return ""
    source = title_in(rules.source, language, "")
    return ". ".join(filter(None, (title_in(rules.title, language, rules.name), source)))
