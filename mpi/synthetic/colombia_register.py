"""Two editions of a synthetic register of households: persons move, households split and merge, programmes work.

Comes in: the zones of a synthetic census, a random generator. Goes out: PERSONAS, HOGARES and VIVIENDAS of both
editions in the shape of the ECV, with the number of each person (ID_PERSONA) and the programme of each household
(PROGRAMA). No real person or household is behind them, and no effect of a programme: those who are in one were made to
change more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.synthetic.colombia import INDICATORS, POOR_FROM_HUNDREDTHS, ColombiaSample
from mpi.synthetic.colombia_census import Zones, colombia_census
from mpi.synthetic.population import Codes, Flags

EDITIONS = (2024, 2025)
MUNICIPALITIES = (
    "05001", "05045", "05837", "08001", "13001", "13430", "15759", "17001", "18001", "19001", "20001", "23001", "23555",
    "25754", "27001", "41001", "44001", "44847", "47001", "50001", "52001", "52835", "54001", "63001", "66001", "68001",
    "70001", "73001", "76001", "76109",
)  # fmt: skip
HOUSEHOLDS_EACH = 80
FIRST_HOUSEHOLD, FIRST_PERSON = 18_500_000, 52_000_000
PROGRAMMES = ("none", "transfers", "housing", "family_support")
OF_POOR, OF_OTHERS = (0.3, 0.3, 0.12, 0.28), (0.78, 0.14, 0.04, 0.04)
RENEWED = {False: 0.22, True: 0.42}  # of the households, their conditions; by whether they are in a programme
TRIES = 3  # interviews of which a household in a programme has the best
ANSWERS = 0.5  # of the persons of a renewed household answer anew
MOVE, LEAVE, SPLIT, MERGE, BORN = 0.015, 0.01, 0.03, 0.012, 0.02
HEAD, OTHER_RELATIVE, ADULT = 1, 5, 18
LEFT_OUT = ("FEX_C", "PERIODO")  # a register has no weights


@dataclass(frozen=True, slots=True)
class Register:
    """One edition: PERSONAS, HOGARES, VIVIENDAS."""

    persons: pa.Table
    households: pa.Table
    dwellings: pa.Table


def colombia_register(
    zones: Zones, rng: np.random.Generator, households: int = HOUSEHOLDS_EACH
) -> tuple[Register, Register]:
    """Make both editions.

    Parameters
    ----------
    zones : Zones
        Of all municipalities; those of `MUNICIPALITIES` are in the register.
    rng : numpy.random.Generator
        Source of chance; its state decides every byte.
    households : int
        Of each municipality in the earlier edition, about.
    """
    inside = np.isin(zones.municipality, MUNICIPALITIES)
    own = Zones(**{one.name: getattr(zones, one.name)[inside] for one in fields(Zones)})
    base, donors = (colombia_census(own, households, stream) for stream in rng.spawn(2))
    whole = _Whole(base, donors, rng)
    return whole.earlier(), whole.later()


class _Whole:
    """Households and persons of both samples one after the other, and who is where."""

    def __init__(self, base: ColombiaSample, donors: ColombiaSample, rng: np.random.Generator) -> None:
        self.rng = rng
        self.households = pa.concat_tables([base.households, donors.households])
        self.dwellings = pa.concat_tables([base.dwellings, donors.dwellings])
        self.persons = pa.concat_tables([base.persons, donors.persons])
        self.number, self.people = base.households.num_rows, base.persons.num_rows
        self.flags = np.concatenate([base.flags, donors.flags])
        self.home = _homes(base), self.number + _homes(donors)
        self.municipality = np.array(self.households["MUNICIPIO"].to_pylist())
        self.age = _numbers(self.persons, "P6040")
        self.sex = _numbers(self.persons, "P6020")
        self.identity = FIRST_PERSON + rng.permutation(self.people)
        units = np.array([row[0] for row in INDICATORS.values()])
        poor = base.flags @ units >= POOR_FROM_HUNDREDTHS
        drawn = [rng.choice(len(PROGRAMMES), self.number, p=chances) for chances in (OF_OTHERS, OF_POOR)]
        self.programme = np.where(poor, drawn[1], drawn[0])

    def earlier(self) -> Register:
        """The first edition, as it was drawn."""
        people = np.arange(self.people)
        return self._edition(self.home[0], people, self.identity, np.arange(self.number), self.programme)

    def later(self) -> Register:
        """The next edition."""
        source, programme = self._renewed(), self.programme
        home, row, identity = self.home[0].copy(), np.arange(self.people), self.identity.copy()
        row = self._answered(home, row, source != np.arange(self.number))
        home = self._moved(home)
        home, source, programme = self._split(home, source, programme)
        home = self._merged(home)
        kept = (self.rng.random(self.people) >= LEAVE) & ~np.isin(home, self._some(self.number, 0.03))
        home, row, identity = home[kept], row[kept], identity[kept]
        home, row, identity, source, programme = self._added((home, row, identity), source, programme)
        return self._edition(home, row, identity, source, programme)

    def _some(self, number: int, share: float) -> Codes:
        return np.flatnonzero(self.rng.random(number) < share)

    def _donors(self, households: Codes, tries: int = 1) -> Codes:
        """For each household one of the other sample in its municipality: of several the least deprived."""
        places = np.arange(self.number, len(self.municipality))
        found = np.empty((tries, len(households)), np.int64)
        own = self.municipality[households]
        for code in np.unique(own):
            there = places[self.municipality[places] == code]
            mine = np.flatnonzero(own == code)
            found[:, mine] = self.rng.choice(there, (tries, len(mine)))
        deprived = self.flags.sum(axis=1)[found]
        best: Codes = found[np.argmin(deprived, axis=0), np.arange(len(households))]
        return best

    def _renewed(self) -> Codes:
        """Whose conditions each household has: its own, or those of another."""
        source = np.arange(self.number)
        for inside in (False, True):
            mine = np.flatnonzero((self.programme > 0) == inside)
            mine = mine[self.rng.random(len(mine)) < RENEWED[inside]]
            source[mine] = self._donors(mine, TRIES if inside else 1)
        return source

    def _answered(self, home: Codes, row: Codes, renewed: Flags) -> Codes:
        """Whose answers each person has: some of a renewed household those of another of the same sex and age."""
        some = np.flatnonzero(renewed[home] & (self.rng.random(len(home)) < ANSWERS))
        band = np.digitize(self.age, (6, 18, 25, 60)) * 2 + (self.sex == 1)
        others = np.arange(self.people, len(self.age))
        for kind in np.unique(band[some]):
            mine = some[band[some] == kind]
            row[mine] = self.rng.choice(others[band[others] == kind], len(mine))
        return row

    def _neighbours(self, households: Codes) -> Codes:
        """A household of the same municipality for each."""
        own, found = self.municipality[: self.number], np.empty(len(households), np.int64)
        for code in np.unique(own[households]):
            mine = np.flatnonzero(own[households] == code)
            found[mine] = self.rng.choice(np.flatnonzero(own == code), len(mine))
        return found

    def _moved(self, home: Codes) -> Codes:
        some = self._some(len(home), MOVE)
        home[some] = self._neighbours(home[some])
        return home

    def _split(self, home: Codes, source: Codes, programme: Codes) -> tuple[Codes, Codes, Codes]:
        """From some households an adult leaves, and founds another with the conditions of a donor."""
        adult = (self.age[: self.people] >= ADULT) & (_numbers(self.persons, "P6051")[: self.people] != HEAD)
        for household in self._some(self.number, SPLIT).tolist():
            leaving = np.flatnonzero((home == household) & adult)[:1]
            if len(leaving) and np.count_nonzero(home == household) > 1:
                home[leaving] = len(source)
                source = np.append(source, self._donors(np.array([household])))
                programme = np.append(programme, 0)
        return home, source, programme

    def _merged(self, home: Codes) -> Codes:
        for household in self._some(self.number, MERGE).tolist():
            home[home == household] = self._neighbours(np.array([household]))
        return home

    def _added(
        self, people: tuple[Codes, Codes, Codes], source: Codes, programme: Codes
    ) -> tuple[Codes, Codes, Codes, Codes, Codes]:
        """New households of the other sample, and children that were born."""
        home, row, identity = people
        for household in (self.number + self._some(len(self.municipality) - self.number, 0.03)).tolist():
            members = self.people + np.flatnonzero(self.home[1] == household)
            home, row = np.append(home, np.full(len(members), len(source))), np.append(row, members)
            source = np.append(source, household)
            programme = np.append(programme, self.rng.choice(len(PROGRAMMES), p=OF_OTHERS))
        present = np.unique(home[home < self.number])
        parents = present[self.rng.random(len(present)) < BORN]
        infants = np.flatnonzero(self.age <= 1)
        home = np.append(home, parents)
        row = np.append(row, self.rng.choice(infants, len(parents)))
        fresh = FIRST_PERSON + self.people + np.arange(len(home) - len(identity))
        return home, row, np.append(identity, fresh), source, programme

    def _edition(self, home: Codes, row: Codes, identity: Codes, source: Codes, programme: Codes) -> Register:
        """The tables of one edition."""
        order = np.lexsort((identity, _relation(self.persons, row), home))
        home, row, identity = home[order], row[order], identity[order]
        there, which, size = np.unique(home, return_inverse=True, return_counts=True)
        place = np.arange(len(home)) - np.searchsorted(home, home) + 1
        relation = np.where(place == 1, HEAD, _numbers(self.persons, "P6051")[row])
        relation = np.where((place > 1) & (relation == HEAD), OTHER_RELATIVE, relation)
        directory = FIRST_HOUSEHOLD + there
        own: Mapping[str, Codes] = {"DIRECTORIO": directory[which], "ORDEN": place, "SECUENCIA_ENCUESTA": place}
        persons = _with(self.persons.take(row), {**own, "P6051": relation, "SECUENCIA_P": np.ones_like(place)})
        persons = persons.append_column("ID_PERSONA", pa.array(identity.astype(np.int32)))
        one = np.ones_like(directory)
        households = _with(
            self.households.take(source[there]), {"DIRECTORIO": directory, "SECUENCIA_P": one, "PERSONAS": size}
        ).drop_columns(list(LEFT_OUT))
        words = np.array(PROGRAMMES)[programme[there]]
        households = households.append_column("PROGRAMA", pa.array(words.tolist()))
        dwellings = _with(self.dwellings.take(source[there]), {"DIRECTORIO": directory})
        return Register(persons, households, dwellings)


def _homes(sample: ColombiaSample) -> Codes:
    """The household of each person, by its place."""
    return np.searchsorted(_numbers(sample.households, "DIRECTORIO"), _numbers(sample.persons, "DIRECTORIO"))


def _relation(persons: pa.Table, row: Codes) -> Codes:
    """Heads first, then the others."""
    found: Codes = (_numbers(persons, "P6051")[row] != HEAD).astype(np.int64)
    return found


def _numbers(table: pa.Table, name: str) -> NDArray[np.int64]:
    """A column of codes; -1 where there is none."""
    column = table[name].combine_chunks().fill_null(-1)
    found: NDArray[np.int64] = column.to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _with(table: pa.Table, columns: Mapping[str, Codes]) -> pa.Table:
    """A table with other values in some columns, of the same types."""
    for name, values in columns.items():
        at = table.column_names.index(name)
        table = table.set_column(at, name, pa.array(values, type=table.schema.field(name).type))
    return table
