"""Words explained where they stand: buttons that open the entry of a word, and the glossary that holds the entries.

Comes in: texts of a page, in the order in which they stand on it. Goes out: their markup. No script is needed: an entry
of the glossary is a popover, which a tap or Enter opens, Escape closes, and which is an ordinary part of the page else.
"""

from __future__ import annotations

from collections.abc import Collection
from html import escape

from mpi.language import translated
from mpi.publication.pages import page_style
from mpi.vocabulary.glossary import WORDS, found_in, ordered
from mpi.vocabulary.wording import Language, legible

TITLE = translated("Glossary")
LONG = 16  # characters: of longer words the last part is the button, since browsers break no line inside of one


class Markup(str):
    """A text that a template does not escape again."""

    __slots__ = ()

    def __html__(self) -> str:
        """The markup, as templates ask for it."""
        return str(self)


class Explainer:
    """Explains each word of a page where it first stands in a section.

    Attributes
    ----------
    met : list of str
        The words that were explained, by name.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.met: list[str] = []
        self._here: set[str] = set()

    def section(self) -> str:
        """Begin a section, in which every word is explained anew; an empty text."""
        self._here = set()
        return ""

    def __call__(self, text: str) -> Markup:
        """The markup of a text, with a button for each word that is new in the section."""
        parts = []
        for piece, name in found_in(text, self.language, without=self._here):
            parts.append(self._button(piece, name) if name else escape(piece))
            if name:
                self._here.add(name)
        return Markup("".join(parts))

    def _button(self, text: str, name: str) -> str:
        if name not in self.met:
            self.met.append(name)
        told = escape(WORDS[name].text[self.language])
        start = text.rfind(" ") + 1 if len(text) > LONG else 0
        return (
            f'{escape(text[:start])}<button type="button" class="word" popovertarget="g-{name}" '
            f'aria-describedby="g-{name}" title="{told}">{escape(text[start:])}</button>'
        )

    def glossary(self) -> Markup:
        """The entries of the words that were explained."""
        return glossary_html(self.language, self.met)


def glossary_html(language: Language, names: Collection[str] | None = None, *, opening: bool = True) -> Markup:
    """The entries of words, or of all, as a list of definitions.

    Parameters
    ----------
    opening : bool
        Whether buttons of the page open them.
    """
    entries = "".join(
        f"<div{f' id={chr(34)}g-{name}{chr(34)} popover' if opening else ''}>"
        f"<dt>{escape(WORDS[name].title[language])}</dt><dd>{escape(WORDS[name].text[language])}</dd></div>\n"
        for name in ordered(WORDS if names is None else names)
    )
    return Markup(legible(f'<dl class="glossary">\n{entries}</dl>'))


def glossary_style() -> str:
    """The style of buttons and entries, which takes its colours from that of the page."""
    return page_style("mpi.publication", "glossary.css")
