"""The first run: one window, a few steps, and the office can work."""
