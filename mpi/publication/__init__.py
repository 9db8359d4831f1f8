"""A publication: all that its writers need after disclosure control, and how it is gathered."""
