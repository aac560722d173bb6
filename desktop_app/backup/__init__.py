"""Backups: made and checked by themselves, restored with a look at what would be lost, rescue of a damaged database."""
