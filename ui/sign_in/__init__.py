"""Signing in, unlocking, and a new password with the printed recovery key."""
