"""Consented referrals from one office to another: offered, accepted, declined, withdrawn. Loaded when connected only."""
