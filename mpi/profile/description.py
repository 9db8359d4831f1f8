"""What a profile says of itself beside its cells: as its file keeps it, and whether two profiles say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, NamedTuple

from mpi.errors import DataError, Fault, Notice, counted
from mpi.language import joined, kept, noun, phrase, restored, template
from mpi.profile.cells import Tabulation
from mpi.profile.marks import Mark
from mpi.profile.norm import differing
from mpi.profile.sample import Declared
from mpi.specs.lines import FoundLine

ALWAYS = ("measure", "survey", "period", "indicators", "identification", "fingerprint", "counts", "notices")
SOMETIMES = ("rules", "time", "breaks", "reliability", "marks", "amounts", "lines")


class Described(NamedTuple):
    """What `header_of` gives of a profile, with its arrays."""

    header: Mapping[str, Any]
    held: Tabulation


# What two profiles have to say alike, beside their measure.
SAID: Mapping[str, Callable[[Described], object]] = {
    "survey": lambda own: f"{own.header['survey']} {own.header['period']}".strip(),
    "domains": lambda own: _domains(own.held),
    "design": lambda own: own.held.sample.described,
    "time": lambda own: own.header.get("time"),
    "breaks": lambda own: own.header.get("breaks", {}),
    "amounts": lambda own: ", ".join(own.header.get("amounts", ())),
    "reliability": lambda own: own.header.get("reliability"),
    "marks": lambda own: [mark["name"] for mark in own.header.get("marks", ())],
    "lines": lambda own: _lines(own.header.get("lines", [])),
}


KEYS: Mapping[str, str] = {
    "measure": template("measure"), "survey": template("survey"), "domains": template("domains"),
    "design": template("design"), "amounts": template("gaps"), "time": template("time"), "breaks": template("breaks"),
    "reliability": template("reliability"), "lines": template("relative income lines"),
    "marks": template("programmes and children"),
}  # fmt: skip


def header_of(profile: object) -> dict[str, Any]:
    """What the file of a profile keeps beside its cells; places of notices, which are paths, are left out."""
    always = {name: _plain(getattr(profile, name)) for name in ALWAYS}
    rest = {name: _plain(getattr(profile, name)) for name in SOMETIMES}
    return always | {name: value for name, value in rest.items() if value not in (None, {}, [])}


def _plain(value: object) -> object:
    """The value as JSON holds it."""
    if isinstance(value, Notice):
        return [value.code, kept(value.text)]
    if isinstance(value, Mark | FoundLine):
        return asdict(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def fields_of(header: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a profile that `header_of` kept."""
    found = {name: header[name] for name in (*ALWAYS, *SOMETIMES) if name in header}
    notices = tuple(Notice(code, restored(text)) for code, text in header["notices"])
    if "marks" in found:
        found["marks"] = tuple(Mark(**one) for one in header["marks"])
    names = {name: tuple(header.get(name, ())) for name in ("indicators", "amounts")}
    lines = tuple(FoundLine(**_tuples(one)) for one in header.get("lines", ()))
    return {**found, **names, "notices": notices, "lines": lines}


def _tuples(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(one) if isinstance(one, list) else one for name, one in line.items()}


def check_alike(one: Described, other: Described) -> None:
    """Refuse two profiles that do not add, with all in which they differ.

    Raises
    ------
    DataError
        If they are of other rules, surveys, domains or designs.
    """
    pairs: dict[str, tuple[object, object]] = {
        "measure": (_rules(one.header, other.header), _rules(other.header, one.header))
    }
    pairs |= {what: (said(one), said(other)) for what, said in SAID.items()}
    differences: list[str] = [
        phrase("{what} ({first} / {second})", what=phrase(KEYS[what]), first=first, second=second)
        for what, (first, second) in pairs.items()
        if first != second
    ]
    first, second = one.held.sample.declared, other.held.sample.declared
    if first != second and one.held.sample.described == other.held.sample.described:
        parts = [part.name for part in fields(Declared) if getattr(first, part.name) != getattr(second, part.name)]
        differences.append(phrase("{what} ({names})", what=phrase(KEYS["design"]), names=", ".join(parts)))
    rules, others = (own.header.get("rules", {}) for own in (one, other))
    if rules and others:
        differences += differing(rules, others, _groups(one, other))
        same_order = one.header["indicators"] == other.header["indicators"]
        differences += [] if same_order else [phrase("the order of the indicators")]
    if differences:
        text = phrase("profiles cannot be added: they differ in {names}", names=joined(differences, ", "))
        raise DataError(
            Fault("MPI-D050", None, text, phrase("to compare two rounds, estimate each and compare the estimates"))
        )


def _lines(lines: Sequence[Mapping[str, Any]]) -> str:
    """The lines with what they are, and whose incomes they rest on."""
    return "; ".join(f"{one['name']} {_all(one['value'])} of {_all(one['population'])}" for one in lines)


def _all(values: Sequence[float | None]) -> str:
    return ", ".join("-" if value is None else f"{value:.12g}" for value in values)


def _rules(header: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """What kind of measure it was; its rules by their hash only where they cannot be told one by one."""
    said = phrase(
        "{measure}, {indicators} of {units}",
        measure=header["measure"],
        indicators=counted(len(header["indicators"]), "indicator"),
        units=noun(header["identification"], 2),
    )
    if header.get("rules") and other.get("rules"):
        return said
    return phrase("{measure}, rules {fingerprint}", measure=said, fingerprint=header["fingerprint"])


def _groups(*profiles: Described) -> list[str]:
    """The names of the domains and programmes of profiles."""
    marks = [mark["name"].partition(" ")[2] for own in profiles for mark in own.header.get("marks", ())]
    return [*(domain.name for own in profiles for domain in own.held.domains), *marks]


def _domains(held: Tabulation) -> str:
    """The domains, each with what it groups."""
    said = [phrase("{name} of {units}", name=domain.name, units=noun(domain.level, 2)) for domain in held.domains]
    return joined(said, ", ") if said else phrase("none")
