"""Typed columns with a mask of what is known, three-valued logic on them, and the border to Arrow."""
