"""Loads what needs no Qt. Imported first of all by :mod:`ui.app`.

PySide6 replaces the import function by one that reads the source text of every module imported after it and keeps it in
memory, only to know where its opt-in features (``from __feature__ import snake_case``) may be switched. We use none of them:
Python's own import function is put back, which saves six megabytes and a tenth of the start.
"""

from __future__ import annotations

import argparse
import builtins
import contextvars
import importlib
import json
import threading
import traceback
import weakref

import desktop_app.core.errors
import desktop_app.core.progress
import desktop_app.core.translation
import desktop_app.environment.folders
import desktop_app.security.key_slots
import ui.theme.palette
import ui.theme.scale

LOADED = (
    argparse, contextvars, importlib, json, threading, traceback, weakref, desktop_app.core.errors,
    desktop_app.core.progress, desktop_app.core.translation, desktop_app.environment.folders,
    desktop_app.security.key_slots, ui.theme.palette, ui.theme.scale,
)  # fmt: skip

_plain_import = builtins.__import__
import PySide6.QtCore  # noqa: E402, F401 - what comes before is loaded without Qt

builtins.__import__ = _plain_import
