"""What a study says for the exchange of statistics: its agency in SDMX, its domains in the global SDG database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mpi.config.keys.studies import SDG, SDG_CODES, SDG_DOMAINS
from mpi.config.nodes import Node
from mpi.language import phrase
from mpi.specs.study import Sdg, SdgDomain
from mpi.vocabulary.options import SDG_DIMENSIONS

EXAMPLES: Mapping[str, str] = {"SEX": "F, M", "AGE": "Y0T17, Y18T64, Y_GE65", "URBANISATION": "U, R"}


def read_agency(node: Node, what: str) -> str | None:
    """The name of an agency of SDMX."""
    text = node.text(what)
    if text is None or re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", text):
        return text
    fault = phrase("{what}: {name!r} is no agency of SDMX", what=what, name=text[:40])
    node.wrong("MPI-C190", fault, phrase("write letters, digits, - and _, as DANE"))
    return None


def read_sdg(node: Node | None, by: Sequence[tuple[str, ...]]) -> Sdg | None:
    """The country and the domains of a study in the global database, those that are good; `by` are its tables."""
    if node is None:
        return None
    what = phrase("sdg")
    section = node.section(what, SDG)
    found: dict[str, SdgDomain] = {}
    for name in SDG_DIMENSIONS:
        part = section.get(name.lower())
        mapped = None if part is None else _domain(part, name)
        if part is None or mapped is None:
            continue
        if not any(mapped.domain in names for names in by):
            text = phrase("sdg: {domain!r} is in no table of `by`", domain=mapped.domain)
            part.wrong("MPI-C190", text, phrase("add {domain} to `by`", domain=mapped.domain))
        found[name] = mapped
    return Sdg(area=section.read("area", _area, ""), dimensions=found)


def _area(node: Node, what: str) -> str | None:
    text = node.text(what)
    if text is None or re.fullmatch(r"\d{3}", text):
        return text
    fault = phrase("{what}: {name!r} is no area of M49", what=what, name=text[:40])
    node.wrong("MPI-C190", fault, phrase("write its three digits, as 170 for Colombia"))
    return None


def _domain(node: Node, dimension: str) -> SdgDomain | None:
    what = phrase("sdg: {dimension}", dimension=dimension.lower())
    section = node.section(what, SDG_DOMAINS[dimension.lower()])
    domain, codes = section.read("domain", Node.text, ""), section.get("codes")
    found: dict[str, str] = {}
    for code, _, value in () if codes is None else codes.pairs(phrase("{what}: codes", what=what)):
        own = value.text(phrase("{what}: codes", what=what))
        if own is not None and not re.fullmatch(SDG_CODES[dimension.lower()], own):
            fault = phrase("{what}: {name!r} is no code of {dimension}", what=what, name=own[:40], dimension=dimension)
            value.wrong("MPI-C190", fault, phrase("write one such as {names}", names=EXAMPLES[dimension]))
        elif own in found.values():
            fault = phrase("{what}: two codes are {name}", what=what, name=own)
            value.wrong("MPI-C190", fault, phrase("give each another, or remove one: figures of two are not added up"))
        elif own is not None:
            found[code] = own
    if codes is not None and codes.content == []:
        text = phrase("{what}: the key {name!r} is empty", what=what, name="codes")
        codes.wrong("MPI-C009", text, phrase("give it a value"))
    return SdgDomain(domain, found) if domain and found else None
