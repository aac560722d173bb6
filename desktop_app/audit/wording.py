"""The log in words: actions, records, and what a check found."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.audit.records import AuditKind, AuditRecord, BreakKind, ChainBreak, ChainReport
from desktop_app.core.clock import from_text, office_zone
from desktop_app.core.translation import tr, tr_count
from desktop_app.documents.dates import short_date
from desktop_app.documents.numbers import german_number

_UUID_LETTERS = 36
_SHOWN_LETTERS = 12
#: what their id says means something to people
_NAMED_BY_ID = frozenset({"month", "count", "backup", "database", "audit_end"})


def action_labels() -> Mapping[str, str]:
    """Return the words of every action that gets into the log."""
    return {
        "read_note": tr("Vertrauliche Notiz gelesen"),
        "read_visitor": tr("Personenakte gelesen"),
        "answer_access_request": tr("Auskunft über alle Daten einer Person erteilt"),
        "record_contact": tr("Kontakt erfasst"),
        "correct_contact": tr("Kontakt berichtigt"),
        "withdraw_contact": tr("Kontakt zurückgenommen"),
        "restore_contact": tr("Kontakt wiederhergestellt"),
        "set_referral_state": tr("Ergebnis einer Weitervermittlung vermerkt"),
        "set_referral_due": tr("Wiedervorlage einer Weitervermittlung geändert"),
        "add_tally_mark": tr("Strich gemacht"),
        "withdraw_tally_mark": tr("Strich zurückgenommen"),
        "generate_contacts": tr("Erfundene Kontakte erzeugt"),
        "create_visitor": tr("Personenakte angelegt"),
        "change_visitor": tr("Personenakte geändert"),
        "add_consent": tr("Einwilligung eingetragen"),
        "revoke_consent": tr("Widerruf einer Einwilligung eingetragen"),
        "undo_revocation": tr("Widerruf rückgängig gemacht"),
        "hold_erasure": tr("Löschung einer Personenakte ausgesetzt"),
        "release_erasure": tr("Aussetzung der Löschung aufgehoben"),
        "merge_visitors": tr("Personenakten zusammengeführt"),
        "undo_merge": tr("Zusammenführung rückgängig gemacht"),
        "issue_visit_card": tr("Besuchskarte ausgegeben"),
        "forget_visit_card": tr("Besuchskarte vergessen"),
        "make_visit_card_salt": tr("Besuchskarten eingerichtet"),
        "read_referral": tr("Übergabe gelesen"),
        "offer_referral": tr("Übergabe an ein anderes Büro angeboten"),
        "withdraw_referral": tr("Übergabe zurückgezogen"),
        "undo_withdrawal": tr("Zurückziehen einer Übergabe rückgängig gemacht"),
        "accept_referral": tr("Übergabe angenommen"),
        "decline_referral": tr("Übergabe abgelehnt"),
        "undo_answer": tr("Antwort auf eine Übergabe rückgängig gemacht"),
        "link_referral": tr("Übergabe mit Personenakte verbunden"),
        "empty_referral": tr("Angaben einer Übergabe entfernt"),
        "compare_partner_key": tr("Schlüssel eines anderen Büros verglichen"),
        "know_offices": tr("Liste der verbundenen Büros erneuert"),
        "import_directory": tr("Verzeichnis eingelesen"),
        "generate_services": tr("Erfundene Angebote erzeugt"),
        "verify_service": tr("Angebot als geprüft vermerkt"),
        "take_back_verification": tr("Vermerk „geprüft“ zurückgenommen"),
        "sign_in": tr("Angemeldet"),
        "failed_sign_ins": tr("Zuvor falsche Passwörter"),
        "create_account": tr("Erstes Konto angelegt"),
        "add_account": tr("Konto angelegt"),
        "reset_account": tr("Konto mit Einmal-Code zurückgesetzt"),
        "change_role": tr("Rolle eines Kontos geändert"),
        "remove_account": tr("Konto entfernt"),
        "restore_account": tr("Konto wiederhergestellt"),
        "change_password": tr("Eigenes Passwort geändert"),
        "use_one_time_code": tr("Passwort mit Einmal-Code gesetzt"),
        "use_recovery_key": tr("Passwort mit Wiederherstellungsblatt gesetzt"),
        "create_office": tr("Büro eingerichtet"),
        "change_office": tr("Angaben zum Büro geändert"),
        "save_social_spaces": tr("Sozialräume geändert"),
        "save_topics": tr("Themen geändert"),
        "confirm_clock": tr("Uhrzeit bestätigt"),
        "put_clock_right": tr("Uhrzeit berichtigt"),
        "make_office_keys": tr("Büro-Schlüssel für den Abgleich erzeugt"),
        "confirm_office_keys": tr("Wörter verglichen, Büro-Schlüssel angenommen"),
        "admit_desk": tr("Rechner in den Abgleich aufgenommen"),
        "revoke_desk": tr("Rechner vom Abgleich ausgeschlossen"),
        "succeed_desk": tr("Rechner nach einer Rückspielung neu angemeldet"),
        "print_office_key": tr("Büro-Schlüssel gedruckt"),
        "recover_office_keys": tr("Büro-Schlüssel mit dem gedruckten Blatt geholt"),
        "forget_office_keys": tr("Abgleich getrennt, Büro-Schlüssel gelöscht"),
        "connect_sync": tr("Mit dem Abgleich-Server verbunden"),
        "disconnect_sync": tr("Vom Abgleich-Server getrennt"),
        "sync_applied": tr("Neues von anderen Rechnern übernommen"),
        "sync_later": tr("Abgleich aufgeschoben"),
        "export_bundle": tr("Abgleich-Datei ausgegeben"),
        "import_bundle": tr("Abgleich-Datei übernommen"),
        "decide_conflict": tr("Konflikt entschieden"),
        "undo_conflict_decision": tr("Entscheidung über einen Konflikt zurückgenommen"),
        "dismiss_conflict": tr("Konflikt so belassen"),
        "begin_erasure": tr("Löschung begonnen"),
        "erase_data": tr("Daten gelöscht"),
        "repeat_erasures": tr("Löschungen wiederholt"),
        "change_retention": tr("Aufbewahrungsfrist geändert"),
        "export_statistics": tr("Statistik als Datei gespeichert"),
        "export_audit": tr("Protokoll als Datei gespeichert"),
        "choose_backup_folder": tr("Ordner für Sicherungen gewählt"),
        "forget_backup_folder": tr("Früheren Ordner für Sicherungen aufgegeben"),
        "remove_set_aside": tr("Beiseitegelegte Datei gelöscht"),
        "restore_backup": tr("Sicherung eingespielt"),
        "leave_log": tr("Ende des Protokolls vor der Rückspielung"),
        "salvage_database": tr("Daten aus einer beschädigten Datenbank gerettet"),
        "bring_back_keys": tr("Schlüsseldatei aus einer Sicherung zurückgeholt"),
    }


def kind_label(kind: AuditKind) -> str:
    """Return the word for what actions are about."""
    return {
        AuditKind.READING: tr("Gelesen"),
        AuditKind.CONTACTS: tr("Kontakte"),
        AuditKind.VISITORS: tr("Personenakten und Besuchskarten"),
        AuditKind.DIRECTORY: tr("Verzeichnis"),
        AuditKind.ACCOUNTS: tr("Konten und Anmeldungen"),
        AuditKind.OFFICE: tr("Büro und Einstellungen"),
        AuditKind.DATA: tr("Ausgaben und Sicherungen"),
        AuditKind.OTHER: tr("Sonstiges"),
    }[kind]


def subject_labels() -> Mapping[str, str]:
    """Return the words of the kinds of records."""
    return {
        "contact": tr("Kontakt"),
        "referral": tr("Weitervermittlung"),
        "tally_mark": tr("Strichliste"),
        "visitor": tr("Personenakte"),
        "consent": tr("Einwilligung"),
        "merge": tr("Zusammenführung"),
        "visit_card": tr("Besuchskarte"),
        "exchange_referral": tr("Übergabe"),
        "account": tr("Konto"),
        "office": tr("Büro"),
        "setting": tr("Einstellung"),
        "organization": tr("Anbieter"),
        "service": tr("Angebot"),
        "directory": tr("Verzeichnis"),
        "import_run": tr("Einlesen"),
        "backup": tr("Sicherung"),
        "database": tr("Datenbank"),
        "month": tr("Monat"),
        "retention": tr("Aufbewahrung"),
        "audit": tr("Protokoll"),
        "audit_end": tr("Prüfwert"),
        "count": tr("Anzahl"),
        "sync_device": tr("Rechner"),
        "bundle": tr("Abgleich-Datei"),
    }


def action_text(action: str) -> str:
    """Return the words of an action; one that is not known speaks for itself."""
    return action_labels().get(action, action)


def subject_text(record: AuditRecord) -> str:
    """Return which record it was about, short: no name of a visitor stands in the log."""
    label = subject_labels().get(record.subject_kind, record.subject_kind)
    if len(record.subject_id) == _UUID_LETTERS:
        return f"{label} …{record.subject_id[-_SHOWN_LETTERS:]}"
    return f"{label} {record.subject_id}" if record.subject_kind in _NAMED_BY_ID else label


def person_text(record: AuditRecord) -> str:
    """Return who it was."""
    return record.account_name or f"…{record.account_id[-_SHOWN_LETTERS:]}"


def report_sentences(report: ChainReport) -> tuple[str, ...]:
    """Return what a check found: first whether all is well, or the first place that is not."""
    if report.first_break is None:
        return tuple(_whole(report))
    sentences = [_break_sentence(report.first_break)]
    if report.breaks > 1:
        sentences.append(
            tr_count("Es gibt eine weitere Stelle.", "Es gibt {count} weitere solche Stellen.", report.breaks - 1)
        )
    if report.first_break.kind in {BreakKind.END_MISSING, BreakKind.REWRITTEN}:
        sentences.append(
            tr("Ist seither eine ältere Sicherung eingespielt worden, dann war das zu erwarten: Im Protokoll steht es als "
               "„Sicherung eingespielt“.")
        )  # fmt: skip
    sentences.append(
        tr("Bitte kopieren Sie den Ordner der Daten, bevor Sie weiterarbeiten, und sprechen Sie mit Ihrer oder Ihrem "
           "Datenschutzbeauftragten.")
    )  # fmt: skip
    return tuple(sentences)


def _whole(report: ChainReport) -> list[str]:
    if report.head is None:
        return [tr("Das Protokoll ist leer.")]
    sentences = [
        tr_count(
            "Das Protokoll ist in sich unverändert: ein Eintrag.",
            "Das Protokoll ist in sich unverändert: {shown} Einträge, jeder passt zum vorigen.",
            report.entries,
            shown=german_number(report.entries),
        )
    ]
    if report.anchor is not None:
        sentences.append(tr("Auch der Prüfwert zu Eintrag {number} passt.", number=report.anchor.sequence))
    else:
        sentences.append(
            tr("Ob jemand am Ende Einträge abgeschnitten oder alles neu berechnet hat, zeigt nur ein früher notierter "
               "Prüfwert.")
        )  # fmt: skip
    return sentences


def _break_sentence(found: ChainBreak) -> str:
    if found.kind is BreakKind.END_MISSING:
        return tr(
            "Der Prüfwert gehört zu Eintrag {number}, das Protokoll endet aber mit Eintrag {last}: Das Ende fehlt.",
            number=found.sequence,
            last=found.before,
        )
    if found.kind is BreakKind.REWRITTEN:
        return tr(
            "Eintrag {number} ist nicht mehr der, zu dem der Prüfwert gehört: Das Protokoll wurde ersetzt oder neu "
            "berechnet.",
            number=found.sequence,
        )
    if found.kind is BreakKind.BEGINS_LATE:
        return tr("Das Protokoll beginnt mit Eintrag {number} statt mit Eintrag 1.", number=found.sequence)
    if found.kind is BreakKind.MISSING:
        return tr(
            "Zwischen Eintrag {before} und Eintrag {number} ({moment}) fehlen Einträge.",
            before=found.before,
            number=found.sequence,
            moment=_moment_text(found.at),
        )
    if found.before == 0:
        return tr(
            "Eintrag 1 ({moment}) passt nicht zu seiner Prüfsumme: Er wurde verändert oder ersetzt.",
            moment=_moment_text(found.at),
        )
    return tr(
        "Eintrag {number} ({moment}) passt nicht zu seiner Prüfsumme: Er wurde verändert, eingefügt oder verschoben, "
        "oder Eintrag {before} davor.",
        number=found.sequence,
        moment=_moment_text(found.at),
        before=found.before,
    )


def _moment_text(text: str) -> str:
    try:
        at = from_text(text).astimezone(office_zone())
    except ValueError:
        return tr("Zeit unlesbar")
    return tr("{day}, {time} Uhr", day=short_date(at.date()), time=f"{at:%H:%M}")
