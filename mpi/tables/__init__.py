"""Figures as tables: on a screen, as CSV and JSON, and as the tidy files of a run."""
