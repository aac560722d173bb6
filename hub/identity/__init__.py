"""Carriers, offices and their desks: who may come in, and as whom."""
