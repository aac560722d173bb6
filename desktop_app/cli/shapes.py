"""The shapes of `--json`: what other programs may rely on. Described in docs/kommandozeile.md.

Names never change and never vanish; new ones may come. Moments are ISO 8601 with offset, days `YYYY-MM-DD`,
what is unknown is an empty text, an empty list or null.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.contacts.records import ContactRecord
    from desktop_app.directory.records import (
        HoursRow,
        ImportProblem,
        ImportReport,
        PhoneRecord,
        ServiceHit,
        ServiceRecord,
        VerificationRecord,
    )
    from desktop_app.statistics.records import MonthStatistics

Data = dict[str, object]


def hit_data(hit: ServiceHit) -> Data:
    """Return a row of a result list."""
    return {
        "service_id": hit.service_id,
        "name": hit.service_name,
        "organization": hit.organization_name,
        "place": hit.place,
        "phone": hit.phone,
        "topics": list(hit.topics),
        "last_verified": _verification(hit.last_verified),
        "reason": hit.reason,
    }


def service_data(record: ServiceRecord) -> Data:
    """Return a service in full; the internal remark stays inside the office."""
    return {
        "service_id": record.service_id,
        "name": record.name,
        "alternate_name": record.alternate_name,
        "organization": asdict(record.organization),
        "description": record.description,
        "url": record.url,
        "email": record.email,
        "status": record.status,
        "active": record.active,
        "alert": record.alert,
        "topics": list(record.topics),
        "phones": [asdict(phone) for phone in record.phones],
        "hours": _hours(record.hours),
        "places": [
            {
                "location_id": place.location_id,
                "name": place.name,
                "address_lines": list(place.address_lines),
                "postal_code": place.postal_code,
                "city": place.city,
                "transportation": place.transportation,
                "accessibility": list(place.accessibility),
                "phones": _phones(place.phones),
                "hours": _hours(place.hours),
            }
            for place in record.places
        ],
        "languages": list(record.languages),
        "interpretation": record.interpretation,
        "costs": list(record.costs),
        "fees": record.fees,
        "eligibility": record.eligibility,
        "required_documents": list(record.required_documents),
        "application_process": record.application_process,
        "wait_time": record.wait_time,
        "last_verified": _verification(record.last_verified),
    }


def contact_data(record: ContactRecord, *, tells_notes: bool) -> Data:
    """Return a contact; of its note only whether there is one."""
    return {
        "contact_id": record.contact_id,
        "recorded_at": record.recorded_at.isoformat(timespec="seconds"),
        "channel": record.channel.value,
        "depth": record.depth.value,
        "needs": [
            {
                "topic": need.topic_code,
                "result": need.result.value,
                "unmet_reason": need.unmet_reason.value if need.unmet_reason else None,
            }
            for need in record.needs
        ],
        "referrals": [
            {
                "referral_id": referral.referral_id,
                "service_id": referral.service_id,
                "service": referral.service_name,
                "organization": referral.organization_name,
                "mode": referral.mode.value,
                "state": referral.state.value,
                "due_on": referral.due_on.isoformat() if referral.due_on else None,
            }
            for referral in record.referrals
        ],
        "facts": {fact.value: answer for fact, answer in record.facts.items()},
        "material": record.material,
        "has_note": record.has_note if tells_notes else None,
        "initials": record.initials,
        "revision": record.revision,
    }


def import_data(report: ImportReport) -> Data:
    """Return an import report with its findings."""
    return {
        "source": report.source,
        "kind": report.kind,
        "dry_run": report.dry_run,
        "fingerprint": report.fingerprint,
        "started_at": report.started_at,
        "seconds": round(report.seconds, 3),
        "cancelled": report.cancelled,
        "changed_anything": report.changed_anything,
        "counts": {kind: {**asdict(count), "total": count.total} for kind, count in report.counts.items()},
        "problems": [problem_data(problem) for problem in report.problems],
        "problems_left_out": report.problems_left_out,
    }


def problem_data(problem: ImportProblem) -> Data:
    """Return one finding of an import."""
    return {
        "severity": problem.severity.value,
        "file": problem.file,
        "row": problem.row,
        "field": problem.field,
        "value": problem.value,
        "what": problem.what,
        "why": problem.why,
        "action": problem.action,
    }


def statistics_data(month: MonthStatistics) -> Data:
    """Return the numbers of a month."""
    return {
        "month": str(month.month),
        "office": month.office_name,
        "carrier": month.carrier,
        "generated_at": month.generated_at.isoformat(timespec="seconds"),
        "test_data": month.test_data,
        "totals": asdict(month.totals),
        "tables": {
            table.key.value: {
                "title": table.title,
                "counted": table.counted.value,
                "total": table.total,
                "rows": [
                    {"label": row.label, "second_label": row.second_label, "count": row.count} for row in table.rows
                ],
            }
            for table in month.tables
        },
    }


def _phones(phones: Iterable[PhoneRecord]) -> list[Data]:
    return [asdict(phone) for phone in phones]


def _hours(rows: Iterable[HoursRow]) -> list[Data]:
    return [asdict(row) for row in rows]


def _verification(verification: VerificationRecord | None) -> Data | None:
    if verification is None:
        return None
    return {"verified_on": verification.verified_on.isoformat(), "how": verification.how}
