"""Names that look alike: Unicode forms of one text, and letters of other scripts that are drawn as Latin ones.

Two indicators whose names look the same cannot be told apart in a table, so that a measure may not have them.
Confusable letters after Unicode Technical Standard 39; only those of the scripts that a keyboard may be left in.
"""

# ruff: noqa: RUF001  letters that look alike are what this module is about

from __future__ import annotations

import unicodedata

from mpi.language import phrase

_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυχϲϳ", "ABEZHIKMNOPTYXavopuxcj", strict=True))
_CYRILLIC = dict(zip("АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝѵ", "ABESIJKMHOPCTYXaesijopcyxhdqwv", strict=True))
_LATIN = {**_GREEK, **_CYRILLIC}
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")


def look(name: str) -> str:
    """What a name looks like: equal for names that a reader cannot tell apart.

    Examples
    --------
    >>> look("a\u00f1os") == look("an\u0303os"), look("w\u0430ter"), look("Water") == look("water")
    (True, 'water', False)
    """
    return "".join(_LATIN.get(c, c) for c in unicodedata.normalize("NFKC", name))


def disguise(name: str) -> str:
    """In words, the letters of a name that look like those of another script beside them; empty if there are none.

    Examples
    --------
    >>> disguise("w\u0430ter")
    'letters of two scripts that look alike: CYRILLIC SMALL LETTER A'
    >>> disguise("\u0432\u043e\u0434\u0430"), disguise("agua")
    ('', '')
    """
    letters = [(c, unicodedata.name(c, "").partition(" ")[0]) for c in unicodedata.normalize("NFC", name)]
    scripts = {script for _, script in letters if script in SCRIPTS}
    if scripts <= {"LATIN"} or "LATIN" not in scripts:
        return ""
    alike = dict.fromkeys(unicodedata.name(c) for c, _ in letters if c in _LATIN)
    return phrase("letters of two scripts that look alike: {letters}", letters=", ".join(alike)) if alike else ""
