"""Verwaltung: the office, its social spaces and topics, and facts about data and program."""
