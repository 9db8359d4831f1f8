"""What languages are called, in each language: Babel knows it from CLDR."""

from __future__ import annotations

from mpi.language.catalogues import SOURCE, Language


class LanguageName(str):
    """The name of a language: a text in English, which messages say in their own language.

    Examples
    --------
    >>> name = LanguageName("pt")
    >>> name, name.to("es"), own_name("pt")
    ('Portuguese', 'portugués', 'Português')
    """

    __slots__ = ("code",)
    code: Language

    def __new__(cls, code: Language) -> LanguageName:
        """The name of the language with a code."""
        made = super().__new__(cls, _name(code, SOURCE))
        made.code = code
        return made

    def __getnewargs__(self) -> tuple[Language]:  # copies and other processes make it anew
        return (self.code,)

    def to(self, language: Language) -> str:
        """The name in a language."""
        return _name(self.code, language)


def own_name(language: Language) -> str:
    """What a language calls itself, as the label of a button."""
    name = _name(language, language)
    return name[:1].upper() + name[1:]


def _name(code: Language, language: Language) -> str:
    from babel import Locale

    return Locale.parse(code).get_language_name(language) or code
