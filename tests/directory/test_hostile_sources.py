"""Sources that want to do harm, or are just broken: a sentence, nothing changed, no memory eaten."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import QuartierslotseError, UserError
from desktop_app.directory.hsds import files
from desktop_app.directory.hsds.reading import read_source


def refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_source(path)
    assert caught.value.message.endswith((".", "?"))
    return caught.value.message


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "."), content)
    return path


def test_what_is_not_there(tmp_path: Path) -> None:
    assert "gibt es nicht" in refused(tmp_path / "nix.zip")


def test_an_empty_folder_and_a_foreign_one(tmp_path: Path) -> None:
    refused(tmp_path)
    (tmp_path / "brief.odt").write_bytes(b"PK\3\4")
    refused(tmp_path)


@pytest.mark.parametrize("name", ["brief.pdf", "tabelle.xlsx", "ohne-endung"])
def test_other_kinds_of_files(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.7 something")
    assert "HSDS" in refused(tmp_path / name)


def test_a_damaged_archive(tmp_path: Path, sources: Any) -> None:
    whole = sources.zip_folder(sources.sample, tmp_path / "a.zip").read_bytes()
    for kept in (10, 1000, len(whole) // 2, len(whole) - 30):
        (tmp_path / "cut.zip").write_bytes(whole[:kept])
        assert "beschädigt" in refused(tmp_path / "cut.zip")
    (tmp_path / "text.zip").write_text("no archive at all", encoding="utf-8")
    assert "beschädigt" in refused(tmp_path / "text.zip")


def test_flipped_bytes_in_an_archive(tmp_path: Path, sources: Any) -> None:
    whole = bytearray(sources.zip_folder(sources.sample, tmp_path / "a.zip").read_bytes())
    whole[len(whole) // 3 : len(whole) // 3 + 40] = b"\xff" * 40
    (tmp_path / "flipped.zip").write_bytes(whole)
    assert "beschädigt" in refused(tmp_path / "flipped.zip")


def test_a_zip_bomb_is_stopped_where_the_limit_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAXIMUM_BYTES", 2_000_000)
    bomb = archive(tmp_path / "bomb.zip", organizations__csv=b"\0" * 60_000_000)
    tracemalloc.start()
    try:
        assert "zu groß" in refused(bomb)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_that_lies_about_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAXIMUM_BYTES", 1_000_000)
    path = archive(tmp_path / "lie.zip", services__csv=b"a" * 5_000_000)
    content = path.read_bytes().replace(struct.pack("<L", 5_000_000), struct.pack("<L", 500))
    path.write_bytes(content)
    with pytest.raises(UserError):
        read_source(path)


def test_members_that_point_outside_are_only_names(tmp_path: Path, sources: Any) -> None:
    folder = sources.write_tables(tmp_path / "in", sources.one_service())
    path = sources.zip_folder(folder, tmp_path / "out.zip", inside="../../../../")
    package = read_source(path)
    assert len(package.rows["service"]) == 1
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["in", "out.zip"]


def test_a_document_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_app.directory.hsds import documents

    monkeypatch.setattr(documents, "MAXIMUM_DOCUMENT_BYTES", 100)
    (tmp_path / "a.json").write_text("[" + "[]," * 100 + "[]]", encoding="utf-8")
    assert "zu groß" in refused(tmp_path / "a.json")


def test_a_folder_with_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAXIMUM_FILES", 5)
    for number in range(7):
        (tmp_path / f"{number}.csv").write_text("id\n1\n", encoding="utf-8")
    assert "zu viele" in refused(tmp_path)


def test_too_many_members(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "many.zip", **{f"a{number}__csv": b"id\n1\n" for number in range(files.MAXIMUM_FILES + 1)}
    )
    assert "zu viele" in refused(path)


def test_a_password_on_the_archive(tmp_path: Path, sources: Any) -> None:
    content = bytearray(sources.zip_folder(sources.sample, tmp_path / "a.zip").read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as whole:
        entry = whole.infolist()[0]
    # The flag stands in the local header and in the directory at the end.
    content[entry.header_offset + 6] |= 1
    content[bytes(content).index(b"PK\1\2") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(content)
    assert "Passwort" in refused(tmp_path / "locked.zip")


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path: Path, sources: Any) -> None:
    outside = sources.write_tables(tmp_path / "outside", sources.two_organizations())
    folder = sources.write_tables(tmp_path / "in", {"organizations": sources.one_service()["organizations"]})
    (folder / "services.csv").symlink_to(outside / "services.csv")
    assert "service" not in read_source(folder).rows


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "null", "[]", "{}", "42", '"text"', "[1, 2, 3]", '{"contents": 5}', '{"id": "x"}', '[[{"id": "1"}]]',
        '{"version": "3.0", "profile": "p", "openapi_url": "u"}', "[" * 100_000, '{"name":' * 5000,
    ],
)  # fmt: skip
def test_json_that_is_no_directory(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    refused(tmp_path / "a.json")


def test_deeply_nested_objects(tmp_path: Path) -> None:
    item: dict[str, Any] = {"name": "x", "status": "active"}
    for _ in range(300):
        item = {"id": "1", "name": "x", "status": "active", "service_at_locations": [{"id": "2", "service": item}]}
    (tmp_path / "a.json").write_text(json.dumps(item), encoding="utf-8")
    assert "verschachtelt" in refused(tmp_path / "a.json")


def test_half_characters_and_odd_values_in_json(tmp_path: Path, directory: Any, sources: Any) -> None:
    document = sources.as_document(sources.one_service())
    service = document["contents"][0]
    service["name"] = "Treff \ud800 halb\0"
    service["alert"] = True
    service["minimum_age"] = 60.50
    service["licenses"] = {"nested": ["a", {"b": "\udfff"}]}
    service["phones"] = "keine Liste"
    service["\ud83d-column"] = "x"
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    report = directory.load(path)
    assert report.count("service").new == 1
    ((name, alert, age, extra),) = directory.store.sql("SELECT name, alert, minimum_age, extra FROM service")
    assert (name, alert, age) == ("Treff \ufffd halb", "true", "60.5")
    assert json.loads(extra) == {
        "licenses": {"nested": ["a", {"b": "\ufffd"}]},
        "phones": "keine Liste",
        "\ufffd-column": "x",
    }
    assert not directory.load(path).changed_anything


def test_numbers_in_json_keep_their_digits(tmp_path: Path, directory: Any, sources: Any) -> None:
    document = sources.as_document(sources.one_service())
    text = json.dumps(document).replace('"Haus am Ring"', '"Haus am Ring", "latitude": 51.4700, "longitude": -80.190')
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    directory.load(tmp_path / "a.json")
    assert directory.store.sql("SELECT latitude, longitude FROM location") == [("51.4700", "-80.190")]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["id", "name", "status", "organization", "phones", "contents", "location", "service", "x", "locations"]
            ),
            children,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(content=json_values)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_read_or_refused(content: Any, tmp_path: Path) -> None:
    path = tmp_path / "any.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        package = read_source(path)
    except QuartierslotseError:
        return
    assert all(row.id for row in package.all_rows())


def test_naughty_strings_and_formulas_survive_unchanged(tmp_path: Path, directory: Any, sources: Any) -> None:
    naughty = json.loads((sources.texts / "blns.json").read_text(encoding="utf-8"))
    formulas = (sources.texts / "csv-injection" / "csv-payload.txt").read_text(encoding="utf-8").splitlines()
    texts = [text for text in [*naughty, *formulas, "+49 208 1", "-0203", "-80.19"] if text.strip()]
    tables = sources.one_service()
    service = tables["services"][0]
    tables["services"] = [
        {**service, "id": f"22222222-2222-4222-8222-{number:012}", "name": text, "description": text}
        for number, text in enumerate(texts)
    ]
    folder = sources.write_tables(tmp_path / "in", tables)
    directory.load(folder)
    stored = {(name, description) for name, description in directory.store.sql("SELECT name, description FROM service")}
    assert stored == {(text.replace("\0", ""), text.replace("\0", "")) for text in texts}
    assert not directory.load(folder).changed_anything
    for text in texts:
        directory.queries.search(text)
