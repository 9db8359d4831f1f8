"""The script of a page in one piece, from the ES modules in `page/`.

Browsers load no module into a page that is opened from a disk, and who makes a map has no Node. So modules are joined
here, each in a function of its own that gives what it exports: names of two modules cannot meet, none is renamed.
Three rules make that enough, and keep the joining small: imports and exports have one form each, what is exported is
never set again, and no module imports itself through others.
"""

from __future__ import annotations

import re
from importlib.resources.abc import Traversable

IMPORT = re.compile(r'^import \{ (\w+(?:, \w+)*) \} from "\./(\w+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|function|class) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
# Blocks of types are for tsc: they would be a third of the page's script.
_TYPES = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/\n|^// @ts-check\n", re.MULTILINE | re.DOTALL)


def modules(folder: Traversable, entry: str = "main") -> dict[str, str]:
    """The text of each module that `entry` needs, by name, in the order in which a browser would run them.

    Raises
    ------
    ValueError
        If modules import one another in a circle.
    """
    done: dict[str, str] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ValueError(f"modules of the page import one another: {' -> '.join([*path, name])}")
        if name in done:
            return
        text = (folder / f"{name}.js").read_text("utf-8")
        for match in IMPORT.finditer(text):
            visit(match[2], (*path, name))
        done[name] = text

    visit(entry, ())
    return done


def bundle(folder: Traversable, entry: str = "main") -> str:
    """The script that does what the module `entry` does.

    Raises
    ------
    ValueError
        If a module imports or exports in another form, or modules import one another in a circle.
    """
    return "\n".join(
        ["(function () {", '"use strict";', *(_scoped(*one) for one in modules(folder, entry).items()), "})();"]
    )


def _scoped(name: str, text: str) -> str:
    text = _TYPES.sub("", text)
    exported = [match[1] for match in EXPORT.finditer(text)]
    text = EXPORT.sub("", IMPORT.sub(r"const { \1 } = module_\2;", text))
    if other := _OTHER.search(text):
        raise ValueError(f"{name}.js has an import or export of another form: {other[0]}")
    return f"const module_{name} = (() => {{\n{text}return {{ {', '.join(exported)} }};\n}})();"
