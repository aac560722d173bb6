"""Statistik: the month in figures, charts with their tables, and the export."""
