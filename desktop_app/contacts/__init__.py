"""Contacts, needs, referrals, follow-ups and the tally: what the front desk records."""
