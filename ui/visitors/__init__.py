"""Personen: visitor files, their consents, and paper about them."""
