"""The keys of every config file, declared once, with their shape and their meaning.

To add a key: a `Key` in its table, and its value in the reader.
"""
