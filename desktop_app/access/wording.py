"""Roles and actions in words, for the page „Rechte“, for refusals and for the command line."""

from __future__ import annotations

from desktop_app.access.records import AccountState
from desktop_app.core.permissions import Action, Role
from desktop_app.core.translation import tr


def role_label(role: Role) -> str:
    """Return the name of a role."""
    match role:
        case Role.FRONT_DESK:
            return tr("Empfang")
        case Role.COUNSELLING:
            return tr("Beratung")
        case Role.COORDINATION:
            return tr("Koordination")
        case Role.ADMINISTRATION:
            return tr("Verwaltung")
        case Role.ANALYSIS:
            return tr("Auswertung")


def role_explanation(role: Role) -> str:
    """Return in one sentence what a role is for."""
    match role:
        case Role.FRONT_DESK:
            return tr("erfasst Kontakte, sucht Angebote und druckt; liest keine vertraulichen Notizen")
        case Role.COUNSELLING:
            return tr("wie Empfang, dazu vertrauliche Notizen, Personenakten und Zahlen")
        case Role.COORDINATION:
            return tr("darf alles und ist für alles verantwortlich")
        case Role.ADMINISTRATION:
            return tr("Konten, Angaben zum Büro und Sicherungen; keine Daten über Besucherinnen und Besucher")
        case Role.ANALYSIS:
            return tr("nur Zahlen")


def state_label(state: AccountState) -> str:
    """Return the state of an account in words."""
    match state:
        case AccountState.ACTIVE:
            return tr("aktiv")
        case AccountState.WAITING:
            return tr("wartet auf den Einmal-Code")
        case AccountState.REMOVED:
            return tr("entfernt")


def action_label(action: Action) -> str:  # noqa: PLR0911, PLR0912, C901 - one line per action
    """Return an action in plain words."""
    match action:
        case Action.SEE_OFFICE:
            return tr("Name des Büros, Themen und Sozialräume sehen")
        case Action.CHANGE_OFFICE:
            return tr("Angaben zum Büro, Themen und Sozialräume ändern")
        case Action.MANAGE_ACCOUNTS:
            return tr("Konten verwalten")
        case Action.RENEW_RECOVERY_KEY:
            return tr("ein neues Wiederherstellungsblatt machen")
        case Action.CHANGE_OWN_PASSWORD:
            return tr("das eigene Passwort ändern")
        case Action.KEEP_OPTIONS:
            return tr("Einstellungen des Arbeitsplatzes merken")
        case Action.SEE_DIRECTORY:
            return tr("Angebote suchen und lesen")
        case Action.CONFIRM_DIRECTORY:
            return tr("Angebote als geprüft vermerken")
        case Action.CHANGE_DIRECTORY:
            return tr("ein Verzeichnis einlesen")
        case Action.MAKE_HANDOUTS:
            return tr("Infoblätter drucken")
        case Action.RECORD_CONTACTS:
            return tr("Kontakte erfassen")
        case Action.SEE_CONTACTS:
            return tr("erfasste Kontakte sehen")
        case Action.CORRECT_CONTACTS:
            return tr("Kontakte ändern, löschen und nachverfolgen")
        case Action.READ_NOTES:
            return tr("vertrauliche Notizen lesen")
        case Action.SEE_STATISTICS:
            return tr("Zahlen sehen und ausgeben")
        case Action.FIND_VISITORS:
            return tr("Personenakten suchen")
        case Action.READ_VISITOR_FILES:
            return tr("Personenakten lesen")
        case Action.CHANGE_VISITOR_FILES:
            return tr("Personenakten anlegen und ändern")
        case Action.MERGE_VISITOR_FILES:
            return tr("Personenakten zusammenführen")
        case Action.OFFER_REFERRALS:
            return tr("Personen mit ihrer Einwilligung an ein anderes Büro übergeben")
        case Action.ANSWER_REFERRALS:
            return tr("Übergaben anderer Büros lesen und beantworten")
        case Action.ERASE_CLIENT_DATA:
            return tr("Daten über Personen endgültig löschen")
        case Action.ANSWER_ACCESS_REQUESTS:
            return tr("Auskunft über alle Daten einer Person geben")
        case Action.SEE_RETENTION:
            return tr("Löschfristen sehen")
        case Action.CHANGE_RETENTION:
            return tr("Löschfristen ändern")
        case Action.READ_AUDIT:
            return tr("das Protokoll lesen, prüfen und ausgeben")
        case Action.MAKE_BACKUPS:
            return tr("Daten sichern und Sicherungen prüfen")
        case Action.RESTORE_BACKUPS:
            return tr("eine Sicherung zurückspielen")
        case Action.SEE_SYNC:
            return tr("den Stand des Abgleichs sehen und jetzt abgleichen")
        case Action.MANAGE_SYNC:
            return tr("Rechner verbinden, hereinlassen und sperren")
        case Action.DECIDE_CONFLICTS:
            return tr("über Konflikte beim Abgleich entscheiden")
