"""Erasing one thing for good, where it is shown: a look at what goes, a deliberate yes, the receipt."""
