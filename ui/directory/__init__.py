"""Verzeichnis: find a service, read it, hand it on; bring a directory in."""
