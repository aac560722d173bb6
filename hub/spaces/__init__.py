"""Spaces: pushing, pulling, comparing, handing over."""
