"""Abgleich: connecting this desk, how the connection stands, desks of the office, conflicts to decide."""
