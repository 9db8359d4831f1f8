"""The report as a page: well-formed, complete in both languages, nothing hidden in it, nothing asked of anybody."""

import html
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pyarrow.compute as pc
import pytest

import mpi
from mpi.analysis.score_distribution import bundles, hide_small, score_distribution
from mpi.claims import FEWEST_DF, say
from mpi.claims.numbers import between
from mpi.publication.model import Publication
from mpi.publication.pages import page_template
from mpi.publication.sourcing import source_lines
from mpi.report import Provenance, report_html
from mpi.report.issue import issue_of
from mpi.vocabulary.wording import LANGUAGES, THIN_SPACE, Language, figure, legible
from tests.support.loops import at_least_one
from tests.support.publications import HIDDEN_DEPARTMENTS, HOSTILE, census, colombia, hostile, profile, single_round
from tests.support.shared import file_once

MOST_BYTES = 1_500_000
VOID = {"meta", "link", "br", "hr", "img", "input"}
MADE: Mapping[str, Callable[[], Publication]] = {
    "colombia": colombia,
    "single_round": single_round,
    "census": census,
    "hostile": hostile,
}
PROVENANCE = Provenance(
    versions={"mpi-engine": "0.1.0"},
    inputs={"PERSONAS.parquet": "a" * 64},
    command="mpi publish study.yaml",
    workbook="anexo.xlsx",
    maps={"municipio": "mapa.html"},
)
# English words that a Spanish page would only have by mistake, and the other way round.
ENGLISH = ("the", "and", "of", "headcount", "poverty", "figure", "shown", "hidden", "weight", "persons", "from", "not",
           "unreliable", "cutoff", "deprived", "household", "years", "with")  # fmt: skip
SPANISH = ("el", "los", "las", "del", "con", "pobreza", "incidencia", "cifra", "privación", "tabla", "hogar",
           "personas", "peso", "no se", "según", "por")  # fmt: skip


@cache
def page(name: str, language: Language) -> str:
    """The report, made by one worker for all."""
    path = file_once(f"report_{name}_{language}.html", lambda to: to.write_bytes(made(name, language).encode()))
    return path.read_bytes().decode()


def made(name: str, language: Language) -> str:
    spread = {}
    publication = MADE[name]()
    if name in ("colombia", "hostile"):
        measure, found = publication.measure, profile("colombia_demo_2025")
        spread = {
            "scores": hide_small(score_distribution(found, measure), persons=10, households=3),
            "bundles": hide_small(bundles(found, measure, "1/3"), persons=10, households=3),
        }
    return report_html(publication, language, provenance=PROVENANCE, **spread)


