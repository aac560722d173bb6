"""Everything of Quartierslotse that works without a screen. Never imports Qt."""

__version__ = "0.1.0"
