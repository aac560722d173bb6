"""Protokoll: who did what and when, and whether that is still what was written down."""
