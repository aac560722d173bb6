"""Saves PySide the reading of our sources. Called by :mod:`ui.app` as soon as Qt runs.

PySide6 reads the source text of every module imported after it and searches it for the word ``PySide6``, to know whether its
opt-in features (``snake_case``, ``true_property``) may be switched there. We use none of them. Marking our modules as such
beforehand saves about two megabytes and a third of a millisecond a module. The table is no public interface: without it
(another version of PySide) everything works as before, only slower.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

_PACKAGES = ("desktop_app", "ui")
_LIBRARIES = ("peewee", "playhouse", "playhouse.sqlcipher_ext", "sqlcipher3", "sqlcipher3.dbapi2")
#: what PySide itself notes for a module without its features
_WITHOUT_FEATURES = -1


def spare_source_reading() -> None:
    """Note for every module of ours that it uses no features of PySide."""
    try:
        table = import_module("shibokensupport.feature").pyside_feature_dict
    except (ImportError, AttributeError):
        return
    for name in (*_LIBRARIES, *_own_modules()):
        table.setdefault(name, _WITHOUT_FEATURES)


def _own_modules() -> Iterator[str]:
    root = Path(__file__).resolve().parents[1]
    for package in _PACKAGES:
        for folder, _folders, files in os.walk(root / package):
            prefix = ".".join(Path(folder).relative_to(root).parts)
            for file in files:
                if file == "__init__.py":
                    yield prefix
                elif file.endswith(".py"):
                    yield f"{prefix}.{file[:-3]}"
