"""The admin tool `quartierslotse-hub`."""
