"""`python -m mpi.language [language]`: bring the catalogues up to date with the texts of the code."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from io import BytesIO, StringIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from mpi.language.catalogues import FOLDER, LANGUAGES, SOURCE
from mpi.language.extraction import SIGNS, Text, texts, wanted

# A new catalogue begins with this; the rule of its plurals is then the translator's to set. Babel's own rules follow
# CLDR, whose Spanish has a third form for millions (1,000,000 de hogares), which no text of ours needs.
HEADER = """# Texts of mpi.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def updated(language: str, found: dict[tuple[str, str], Text]) -> Catalog:
    """The catalogue of a language with the texts of the code, translated as far as its file is."""
    path = FOLDER / f"{language}.po"
    file = path.read_text(encoding="utf-8") if path.exists() else HEADER.format(language=language)
    old = read_po(StringIO(file), locale=language)
    fresh = read_po(StringIO(file.partition("\n\n")[0]), locale=language)
    for context, sign, comment in SIGNS:
        before = old.get(sign, context)
        fresh.add(sign, before.string if before else "", context=context, auto_comments=[comment])
    for _, text in sorted(found.items()):  # by the text, so that code may move without a change here
        before = old.get(text.english, text.context or None)
        key = (text.english, text.several) if text.several else text.english
        known = before is not None and isinstance(before.string, str) is isinstance(key, str)
        fresh.add(
            key,
            before.string if before is not None and known else None,
            context=text.context or None,
            user_comments=before.user_comments if before is not None else (),
        )
    return fresh


def _whole(string: str | Sequence[str] | None) -> bool:
    return bool(string) if isinstance(string, str) else bool(string) and all(string or ())


def written(catalogue: Catalog) -> str:
    """A catalogue as its file, without the headers that tell when and by whom it was made."""
    file = BytesIO()
    write_po(file, catalogue, width=118, include_lineno=False, ignore_obsolete=True)
    kept = "Language:|Plural-Forms|MIME-Version|Content-"
    head, _, rest = file.getvalue().decode().partition("\n\n")
    return "\n".join(line for line in head.split("\n") if not re.match(rf'"(?!{kept})', line)) + "\n\n" + rest


def main(asked: list[str]) -> int:
    """Write the catalogues, and say what they lack."""
    found = wanted(texts())
    for language in asked or [name for name in LANGUAGES if name != SOURCE]:
        made = updated(language, found)
        (FOLDER / f"{language}.po").write_text(written(made), encoding="utf-8")
        lacking = sum(not _whole(message.string) for message in made if message.id)
        print(f"{language}: {len(found)} texts, {lacking} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
