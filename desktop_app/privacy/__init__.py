"""Documents for the data protection officer: processing record, deletion concept, measures; by the office's law.

The texts are German legal language and lie in `resources/privacy`, where an officer's change needs no programmer.
They claim only what the parts of this program do (`program_parts`).
"""
