"""Pages of areas: what a mayor opens; one page for each area of a map and a list of them, in each language."""

from mpi.areas.content import AreaPages, pages_of
from mpi.areas.rendering import Links, file_name, list_html, page_html

__all__ = ["AreaPages", "Links", "file_name", "list_html", "page_html", "pages_of"]
