"""Loads what needs no Qt. Imported first of all by :mod:`ui.app`.

Once PySide6 is there it reads the source text of every module that is imported after it (to find out whether the module uses
Qt); what comes before is loaded without that.
"""

from __future__ import annotations

import argparse
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
