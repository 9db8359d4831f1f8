"""A disclosure rule set from its YAML file, with all its faults: shape, numbers, rules that undo each other."""

from __future__ import annotations

from pathlib import Path

from mpi.config.composing import load
from mpi.config.keys import rule_sets as keys
from mpi.config.kinds import refuse_other_kinds
from mpi.config.locate import locate
from mpi.config.nodes import Node, Section, within
from mpi.errors import Place
from mpi.errors.arguments import public
from mpi.language import phrase
from mpi.specs.disclosure import THRESHOLDS, Disclosure
from mpi.vocabulary.options import NUMERATORS, Numerators


@public
def load_disclosure(name: str | Path) -> Disclosure:
    """A disclosure rule set from a YAML file, or by the name of one that ships with the package.

    Parameters
    ----------
    name : str or Path
        Path of the file, or a name such as `standard`.

    Raises
    ------
    ConfigError
        With every fault of the file, each as file:line:column.
    """
    return read_disclosure(load(locate(name, "disclosure")))


def read_disclosure(root: Node) -> Disclosure:
    """The rule set that a file's root node describes; raises ConfigError with every fault."""
    refuse_other_kinds(root, "disclosure")
    top = root.section(phrase("the rule set"), keys.DISCLOSURE)
    name = top.read("disclosure", Node.identifier, "")
    title: dict[str, str] = top.read("title", Node.titles, {})
    source, note = top.read("source", Node.text, ""), top.read("note", Node.text, "")
    least = {key: top.read(key, within(keys.COUNT), 0) for key in THRESHOLDS}
    numerators = _numerators(top.get("numerators"))
    complementary = top.read("complementary", Node.yes, default=True)
    profile = top.get("profile")
    persons = households = None
    if profile is not None:
        part = profile.section(phrase("the rule set: profile"), keys.PROFILE)
        persons, households = (
            part.read("persons", within(keys.COUNT), 0),
            part.read("households", within(keys.COUNT), 0),
        )
    found = Disclosure(
        name=name,
        title=title,
        source=source,
        note=note,
        **least,
        numerators=numerators,
        complementary=complementary,
        profile_persons=persons,
        profile_households=households,
        place=Place(root.place.file),
        files=root.files,
    )
    if not root.faults:
        _check(top, found)
    root.faults.refuse()
    return found


def _numerators(node: Node | None) -> tuple[Numerators, ...]:
    """What `numerators` lists, in the order of NUMERATORS; who is poor, if it is left out."""
    if node is None:
        return ("poor",)
    items = node.items(phrase("the rule set: numerators"))
    if node.is_list and not items:
        node.wrong("MPI-C009", phrase("the rule set: `numerators` names nothing"), phrase("leave it out for [poor]"))
    named = [item.choice(phrase("the rule set: numerators"), NUMERATORS) for item in items]
    return tuple(one for one in NUMERATORS if one in named)


def _check(top: Section, found: Disclosure) -> None:
    """Report rules that undo each other."""
    if found.all_or_none < 2 * found.numerator:
        # With fewer than twice as many persons, one side is always small: only all or none could ever be shown.
        text = phrase(
            "all_or_none is {all_or_none}, less than twice the numerator of {numerator}: domains of "
            "a size in between would show a figure only where all or none have a property",
            all_or_none=found.all_or_none,
            numerator=found.numerator,
        )
        top.found["all_or_none"].wrong("MPI-C060", text, phrase("write {value} or more", value=2 * found.numerator))
    if found.households > found.persons:
        text = phrase(
            "{households} households are more than {persons} persons",
            households=found.households,
            persons=found.persons,
        )
        top.found["households"].wrong("MPI-C061", text, phrase("every household has a person"))
    if found.profile_persons is not None and found.profile_households is not None:
        persons, households = max(found.persons, found.numerator), found.households
        if found.profile_persons < persons or found.profile_households < households:
            text = phrase("a map with such combinations of deprivations would reveal what the tables hide")
            remedy = phrase(
                "write {{persons: {persons}, households: {households}}} or more, or leave `profile` out",
                persons=persons,
                households=households,
            )
            top.found["profile"].wrong("MPI-C062", text, remedy)
    if found.complementary and not found.hides:
        text = phrase("complementary hides more where rules hide something, and every rule is off")
        top.found["complementary"].wrong("MPI-C063", text, phrase("write `complementary: no`, or set a threshold"))
