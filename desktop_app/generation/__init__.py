"""Invented contacts for trying out, showing and measuring; a database that holds them is marked for good."""
