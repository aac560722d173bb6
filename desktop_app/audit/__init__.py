"""Who did what to which record and when: read, check, export. Written by the unit of work only."""
