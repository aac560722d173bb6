"""Sync of an office with the hub. Imports nothing by itself: an office that is not connected must not pay for it."""
