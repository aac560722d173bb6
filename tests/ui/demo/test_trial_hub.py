"""The hub beside the demo: it names its offices, ends with the block, and is left out where nothing is installed for it."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from desktop_app.sync.enrolment_text import read_enrolment_text
from desktop_app.sync.hub_client import HubClient
from ui.demo import trial_hub as module
from ui.demo.trial_hub import trial_hub


def test_a_hub_runs_as_long_as_the_block(tmp_path: Path) -> None:
    with trial_hub(tmp_path / "hub") as hub:
        assert hub is not None
        client = HubClient(hub.address)
        own, other = hub.code_for("Musterträger e. V.", "Büro Mitte"), hub.example_code
        found = [client.preview(read_enrolment_text(code).code)["office"]["name"] for code in (own, other)]
        client.close()
    assert found == ["Büro Mitte", "Quartiersbüro Beispielstadt"]
    port = urlsplit(hub.address).port
    assert port is not None
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_without_its_packages_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NEEDED", ("no_package_of_this_name",))
    with trial_hub(tmp_path / "hub") as hub:
        assert hub is None
    assert not (tmp_path / "hub").exists()
