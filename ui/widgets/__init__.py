"""Reusable parts of screens. They know nothing of contacts or directories; each has a name for screen readers."""
