"""A measure in few words: weights of indicators that are columns already, or have rules; expanded to what a file says.

Comes in: a dict of weights, flat or by dimension, or a list of indicators. Goes out: the measure that the reader of
files makes of it, so that keys, exact weights and faults are those of a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

from mpi.columns import arrow
from mpi.config.given import Readable
from mpi.config.keys.measures import INDICATOR
from mpi.config.measures import load_measure, read_measure
from mpi.config.nodes import Node, Pairs
from mpi.config.plain import mapping, plain_node, scalar
from mpi.errors import Fault, Faults, Place, UsageError, listed, nearest
from mpi.errors.arguments import JUDGED, public
from mpi.language import phrase
from mpi.specs.measure import Measure
from mpi.vocabulary.options import LEVELS, Comparison, Level, Missing

ALL = "all"  # the one dimension of indicators that are in none
ROOT = "measure"
INDICATORS, DIMENSION = "indicator", "dimension"  # columns of a frame of indicators
RATIO = re.compile(r"[1-9]\d*")
FULL = ("measure", "dimensions")  # keys of a definition that says everything
Definition: TypeAlias = Annotated[Mapping[str, object] | Sequence[str] | str | Readable, JUDGED]


@public
def measure(
    definition: Definition,
    *,
    k: Annotated[object, JUDGED] = None,
    rules: Annotated[Mapping[str, str] | None, JUDGED] = None,
    variables: Annotated[Mapping[str, object] | None, JUDGED] = None,
    name: str = ROOT,
    title: str | Mapping[str, str] = "",
    identification: Level = "household",
    missing: Missing = "exclude",
    comparison: Comparison = ">=",
    normalize: bool | None = None,
) -> Measure:
    """A measure from the weights of its indicators.

    Parameters
    ----------
    definition : mapping, sequence of str, frame, str or open file
        The weight of each indicator, `{"health": "1/2", "school": "1/2"}`; those of each dimension,
        `{"health": {"nutrition": "1/4", "mortality": "1/4"}, "school": ["attendance"]}`; or names alone, which have
        equal weights. In place of a weight, a mapping with the keys of an indicator in a file (`weight`, `deprived`,
        `eligible`, `nobody`, `missing`, `title`, ...). A frame has a row an indicator, with the columns `indicator`,
        `dimension` (if there are any) and those keys. Or all that a file says, as a dict or a text, and nothing else.
    k : str, int, Fraction or mapping
        The poverty cutoff, as in a file: `"1/3"`, or several with names, of which the first is official.
    rules : mapping of str to str, optional
        Who is deprived, in the rule language, by indicator. An indicator without a rule is a variable of its own
        name that is true for the deprived.
    variables : mapping of str to mapping, optional
        Types of the variables of the rules, as in a file: `{"person": {"age": "number"}}`.
    name, title : str
        The title may be a mapping by language; it is the name if left out.
    identification : {"household", "person"}
        Who is poor together: the members of a household, or each person.
    missing : {"exclude", "reweight", ...}
        What happens to a unit with an unknown indicator, as in a file.
    comparison : {">=", ">"}
        Whether a unit whose score equals k is poor.
    normalize : bool, optional
        Divide weights by their sum. Left out: if all of them are whole numbers, which can only be ratios.

    Returns
    -------
    Measure
        Weights are exact: texts such as `"1/3"` or `"0.25"`, whole numbers, `Fraction` and `Decimal`, never floats.

    Raises
    ------
    ConfigError
        With every fault, each with its place: `measure["health"]["nutrition"]`.
    UsageError
        If a definition that says everything comes with other arguments.

    Examples
    --------
    >>> measure({"health": 1, "school": 1, "water": 2}, k="1/2")
    Measure('measure': 3 indicators in 1 dimension, k = 1/2; identified by household)
    >>> measure({"health": ["nutrition", "mortality"], "school": {"years": "1/2"}}, k="1/3").indicators[0].weight
    Fraction(1, 4)
    """
    options = {"k": k, "rules": rules, "variables": variables, "title": title or None, "normalize": normalize}
    usual = {"name": ROOT, "identification": "household", "missing": "exclude", "comparison": ">="}
    texts = {"name": name, "identification": identification, "missing": missing, "comparison": comparison}
    if hasattr(definition, "__arrow_c_stream__"):
        definition = _rows_of(definition)
    if not _is_short(definition):
        given = [key for key, value in options.items() if value is not None]
        given += [key for key, value in texts.items() if value != usual[key]]
        if given:
            text = phrase("the definition says everything, and {names} as well", names=listed(given))
            raise UsageError(Fault("MPI-U110", None, text, phrase("say it in one place: leave the arguments out")))
        return load_measure(definition)  # type: ignore[arg-type]  # it says what it does not take
    short = _Short(identification if identification in LEVELS else "household")
    root = short.expanded(definition, options, texts)
    short.faults.refuse()
    return read_measure(root)


def _rows_of(frame: object) -> dict[str, object]:
    """The indicators of a frame as a dict; cells without a value say nothing.

    Raises
    ------
    UsageError
        If the frame does not name the indicators, or one of them twice.
    """
    what = phrase("the frame of the measure")
    rows = arrow.read_frame(frame, what).to_pylist()
    if not rows or INDICATORS not in rows[0]:
        remedy = phrase(
            "give it a row for each indicator, with the columns indicator, weight, dimension, deprived, ...; "
            "a spreadsheet in words is read by mpi.init('measure', NAME, table=FILE)"
        )
        raise UsageError(Fault("MPI-U110", Place(what), phrase("no column {name!r}", name=INDICATORS), remedy))
    names = [str(row[INDICATORS]) for row in rows]
    if twice := [name for name in names if names.count(name) > 1]:
        text = phrase("{name!r} is repeated", name=twice[0])
        raise UsageError(Fault("MPI-U110", Place(what), text, phrase("give each indicator one row")))
    found: dict[str, object] = {}
    for row, name in zip(rows, names, strict=True):
        said = {key: value for key, value in row.items() if value is not None and key not in (INDICATORS, DIMENSION)}
        inside: object = found if row.get(DIMENSION) is None else found.setdefault(str(row[DIMENSION]), {})
        if isinstance(inside, dict):
            inside[name] = said
    return found


def _is_short(definition: object) -> bool:
    if isinstance(definition, Mapping):
        return not any(key in definition for key in FULL)
    return isinstance(definition, list | tuple)


@dataclass(slots=True)
class _Short:
    """A definition while it is expanded.

    Attributes
    ----------
    level : {"household", "person"}
        Of the variables that are indicators themselves.
    ruled, columns : dict of str to Node
        Rules that are given apart; indicators that are variables themselves.
    weights : list of str
        As written.
    """

    level: Level
    faults: Faults = field(default_factory=Faults)
    ruled: dict[str, Node] = field(default_factory=dict)
    columns: dict[str, Node] = field(default_factory=dict)
    weights: list[str] = field(default_factory=list)

    def expanded(self, definition: object, options: Mapping[str, object], texts: Mapping[str, str]) -> Node:
        """The root node that a file with the same contents would have."""
        faults = self.faults
        rules = plain_node({} if options["rules"] is None else options["rules"], "rules", faults)
        self.ruled = {key: value for key, _, value in rules.pairs("rules")}
        own = plain_node(definition, ROOT, faults)
        if own.is_list:  # names alone
            own = mapping(Pairs((one, _nothing(one)) for one in own.items(ROOT)), ROOT, faults)
        pairs = own.content if isinstance(own.content, Pairs) else Pairs()
        dimensions = self._dimensions(own, pairs)
        if unused := sorted(self.ruled):
            known = [str(key.content) for key, _ in pairs]
            for name in unused:
                remedy = nearest(name, known) or phrase("name an indicator of the measure")
                self.ruled[name].wrong("MPI-C003", phrase("there is no indicator {name!r}", name=name), remedy)
        if options["k"] is None:
            faults.add("MPI-C009", None, phrase("the measure has no cutoff k"), phrase('give one: k="1/3"'))
        found = {key: plain_node(value, _argument(key), faults) for key, value in texts.items()}
        found[ROOT] = found.pop("name")
        found["title"] = plain_node(options["title"] or texts["name"], _argument("title"), faults)
        found["k"] = plain_node(options["k"], _argument("k"), faults)
        found["variables"] = self._variables(options["variables"])
        found["dimensions"] = dimensions
        whole = bool(self.weights) and all(RATIO.fullmatch(weight) for weight in self.weights)
        normalize = options["normalize"]
        found["normalize"] = plain_node(whole if normalize is None else normalize, _argument("normalize"), faults)
        return mapping(Pairs((scalar(key, ROOT, faults), value) for key, value in found.items()), ROOT, faults)

    def _dimensions(self, own: Node, pairs: Pairs) -> Node:
        apart = [str(key.content) for key, value in pairs if _is_indicator(value)]
        within = [str(key.content) for key, value in pairs if not _is_indicator(value)]
        if apart and within:
            text = phrase(
                "some names have weights ({indicators}), and others hold indicators ({dimensions})",
                indicators=listed(apart),
                dimensions=listed(within),
            )
            remedy = phrase("put every indicator into a dimension, or none: {{'water': {{'source': '1/3'}}}}")
            own.wrong("MPI-C005", text, remedy)
        if apart or not pairs:
            inside = self._indicators(own)
            pairs = Pairs([(scalar(ALL, ROOT, self.faults), self._section(Pairs(), inside))])
            return mapping(pairs, ROOT, self.faults)
        return mapping(Pairs((key, self._dimension(value)) for key, value in pairs), ROOT, self.faults)

    def _dimension(self, node: Node) -> Node:
        """A dimension as a file says it: of a list or mapping of indicators, or of a whole section."""
        if isinstance(node.content, Pairs):
            inner = [value for key, value in node.content if key.says("indicators")]
            if inner and (inner[0].is_mapping or inner[0].is_list):
                others = Pairs(pair for pair in node.content if not pair[0].says("indicators"))
                return self._section(others, self._indicators(inner[0]))
        return self._section(Pairs(), self._indicators(node))

    def _section(self, others: Pairs, indicators: Node) -> Node:
        place = indicators.place.file
        return mapping(Pairs([*others, (scalar("indicators", place, self.faults), indicators)]), place, self.faults)

    def _indicators(self, node: Node) -> Node:
        pairs = node.content if isinstance(node.content, Pairs) else Pairs()
        if node.is_list:
            pairs = Pairs((one, _nothing(one)) for one in node.items(ROOT))
        return mapping(Pairs((key, self._indicator(key, value)) for key, value in pairs), node.place.file, self.faults)

    def _indicator(self, key: Node, node: Node) -> Node:
        """An indicator as a file says it, with the rule that is given apart, or the variable of its name."""
        name, place = str(key.content), node.place.file
        own = node.content if isinstance(node.content, Pairs) else Pairs()
        if not node.is_mapping and not node.is_null:
            own = Pairs([(scalar("weight", place, self.faults), node)])
        self.weights += [value.content for one, value in own if one.says("weight") and isinstance(value.content, str)]
        if name in self.ruled:
            own = Pairs([*own, (scalar("deprived", place, self.faults), self.ruled.pop(name))])
        elif not any(one.says("deprived") for one, _ in own):
            good = name.isidentifier()  # else the name is refused, and its rule need not be
            own = Pairs(
                [*own, (scalar("deprived", place, self.faults), scalar(name if good else "TRUE", place, self.faults))]
            )
            if good:
                self.columns[name] = key
        return mapping(own, place, self.faults)

    def _variables(self, given: object) -> Node:
        """The variables that are declared, and those that are indicators themselves."""
        place = _argument("variables")
        node = plain_node({} if given is None else given, place, self.faults)
        if not isinstance(node.content, Pairs):
            return node  # refused by who reads it
        named = {
            str(key.content)
            for _, level in node.content
            if isinstance(level.content, Pairs)
            for key, _ in level.content
        }
        truths = Pairs(
            (key, scalar("truth", key.place.file, self.faults))
            for name, key in self.columns.items()
            if name not in named
        )
        levels = Pairs(
            (key, mapping(Pairs([*level.content, *truths]), place, self.faults))
            if key.says(self.level) and isinstance(level.content, Pairs)
            else (key, level)
            for key, level in node.content
        )
        if truths and not any(key.says(self.level) for key, _ in levels):
            levels.append((scalar(self.level, place, self.faults), mapping(truths, place, self.faults)))
        return mapping(levels, place, self.faults)


def _is_indicator(node: Node) -> bool:
    """Whether a value is a weight, none, or has the keys of an indicator alone."""
    if not isinstance(node.content, Pairs):
        return not node.is_list
    keys = [key.content for key, _ in node.content]
    return bool(keys) and all(key in INDICATOR.names for key in keys)


def _nothing(node: Node) -> Node:
    """The weight of an indicator that has none."""
    return plain_node(None, node.place.file, node.faults)


def _argument(name: str) -> str:
    """An argument as the place of a fault."""
    return f"{ROOT}({name}=...)"
