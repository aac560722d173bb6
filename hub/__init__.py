"""The hub: keeps what several offices share and hands it on. Of an office's own data it sees ciphertext only.

Uses `desktop_app.sync.protocol` (what travels on the wire) and nothing else of the desktop program.
"""

__version__ = "0.1.0"
