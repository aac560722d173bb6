"""Übergaben: handing people over to other offices with their consent, and what other offices hand over."""
