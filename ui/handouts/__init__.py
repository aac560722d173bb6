"""Sheets on the screen: preview, options, printing and saving."""
