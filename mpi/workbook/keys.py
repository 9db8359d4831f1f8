"""The first columns of sheets whose rows are groups of some domains: areas above, codes and names."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.disclosure.figures import Codes, read
from mpi.language import strung
from mpi.publication.model import Publication
from mpi.vocabulary.wording import Language
from mpi.workbook.reading import CROSS
from mpi.workbook.sheets import Cell, text
from mpi.workbook.words import say


class Keys:
    """The columns that say which group a row is about; the total has its word in each.

    Attributes
    ----------
    title : str
        Of the domains.
    titles : tuple of str
        Headings of the columns.
    """

    def __init__(self, publication: Publication, names: Sequence[str], language: Language) -> None:
        self.publication, self.names, self.language = publication, names, language
        self.named = [name for name in names if _has_names(publication, name, language)]
        self.above = {name: upper for name in names if (upper := _upper(publication, name, language))}
        titles = [publication.domain_title(name, language) for name in names]
        self.title = CROSS.join(titles)
        columns: list[str] = []
        for name, title in zip(names, titles, strict=True):
            columns += [self.above[name][0]] if name in self.above else []
            columns += (
                [strung([say("code", language), title], ": ", language), title] if name in self.named else [title]
            )
        self.titles = tuple(columns)

    def cells(self, codes: Codes) -> list[Cell | None]:
        """The cells of a group; no codes are the total."""
        if not codes:
            total = say("total", self.language)
            coded = [kind for name in self.names for kind in self._kinds(name)]
            return [Cell("code", total) if kind == "code" else text(total) for kind in coded]
        cells: list[Cell | None] = []
        for name, code in zip(self.names, codes, strict=True):
            cells += [text(self.above[name][1].get(code, ""))] if name in self.above else []
            cells.append(Cell("code", code))
            cells += [text(self.publication.name_of(name, code, self.language))] if name in self.named else []
        return cells

    def _kinds(self, name: str) -> list[str]:
        return [*["above"] * (name in self.above), "code", *["name"] * (name in self.named)]


def _has_names(publication: Publication, domain: str, language: Language) -> bool:
    return any(publication.name_of(domain, code, language) != code for code in read(publication.figures).codes(domain))


def _upper(publication: Publication, domain: str, language: Language) -> tuple[str, dict[str, str]] | None:
    """Title of the areas above those of a domain, and the name of the one that contains each code, if a map has it."""
    for one in publication.maps:
        upper, areas = one.spec.upper, one.areas
        if areas.domain == domain and upper is not None and areas.upper_names:
            title = publication.domain_title(upper.domain or upper.name or upper.code.what, language)
            names = [
                publication.name_of(upper.domain, code, language) if upper.domain else name
                for code, name in zip(areas.upper_codes, areas.upper_names, strict=True)
            ]
            pairs = zip(areas.codes, areas.upper.tolist(), strict=True)
            return title, {code: names[place] for code, place in pairs if place >= 0}
    return None
