"""Maps: boundaries joined to figures by code, drawn as one HTML file, as pictures, or written as map data."""
