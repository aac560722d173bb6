"""The import as a whole: what it brings, what it never touches, what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.progress import Cancelled
from desktop_app.directory.records import DirectoryChanged, ImportCounts, Severity
from desktop_app.directory.tables import Service, ServiceRemark, ServiceTopic, ServiceVerification

BAD_ADDRESS = "info@berliner_familienfreunde.de"


class StopAfter:
    """Progress that cancels after so many steps, or never."""

    def __init__(self, steps: int | None = None) -> None:
        self.steps = steps
        self.seen: list[tuple[int, int]] = []

    def step(self, done: int, total: int, text: str) -> None:
        self.seen.append((done, total))
        if self.steps is not None and len(self.seen) > self.steps:
            raise Cancelled


def test_the_sample_as_folder(sample: Any) -> None:
    counts = sample.queries.count()
    assert (counts.organizations, counts.services) == (334, 395)


@pytest.mark.parametrize("form", ["zip", "json"])
def test_the_sample_in_every_form(form: str, tmp_path: Path, directory: Any, sources: Any) -> None:
    if form == "zip":
        path = sources.zip_folder(sources.sample, tmp_path / "sample.zip", inside="export/")
    else:
        path = sources.write_json(tmp_path / "services.json", sources.as_document(sources.read_tables(sources.sample)))
    report = directory.load(path)
    assert report.count("organization") == ImportCounts(new=334)
    assert report.count("service") == ImportCounts(new=395)
    (problem,) = report.problems
    assert (problem.field, problem.value, problem.severity) == ("email", BAD_ADDRESS, Severity.WARNING)
    assert directory.store.sql("SELECT count(*) FROM service WHERE email = ?", [BAD_ADDRESS]) == [(1,)]


def test_a_second_run_changes_nothing_in_any_form(tmp_path: Path, sample: Any, sources: Any) -> None:
    before = sources.everything(sample.store)
    archive = sources.zip_folder(sources.sample, tmp_path / "sample.zip")
    document = sources.write_json(tmp_path / "services.json", sources.as_document(sources.read_tables(sources.sample)))
    for path in (sources.sample, archive, document, sources.sample):
        report = sample.load(path)
        assert not report.changed_anything
        assert report.count("service") == ImportCounts(unchanged=395)
        assert report.count("organization") == ImportCounts(unchanged=334)
        assert [problem.value for problem in report.problems] == [BAD_ADDRESS]
    assert sources.everything(sample.store) == before


def test_the_order_of_forms_does_not_matter(tmp_path: Path, directory: Any, sources: Any) -> None:
    folder = sources.first_of_sample(tmp_path / "in", 40)
    document = sources.write_json(tmp_path / "a.json", sources.as_document(sources.read_tables(folder)))
    directory.load(document)
    before = sources.everything(directory.store)
    assert not directory.load(folder).changed_anything
    assert sources.everything(directory.store) == before


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.two_organizations()
    tables["services"][0]["email"] = "kaputt@"
    tables["organizations"][1]["name"] = ""
    folder = sources.write_tables(tmp_path / "in", tables)
    before = sources.everything(directory.store)
    planned = directory.load(folder, dry_run=True)
    assert sources.everything(directory.store) == before
    done = directory.load(folder)
    assert planned.dry_run
    assert not done.dry_run
    assert (planned.counts, planned.problems) == (done.counts, done.problems)
    assert done.changed_anything


def test_an_organisation_with_a_useless_row_is_rejected_whole(tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.two_organizations()
    tables["services"].append({**tables["services"][1], "id": sources.SERVICE[:-1] + "3", "name": "  "})
    report = directory.load(sources.write_tables(tmp_path / "in", tables))
    assert report.count("organization") == ImportCounts(new=1, rejected=1)
    assert report.count("service") == ImportCounts(new=1, rejected=2)
    (error,) = report.with_severity(Severity.ERROR)
    assert (error.file, error.row, error.field) == ("services.csv", 4, "name")
    assert "nicht übernommen" in error.action
    assert directory.store.sql("SELECT name FROM organization") == [("Nachbarschaftshaus",)]
    assert directory.store.sql("SELECT name FROM service") == [("Seniorenfrühstück",)]


def test_a_rejected_organisation_keeps_what_was_there(tmp_path: Path, directory: Any, sources: Any) -> None:
    folder = sources.write_tables(tmp_path / "in", sources.two_organizations())
    directory.load(folder)
    tables = sources.two_organizations()
    tables["services"][1]["name"] = ""
    tables["organizations"][1]["name"] = "Anderer Name"
    report = directory.load(sources.write_tables(folder, tables))
    assert report.count("organization") == ImportCounts(unchanged=1, rejected=1)
    assert directory.queries.service(sources.SERVICE[:-1] + "2").organization.name == "Pflegewerk"


def test_a_failure_in_the_middle_leaves_whole_organisations(
    tmp_path: Path, directory: Any, sources: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = sources.two_organizations()
    folder = sources.write_tables(tmp_path / "in", tables)
    # A trigger is the disk that refuses the last row of the second organisation.
    directory.store.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON service WHEN NEW.name = 'Pflegeberatung' "
        "BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with pytest.raises(Exception, match="no"):
        directory.load(folder)
    assert directory.store.sql("SELECT name FROM organization") == [("Nachbarschaftshaus",)]
    directory.store.execute("DROP TRIGGER refuse")
    report = directory.load(folder)
    assert report.count("organization") == ImportCounts(new=1, unchanged=1)


def test_a_service_without_its_organisation_stays_outside(tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.two_organizations()
    tables["services"][1]["organization_id"] = "99999999-9999-4999-8999-999999999999"
    report = directory.load(sources.write_tables(tmp_path / "in", tables))
    (error,) = report.with_severity(Severity.ERROR)
    assert (error.field, error.row) == ("organization_id", 3)
    assert directory.store.sql("SELECT name FROM service") == [("Seniorenfrühstück",)]


def test_services_may_come_alone_if_the_organisation_is_known(tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.one_service()
    directory.load(sources.write_tables(tmp_path / "first", tables))
    more = {"services": [{**tables["services"][0], "id": sources.SERVICE[:-1] + "9", "name": "Tanztee"}]}
    report = directory.load(sources.write_tables(tmp_path / "second", more))
    assert (report.count("service").new, report.count("service").rejected) == (1, 0)
    assert [hit.service_name for hit in directory.queries.search("tanztee")] == ["Tanztee"]


def test_changes_are_written_and_found(tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.one_service()
    folder = sources.write_tables(tmp_path / "in", tables)
    directory.load(folder)
    tables["services"][0]["name"] = "Mittagstisch"
    tables["phones"][0]["number"] = "0208 999"
    report = directory.load(sources.write_tables(folder, tables))
    assert report.count("service") == ImportCounts(changed=1)
    assert report.count("phone") == ImportCounts(changed=1)
    assert report.count("organization") == ImportCounts(unchanged=1)
    assert directory.queries.search("frühstück")[0].reason.startswith("Beschreibung")
    (hit,) = directory.queries.search("mittagst")
    assert hit.phone == "0208 999"


def test_what_a_source_empties_is_emptied_and_what_it_leaves_out_stays(
    tmp_path: Path, directory: Any, sources: Any
) -> None:
    tables = sources.one_service()
    folder = sources.write_tables(tmp_path / "in", tables)
    directory.load(folder)
    document = sources.as_document(tables)
    del document["contents"][0]["email"]
    document["contents"][0]["organization"] = {"id": sources.ORGANIZATION, "name": "Nachbarschaftshaus"}
    report = directory.load(sources.write_json(tmp_path / "a.json", document))
    assert not report.changed_anything
    tables["services"][0]["email"] = ""
    directory.load(sources.write_tables(folder, tables))
    assert directory.queries.service(sources.SERVICE).email == ""


def test_details_that_a_source_no_longer_lists_go_and_are_told(tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.one_service()
    tables["phones"].append({**tables["phones"][0], "id": tables["phones"][0]["id"][:-1] + "2", "number": "0208 77"})
    folder = sources.write_tables(tmp_path / "in", tables)
    directory.load(folder)
    tables["phones"].pop()
    report = directory.load(sources.write_tables(folder, tables))
    assert report.count("phone") == ImportCounts(unchanged=1, removed=1)
    (note,) = report.problems
    assert (note.value, note.severity) == ("0208 77", Severity.NOTE)
    assert [phone.number for phone in directory.queries.service(sources.SERVICE).phones] == ["+49 208 1234"]
    assert not directory.load(folder).changed_anything


def test_details_stay_if_the_source_does_not_list_that_kind(tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.one_service()
    directory.load(sources.write_tables(tmp_path / "in", tables))
    summary = {"organizations": tables["organizations"], "services": [{**tables["services"][0], "name": "Neuer Name"}]}
    report = directory.load(sources.write_tables(tmp_path / "summary", summary))
    assert report.count("phone") == ImportCounts()
    record = directory.queries.service(sources.SERVICE)
    assert record.name == "Neuer Name"
    assert record.phones
    assert record.places[0].address_lines == ("Ringstr. 5", "46045 Musterstadt")


def test_a_detail_that_was_changed_here_is_not_removed(
    tmp_path: Path, directory: Any, sources: Any, actor: Any
) -> None:
    from desktop_app.directory.tables import Phone

    tables = sources.one_service()
    tables["phones"].append({**tables["phones"][0], "id": tables["phones"][0]["id"][:-1] + "2", "number": "0208 77"})
    folder = sources.write_tables(tmp_path / "in", tables)
    directory.load(folder)
    with directory.store.unit_of_work(actor, "edit", ("service", sources.SERVICE)) as unit:
        unit.update(Phone, tables["phones"][1]["id"], {"number": "0208 78"})
    tables["phones"].pop()
    report = directory.load(sources.write_tables(folder, tables))
    assert report.count("phone").removed == 0
    assert {phone.number for phone in directory.queries.service(sources.SERVICE).phones} == {"+49 208 1234", "0208 78"}


def test_vanished_services_and_organisations_are_told_and_kept(tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.two_organizations()
    tables["services"].append({**tables["services"][0], "id": sources.SERVICE[:-1] + "3", "name": "Sprachcafé"})
    folder = sources.write_tables(tmp_path / "in", tables)
    directory.load(folder)
    tables["services"] = tables["services"][:1]
    tables["organizations"].pop()
    for _ in range(2):
        report = directory.load(sources.write_tables(folder, tables))
        assert report.count("service").missing == 2
        assert report.count("organization").missing == 1
        assert {problem.value for problem in report.problems} == {
            sources.SERVICE[:-1] + "2",
            sources.SERVICE[:-1] + "3",
            sources.ORGANIZATION[:-1] + "2",
        }
        assert any("Sprachcafé" in problem.what for problem in report.problems)
    assert directory.queries.count().services == 3


def test_a_single_service_is_no_list_of_all(tmp_path: Path, sample: Any, sources: Any) -> None:
    tables = sources.read_tables(sources.sample)
    item = sources.as_document(tables)["contents"][5]
    report = sample.load(sources.write_json(tmp_path / "one.json", item))
    assert report.count("service") == ImportCounts(unchanged=1)
    assert all(problem.severity is Severity.WARNING for problem in report.problems)


def test_a_page_of_several_is_no_list_of_all(tmp_path: Path, directory: Any, sources: Any) -> None:
    folder = sources.first_of_sample(tmp_path / "in", 10)
    directory.load(folder)
    document = sources.as_document(sources.read_tables(folder))
    document["contents"] = document["contents"][:-2]
    document["total_pages"] = 2
    report = directory.load(sources.write_json(tmp_path / "page.json", document))
    assert [problem.field for problem in report.problems if problem.severity is Severity.NOTE] == ["total_pages"]
    assert not any(count.missing for count in report.counts.values())


def test_two_sources_do_not_miss_each_other(tmp_path: Path, sample: Any, sources: Any) -> None:
    sample.load(sources.write_tables(tmp_path / "in", sources.one_service()))
    assert sample.load(sources.sample).count("organization") == ImportCounts(unchanged=334)


def test_what_people_did_is_never_touched(tmp_path: Path, directory: Any, sources: Any, actor: Any) -> None:
    tables = sources.one_service()
    folder = sources.write_tables(tmp_path / "in", tables)
    directory.load(folder)
    service_id = sources.SERVICE
    with directory.store.unit_of_work(actor, "verify", ("service", service_id)) as unit:
        unit.insert(
            ServiceVerification,
            {
                "id": "v1",
                "service_id": service_id,
                "verified_on": "2026-09-03",
                "how": "telefonisch",
                "verified_by": "EM",
            },
        )
        unit.insert(
            ServiceRemark,
            {"id": "r1", "service_id": service_id, "remark": "ruft nie zurück", "changed_at": unit.moment},
        )
        for (topic_id,) in unit.sql("SELECT id FROM service_topic WHERE service_id = ?", [service_id]):
            unit.delete(ServiceTopic, topic_id)
        unit.insert(ServiceTopic, {"id": "t1", "service_id": service_id, "topic": "recht", "suggested": 0})
    tables["services"][0]["description"] = "jetzt Gymnastik und Pflegeberatung"
    tables["services"][0]["assured_date"] = "2026-11-01"
    report = directory.load(sources.write_tables(folder, tables))
    assert report.count("service") == ImportCounts(changed=1)
    record = directory.queries.service(service_id)
    assert record.last_verified is not None
    assert (record.last_verified.verified_on.isoformat(), record.last_verified.how) == ("2026-09-03", "telefonisch")
    assert record.internal_remark == "ruft nie zurück"
    assert record.topics == ("recht",)


def test_an_import_verifies_nothing(sample: Any) -> None:
    assert sample.count_of("service_verification") == 0


def test_topics_are_suggested_and_marked(sample: Any) -> None:
    assert sample.store.sql("SELECT DISTINCT suggested FROM service_topic") == [(1,)]
    ((without,),) = sample.store.sql(
        "SELECT count(*) FROM service WHERE id NOT IN (SELECT service_id FROM service_topic)"
    )
    assert without < 10


def test_a_withdrawn_service_stays_withdrawn(tmp_path: Path, directory: Any, sources: Any, actor: Any) -> None:
    tables = sources.one_service()
    folder = sources.write_tables(tmp_path / "in", tables)
    directory.load(folder)
    with directory.store.unit_of_work(actor, "withdraw", ("service", sources.SERVICE)) as unit:
        unit.update(Service, sources.SERVICE, {"withdrawn_at": unit.moment})
    tables["services"][0]["description"] = "anders"
    directory.load(sources.write_tables(folder, tables))
    record = directory.queries.service(sources.SERVICE)
    assert not record.active
    assert record.description == "anders"
    assert directory.queries.search("seniorenfrühstück") == []
    assert directory.queries.count().services == 0


@pytest.mark.parametrize("status", ["inactive", "defunct", "Inactive"])
def test_closed_services_leave_the_search(status: str, tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.one_service()
    folder = sources.write_tables(tmp_path / "in", tables)
    directory.load(folder)
    tables["services"][0]["status"] = status
    directory.load(sources.write_tables(folder, tables))
    assert directory.queries.search("seniorenfrühstück") == []
    assert not directory.queries.service(sources.SERVICE).active


def test_cancelling_keeps_whole_organisations(tmp_path: Path, directory: Any, sources: Any) -> None:
    folder = sources.first_of_sample(tmp_path / "in", 40)
    report = directory.load(folder, progress=StopAfter(20))
    assert report.cancelled
    organizations = directory.queries.count().organizations
    assert organizations == report.count("organization").new
    assert 0 < organizations < 40
    ((half,),) = directory.store.sql(
        "SELECT count(*) FROM organization WHERE id NOT IN (SELECT organization_id FROM service)"
    )
    assert half == 0
    rest = directory.load(folder)
    assert rest.count("organization") == ImportCounts(new=40 - organizations, unchanged=organizations)


def test_cancelling_before_anything_is_read(directory: Any, sources: Any) -> None:
    report = directory.load(sources.sample, progress=StopAfter(0))
    assert report.cancelled
    assert not report.changed_anything
    assert directory.count_of("audit_entry") == 0


def test_progress_rises_to_its_end(tmp_path: Path, directory: Any, sources: Any) -> None:
    progress = StopAfter()
    directory.load(sources.first_of_sample(tmp_path / "in", 12), progress=progress)
    steps = [done for done, total in progress.seen if total]
    assert steps == sorted(steps)
    assert progress.seen[-1] == (12, 12)


def test_one_notice_after_all(tmp_path: Path, directory: Any, sources: Any) -> None:
    heard: list[DirectoryChanged] = []
    directory.store.notices.subscribe(DirectoryChanged, heard.append)
    folder = sources.write_tables(tmp_path / "in", sources.two_organizations())
    directory.load(folder)
    (notice,) = heard
    assert len(notice.organization_ids) == len(notice.service_ids) == 2
    directory.load(folder)
    assert len(heard) == 1


def test_the_trail_names_the_organisation_and_no_content(tmp_path: Path, directory: Any, sources: Any) -> None:
    directory.load(sources.write_tables(tmp_path / "in", sources.one_service()))
    assert directory.store.sql(
        "SELECT action, subject_kind, subject_id FROM audit_entry ORDER BY sequence LIMIT 1"
    ) == [("import_directory", "organization", sources.ORGANIZATION)]
    collections = {name for (name,) in directory.store.sql("SELECT DISTINCT collection FROM outbox")}
    assert {"organization", "service"} <= collections
    # Topics are guessed anew on each desk, so nobody is told of the guesses.
    assert not collections & {"import_run", "import_bundle", "search_entry", "search_word", "service_topic"}


def test_duplicate_ids(tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.one_service()
    tables["services"].append(dict(tables["services"][0]))
    tables["services"].append({**tables["services"][0], "name": "Ganz anders"})
    report = directory.load(sources.write_tables(tmp_path / "in", tables))
    assert [(problem.row, problem.severity) for problem in report.problems] == [
        (3, Severity.NOTE),
        (4, Severity.WARNING),
    ]
    assert directory.store.sql("SELECT name FROM service") == [("Seniorenfrühstück",)]


def test_foreign_ids_become_the_same_uuids_every_time(tmp_path: Path, directory: Any, sources: Any) -> None:
    text = {
        name: [
            {
                key: value.replace(sources.ORGANIZATION, "org-1").replace(sources.SERVICE, "A 7/b")
                for key, value in row.items()
            }
            for row in rows
        ]
        for name, rows in sources.one_service().items()
    }
    folder = sources.write_tables(tmp_path / "in", text)
    report = directory.load(folder)
    assert report.count("service").new == 1
    assert {problem.severity for problem in report.problems} == {Severity.NOTE}
    assert not directory.load(folder).changed_anything
    ((service_id, extra),) = directory.store.sql("SELECT id, extra FROM service")
    assert len(service_id) == 36
    assert '"A 7/b"' in extra
    assert '"org-1"' in extra
    assert directory.queries.service(service_id).phones


def test_upper_case_ids_are_the_same_ids(tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.one_service()
    tables["services"][0]["id"] = "ABCDEF00-2222-4222-8222-00000000000A"
    for row in (*tables["phones"], *tables["service_at_location"]):
        row["service_id"] = "abcdef00-2222-4222-8222-00000000000a"
    report = directory.load(sources.write_tables(tmp_path / "in", tables))
    assert report.problems == ()
    assert directory.queries.service("abcdef00-2222-4222-8222-00000000000a").phones


def test_broken_links_are_told_and_kept(tmp_path: Path, directory: Any, sources: Any) -> None:
    tables = sources.one_service()
    tables["phones"][0]["service_id"] = "99999999-9999-4999-8999-999999999999"
    report = directory.load(sources.write_tables(tmp_path / "in", tables))
    (problem,) = report.problems
    assert (problem.file, problem.field) == ("phones.csv", "service_id")
    assert directory.store.sql("SELECT service_id FROM phone") == [("99999999-9999-4999-8999-999999999999",)]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("services", "email", "kein.at.zeichen"),
        ("services", "url", "www.ohne-schema.de"),
        ("services", "status", "offen"),
        ("services", "assured_date", "03.09.2026"),
        ("services", "minimum_age", "ab 60"),
        ("services", "last_modified", "gestern"),
        ("locations", "latitude", "51,47"),
        ("locations", "location_type", "Haus"),
    ],
)
def test_bad_values_are_told_and_kept(
    table: str, column: str, value: str, tmp_path: Path, directory: Any, sources: Any
) -> None:
    tables = sources.one_service()
    tables[table][0][column] = value
    report = directory.load(sources.write_tables(tmp_path / "in", tables))
    (problem,) = report.problems
    assert (problem.file, problem.row, problem.field, problem.value) == (f"{table}.csv", 2, column, value)
    assert problem.severity is Severity.WARNING
    assert directory.store.sql(f"SELECT {column} FROM {table.rstrip('s')}") == [(value,)]
    assert directory.queries.search("seniorenfrühstück")


def test_an_import_of_nothing_is_refused(tmp_path: Path, directory: Any, sources: Any) -> None:
    folder = sources.write_tables(tmp_path / "in", sources.one_service())
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(UserError, match="kein einziger Eintrag"):
        directory.load(folder)


def test_a_folder_that_holds_the_package_deeper(tmp_path: Path, directory: Any, sources: Any) -> None:
    sources.write_tables(tmp_path / "outer" / "csv", sources.one_service())
    (tmp_path / "outer" / "anderes.json").write_text("{}", encoding="utf-8")
    assert directory.load(tmp_path / "outer").count("service").new == 1


@pytest.mark.parametrize("version", ["3.0", "3.1.1"])
@pytest.mark.parametrize(
    "name",
    [
        "csv", "service_full.json", "service_list.json", "organization_full.json", "organization_list.json",
        "service_at_location_full.json", "service_at_location_list.json", "tabular.json", "location.json",
        "taxonomy.json", "taxonomy_list.json", "taxonomy_term.json", "taxonomy_term_list.json",
    ],
)  # fmt: skip
def test_official_examples(version: str, name: str, directory: Any, sources: Any) -> None:
    path = sources.hsds / version / name
    report = directory.load(path)
    assert not any(count.rejected for count in report.counts.values())
    assert report.changed_anything
    if name == "csv" or name.startswith(("service", "tabular")):
        assert report.count("service").new == 1
        assert directory.queries.search("counselling")[0].organization_name == "Example Organization Inc."
    if name == "csv":
        broken = [problem.field for problem in report.problems if "führt ins Leere" in problem.what]
        assert {"organization_id", "link_id", "parent_organization_id"} <= set(broken)
    second = directory.load(path)
    assert not second.changed_anything
    assert second.problems == report.problems


@pytest.mark.parametrize("version", ["3.0", "3.1.1"])
def test_the_examples_lose_no_column(version: str, directory: Any, sources: Any) -> None:
    directory.load(sources.hsds / version / "csv")
    tables = {"contacts": "directory_contact", "taxonomies": "taxonomy", "url": "url", "addresses": "address"}
    names = {name for (name,) in directory.store.sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for file, rows in sources.read_tables(sources.hsds / version / "csv").items():
        table = tables.get(file) or next(name for name in (file, file.removesuffix("s")) if name in names)
        for row in rows:
            columns = [column for column, value in row.items() if value]
            selected = ", ".join(f'"{column}"' for column in columns)
            stored = directory.store.sql(f'SELECT {selected} FROM "{table}" WHERE id = ?', [row["id"]])
            assert stored == [tuple(row[column] for column in columns)], file
