"""Empfang: the contact card, today's list, the tally, who waits and what is due."""