class Tree(HTMLParser):
    """What a page is made of; a tag that is closed in the wrong place is kept as a fault."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, tuple[str, ...], str]] = []
        self.explained = False  # a word that a button explains goes on the text around it
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag, _ in self.open]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        self.tags.append((tag, known))
        self.explained = tag == "button"
        if len(known) != len(attributes):
            self.faults.append(f"<{tag}> has an attribute twice")
        if known.get("id"):
            self.ids.append(str(known["id"]))
        for name in ("aria-labelledby", "aria-describedby"):
            self.references += str(known.get(name) or "").split()
        for name in ("href", "xlink:href"):
            if str(known.get(name) or "").startswith("#"):
                self.references.append(str(known[name])[1:])
        for value in known.values():
            self.references += re.findall(r"url\(#([^)]+)\)", value or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append((tag, known))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1][0] if self.open else 'nothing'}")
            return
        self.explained = tag == "button"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        classes = " ".join(str(known.get("class") or "") for _, known in self.open).split()
        language = next((str(known["lang"]) for _, known in reversed(self.open) if known.get("lang")), "")
        around = (*classes, *(tag for tag, _ in self.open))
        if self.explained and self.words:
            data = self.words.pop()[0] + data
        self.words.append((data, around, language))

    def text(self, *, own: str = "") -> str:
        """All that is read; with `own` only what is written in that language, without quotations from files."""
        return " ".join(
            data
            for data, around, language in self.words
            if not {"style", "code"} & set(around) and (not own or ("verbatim" not in around and language == own))
        )


@cache
def tree(name: str, language: Language) -> Tree:
    return Tree(page(name, language))


every_page = pytest.mark.parametrize(("name", "language"), [(name, one) for name in MADE for one in LANGUAGES])


@every_page
def test_a_page_is_well_formed_and_its_links_lead_somewhere(name: str, language: Language) -> None:
    found = tree(name, language)
    assert found.faults == []
    assert len(found.ids) > 50
    assert sorted({one for one in found.ids if found.ids.count(one) > 1}) == []
    assert found.references
    assert sorted(set(found.references) - set(found.ids)) == []


@every_page
def test_headings_go_down_one_step_at_a_time_from_a_single_h1(name: str, language: Language) -> None:
    found = tree(name, language).headings
    assert found.count(1) == 1
    assert found[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(found))


@every_page
def test_a_page_holds_no_script_style_attribute_or_address(name: str, language: Language) -> None:
    for tag, attributes in tree(name, language).tags:
        assert tag not in ("script", "iframe", "object", "embed", "form", "base", "link"), tag
        assert "style" not in attributes, tag
        assert not [key for key in attributes if key.startswith("on")], tag
        for key in ("src", "href", "xlink:href"):
            assert not re.match(r"(?i)\s*(javascript|data|https?|//)", str(attributes.get(key) or "")), tag
    assert page(name, language).count("<style") == 1


@every_page
def test_tables_have_captions_and_scopes_and_figures_a_table(name: str, language: Language) -> None:
    found = tree(name, language)
    tables = sum(tag == "table" for tag, _ in found.tags)
    assert tables == sum(tag == "caption" for tag, _ in found.tags) > 5
    assert all("scope" in known for tag, known in found.tags if tag == "th")
    figures = [known["id"] for tag, known in found.tags if tag == "figure"]
    assert figures
    for one in figures:
        inside = page(name, language).split(f'<figure id="{one}"')[1].split("</figure>")[0]
        assert re.search(r'<span class="see">.*?href="#t-', inside), one
        assert re.search(r"<desc [^>]*>[^<]{20,}</desc>", inside), one


@every_page
def test_the_first_screen_says_how_many_are_poor_and_its_picture_is_not_drawn_again(
    name: str, language: Language
) -> None:
    text = page(name, language)
    first, rest = text.split('<nav aria-labelledby="contents">')
    edition = issue_of(MADE[name](), language)
    lead = re.search(r'<p class="lead"[^>]*>(.*?)</p>', first)
    assert lead is not None
    said = re.sub("<[^>]+>", "", lead[1])
    assert html.unescape(said) == legible(say(edition.lead(), language))
    assert MADE[name]().title(language) in html.unescape(first)
    pictures = re.findall(r'<figure id="([^"]+)"', first)
    assert len(pictures) == 1
    assert f'<figure id="{pictures[0]}"' not in rest


def test_the_map_of_the_fewest_areas_is_on_the_first_screen_and_the_others_below() -> None:
    fewest, more = sorted(colombia().maps, key=lambda drawn: len(drawn.areas))
    assert len(fewest.areas) < len(more.areas)
    first, rest = page("colombia", "en").split('<nav aria-labelledby="contents">')
    assert f'<figure id="f-map-{fewest.spec.domain}"' in first
    assert f'<figure id="f-map-{more.spec.domain}"' in rest


@every_page
def test_every_figure_and_every_table_of_figures_names_its_source(name: str, language: Language) -> None:
    text = page(name, language)
    source = f'<p class="source">{html.escape(source_lines(MADE[name](), language)[0], quote=False)}</p>'
    assert source.count("2026") == 1
    for part in at_least_one(re.findall(r"<figure .*?</figure>", text, re.S)):
        assert '<p class="source">' in part
    for id_ in ("t-key", "t-indicators"):
        assert '<p class="source">' in text.split(f'id="{id_}"')[1].split("</div>\n</div>", maxsplit=1)[0]
    assert '<p class="source">' not in text.split('id="t-weights"')[1]


def cells(text: str, table: str) -> list[list[str]]:
    """The texts of the cells of a table, row by row."""
    inside = text.split(f'id="{table}"')[1].split("</table>", maxsplit=1)[0]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", inside, re.S)
    found = [re.findall(r"<t[hd][^>]*>.*?</t[hd]>", row, re.S) for row in rows]
    return [[re.sub(r"<[^>]+>", "", one).strip() for one in row] for row in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headline_says_what_the_table_of_estimates_holds(language: Language) -> None:
    text = page("colombia", language)
    lead = re.sub(r"<[^>]+>", "", text.split('id="key"')[1].split('<div class="key">')[0])
    figures = colombia().figures
    for statistic, form in (("H", "percent"), ("A", "percent"), ("M0", "index"), ("poor", "number")):
        row = figures.row(statistic, period="2025", unit="persons", k="1/3")
        told = (figure(row["estimate"], form, language), between(row["ci_low"], row["ci_high"], statistic).to(language))
        for one in told:
            assert one in lead or statistic == "poor"
            assert one in " ".join(cell for cells_ in cells(text, "t-key") for cell in cells_)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_change_is_called_significant_as_the_table_of_changes_has_it(language: Language) -> None:
    text = Tree(page("colombia", language)).text()
    changes = colombia().changes
    assert changes is not None
    said = {
        "es": {
            "names": {"H": "La incidencia (H)", "A": "La intensidad (A)", "M0": "La incidencia ajustada (M0)"},
            True: r"(bajó|subió) [\d,]+( puntos porcentuales)? entre 2024 y 2025, de [^(]* \([^)]*\); el cambio es"
            " signif",
            False: r"no cambió de manera significativa entre 2024 y 2025 \([^)]*\)\.",
        },
        "en": {
            "names": {"H": "The headcount ratio (H)", "A": "Intensity (A)", "M0": "The adjusted headcount ratio (M0)"},
            True: r"(fell|rose) by [\d.]+( percentage points)? from 2024 to 2025, from [^(]* \([^)]*\); the change"
            " is signif",
            False: r"did not change significantly from 2024 to 2025 \([^)]*\)\.",
        },
        "fr": {
            "names": {"H": "L’incidence (H)", "A": "L’intensité (A)", "M0": "L’incidence ajustée (M0)"},  # noqa: RUF001
            True: r"a (baissé|augmenté) de [\d,]+( points? de pourcentage)? de 2024 à 2025, de [^(]* \([^)]*\)\s;"
            " l’évolution est signif",  # noqa: RUF001
            False: r"n’a pas évolué significativement de 2024 à 2025 \([^)]*\)\.",  # noqa: RUF001
        },
        "pt": {
            "names": {"H": "A incidência (H)", "A": "A intensidade (A)", "M0": "A incidência ajustada (M0)"},
            True: r"(caiu|subiu) [\d,]+( pontos? percentua(l|is))? entre 2024 e 2025, de [^(]* \([^)]*\); a variação é"
            " signif",
            False: r"não variou de forma significativa entre 2024 e 2025 \([^)]*\)\.",
        },
    }[language]
    verdicts = set()
    for statistic in ("H", "A", "M0"):
        row = changes.row(statistic, unit="persons", k="1/3", change="absolute")
        sure = row["ci_low"] > 0 or row["ci_high"] < 0
        found = re.search(f"{re.escape(said['names'][statistic])} {said[sure]}", text)
        assert found, statistic
        assert between(row["ci_low"], row["ci_high"], statistic).to(language) in found[0]
        verdicts.add(sure)
    assert verdicts == {True, False}


def test_nothing_of_a_hidden_row_is_in_the_page() -> None:
    # A department that is hidden takes its place in every table and chart, as a mark and without a number.
    for language in LANGUAGES:
        text = page("colombia", language)
        for row in cells(text, "t-departamento"):
            if row and row[0] in ("Chocó", "La Guajira"):
                assert set(row[2:]) == {"x"} and row[1].isdigit()
        assert {"Chocó", "La Guajira"} <= {row[0] for row in cells(text, "t-departamento") if row}


def test_the_estimates_behind_hidden_rows_are_nowhere() -> None:
    found = mpi.estimate(profile("colombia_demo_2025"), colombia().measure, by=["departamento"], k="1/3")
    for language in LANGUAGES:
        text = tree("colombia", language).text()
        assert between(*_interval(found.row("H", departamento="05")), "H").to(language) in text
        for code in HIDDEN_DEPARTMENTS:
            for statistic in ("H", "A", "M0", "poor"):
                row = found.row(statistic, departamento=code)
                assert between(*_interval(row), statistic).to(language) not in text
            assert figure(found.value("poor", departamento=code), "number", language) not in text
            assert not re.search(
                rf"(?<!\d){found.row('H', departamento=code)['n']}(?!\d)", text.replace(THIN_SPACE, "")
            )


def _interval(row: Mapping[str, Any]) -> tuple[float, float]:
    return row["ci_low"], row["ci_high"]


def test_a_hidden_total_is_said_to_be_hidden_and_none_of_its_numbers_is_left() -> None:
    publication = colombia()
    hidden = pc.equal(publication.figures.table["standing"].cast("string"), "hidden")
    assert pc.sum(hidden).as_py() > 1000
    for name in ("estimate", "se", "ci_low", "ci_high", "cv", "deff", "population", "n"):
        column = publication.figures.table[name].filter(hidden)
        assert column.null_count == len(column)
    table = publication.figures.table
    mine = pc.and_(pc.equal(table["period"], "2025"), pc.equal(table["unit"], "persons"))
    for name in publication.figures.domains:
        mine = pc.and_(mine, pc.is_null(table[name]))
    found = publication.figures.row("H", period="2025", unit="persons", k="1/3")
    numbers = [between(found["ci_low"], found["ci_high"], "H")]
    for name in ("estimate", "se", "ci_low", "ci_high", "cv", "n", "df", "deff"):
        place = table.column_names.index(name)
        table = table.set_column(place, name, pc.if_else(mine, None, table[name]))
    place = table.column_names.index("standing")
    standing = pc.if_else(mine, "hidden", table["standing"].cast("string")).dictionary_encode()
    figures = replace(publication.figures, table=table.set_column(place, "standing", standing).combine_chunks())
    text = Tree(report_html(replace(publication, figures=figures, changes=None), "en")).text()
    assert "the headcount ratio (H) is not published" in text
    assert "The adjusted headcount ratio (M0) is not published" in text
    own = publication.figures.row("poor", period="2025", unit="persons", k="1/3")
    numbers += [figure(own["estimate"], "number", "en"), figure(own["ci_low"], "number", "en")]
    assert not [one for one in numbers if one in text]


@pytest.mark.parametrize(("language", "others"), [("es", ENGLISH), ("en", SPANISH)])
def test_no_word_of_the_other_language_is_left(language: Language, others: tuple[str, ...]) -> None:
    for name in ("colombia", "single_round", "census"):
        text = tree(name, language).text(own=language).lower()
        for title in sorted(colombia().names["departamento"].values(), key=len, reverse=True):
            text = text.replace(title.lower(), "")
        found = [word for word in others if re.search(rf"(?<![\w-]){word}(?![\w-])", text)]
        shown = {word: re.search(rf".{{30}}(?<![\w-]){word}(?![\w-]).{{30}}", text, re.S) for word in found}
        assert not found, shown


def test_names_that_try_to_be_code_stay_names() -> None:
    for language in LANGUAGES:
        text, found = page("hostile", language), tree("hostile", language)
        assert "<script" not in text
        assert not [known for tag, known in found.tags if tag == "img"]
        read = found.text()
        for name in (HOSTILE[0], HOSTILE[1], HOSTILE[3]):
            assert name in read
        assert "49" not in {cell for row in cells(text, "t-departamento") for cell in row[:1]}


def test_without_jinja2_the_report_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    page_template.cache_clear()  # as in a process that has made no page yet
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(
        mpi.UsageError, match=r"MPI-O013.*jinja2(?s:.)*install them: .*'\.\[publish\]'.*\.whl\[publish\]'"
    ):
        report_html(single_round(), "es")


def test_two_runs_give_the_same_text() -> None:
    first = report_html(single_round(), "es", provenance=PROVENANCE)
    assert first == report_html(single_round(), "es", provenance=PROVENANCE)
    assert "/tmp" not in first  # noqa: S108  looked for, not written to


@every_page
def test_a_page_is_small(name: str, language: Language) -> None:
    assert 50_000 < len(page(name, language).encode()) < MOST_BYTES


def test_a_census_has_no_intervals_and_says_so() -> None:
    text = tree("census", "en").text()
    assert "95% CI:" not in text
    assert "This is a census" in text
    assert "figures have no sampling error" in text
    assert not [row for row in (cells(page("census", "en"), "t-key")) if "95% CI" in row]
    assert "In 2025, 9.9% of persons were multidimensionally poor (k = 1/3)" in text


def test_a_change_between_censuses_is_not_judged() -> None:
    publication = colombia()
    assert publication.changes is not None
    table = publication.changes.table
    for name in ("se", "ci_low", "ci_high", "t", "p", "p_adjusted"):
        place = table.column_names.index(name)
        table = table.set_column(place, name, pc.if_else(pc.is_valid(table[name]), None, table[name]))
    bare = replace(publication, changes=replace(publication.changes, table=table), maps=())
    text = Tree(report_html(bare, "en")).text()
    assert "fell by 1.5 percentage points from 2024 to 2025, from 11.5% to 9.9%" in text
    assert "there is no sampling error by which to judge" in text
    assert "; the change is significant" not in text


def test_a_single_round_has_no_section_of_changes_and_says_why() -> None:
    found = tree("single_round", "es")
    assert "changes" not in found.ids
    assert "maps" not in found.ids
    assert "Hay una sola ronda" in found.text()


def test_a_publication_without_domains_says_so() -> None:
    publication = single_round()
    bare = replace(publication, study=replace(publication.study, by=(), changes_by=()))
    assert "there are figures of the total only" in Tree(report_html(bare, "en")).text()


def test_breaks_of_the_series_are_told_where_changes_are() -> None:
    publication = colombia()
    last = publication.rounds[-1]
    survey = replace(last.survey, breaks={"2025": {"es": "cuestionario nuevo", "en": "new questionnaire"}})
    changed = replace(publication, rounds=(*publication.rounds[:-1], replace(last, survey=survey)), maps=())
    text = Tree(report_html(changed, "es")).text()
    assert "Hay rupturas de la serie" in text
    assert "2025: cuestionario nuevo" in text


def test_only_areas_of_sufficient_precision_are_ordered() -> None:
    text = page("colombia", "en")
    ends = cells(text, "t-municipio-ends")
    assert 2 < len(ends) <= 24  # two rows of heads, and the few that have 8 degrees of freedom
    assert not [row for row in ends if len(row) > 3 and row[3].endswith("†")]
    incidence = colombia().figures.only("H", period="2025", unit="persons", k="1/3")
    df = {row["municipio"]: row["df"] for row in incidence.rows() if row["municipio"]}
    lucky = [code for code, freedom in df.items() if freedom is not None and freedom < FEWEST_DF]
    names = {row[0] for row in ends}
    assert lucky
    assert not names & {colombia().name_of("municipio", code, "en") for code in lucky}
    counts = [int(row[1]) for row in cells(text, "t-municipio-classes") if len(row) == 2 and row[1].isdigit()]
    assert sum(counts[:-1]) == counts[-1] == 300


def test_every_rule_stands_in_the_page_as_written() -> None:
    text = tree("colombia", "es").words
    read = " ".join(data for data, around, _ in text if "code" in around)
    for indicator in at_least_one(colombia().measure.indicators):
        assert indicator.deprived.text in read
        assert f"{indicator.weight} (" in tree("colombia", "es").text()


def test_only_publications_are_taken() -> None:
    assert report_html.__annotations__["publication"] == "Publication"
    assert Publication.__module__ == "mpi.publication.model"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_indicator_is_told_in_words_beside_its_rule(language: Language) -> None:
    text = html.unescape(page("colombia", language))
    for one in at_least_one(MADE["colombia"]().measure.indicators):
        for known, words in one.words.items():
            assert (words in text) == (known == language), one.name
        assert one.deprived.text in text


def test_words_of_another_language_are_not_printed() -> None:
    found = colombia()
    english = [replace(one, words={"en": one.words["en"]}) for one in found.measure.indicators]
    text = report_html(
        replace(found, measure=replace(found.measure, indicators=tuple(english))), "es", provenance=PROVENANCE
    )
    assert "En palabras" not in text
    assert not [one.name for one in english if one.words["en"] in html.unescape(text)]
