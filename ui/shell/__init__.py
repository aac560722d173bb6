"""The window around the pages: navigation, search, messages, long work, help, lock."""
