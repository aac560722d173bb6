"""The guard around every service: what an account may not do raises before the service is reached.

The decision is made once, when the services of a signed-in account are wired: a permitted method *is* the service's own
bound method, so the guard costs nothing on the way of a saved contact or a search.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NoReturn, TypeVar, cast

from desktop_app.access.wording import action_label, role_label
from desktop_app.core.actor import Actor
from desktop_app.core.errors import UserError
from desktop_app.core.permissions import Action, Role, allowed
from desktop_app.core.translation import tr

Service = TypeVar("Service")


class NotAllowed(UserError):
    """The signed-in account may not do this."""


#: Every public method of every service that `Application` hands out. A test fails when one has no row.
METHOD_ACTIONS: Mapping[tuple[str, str], Action] = MappingProxyType(
    {
        ("SettingsService", "office"): Action.SEE_OFFICE,
        ("SettingsService", "social_spaces"): Action.SEE_OFFICE,
        ("SettingsService", "topics"): Action.SEE_OFFICE,
        ("SettingsService", "value"): Action.SEE_OFFICE,
        ("SettingsService", "set_value"): Action.KEEP_OPTIONS,
        ("PrivacyDocuments", "documents"): Action.SEE_OFFICE,
        ("PrivacyDocuments", "write"): Action.SEE_OFFICE,
        ("ClockCare", "verdict"): Action.SEE_OFFICE,
        ("ClockCare", "sentence"): Action.SEE_OFFICE,
        ("ClockCare", "confirm"): Action.KEEP_OPTIONS,
        ("ClockCare", "put_right"): Action.KEEP_OPTIONS,
        ("SettingsService", "create_office"): Action.CHANGE_OFFICE,
        ("SettingsService", "change_office"): Action.CHANGE_OFFICE,
        ("SettingsService", "save_social_spaces"): Action.CHANGE_OFFICE,
        ("SettingsService", "save_topics"): Action.CHANGE_OFFICE,
        ("ContactService", "record_contact"): Action.RECORD_CONTACTS,
        ("ContactService", "correct_contact"): Action.CORRECT_CONTACTS,
        ("ContactService", "withdraw_contact"): Action.CORRECT_CONTACTS,
        ("ContactService", "restore_contact"): Action.CORRECT_CONTACTS,
        ("ContactService", "set_referral_state"): Action.CORRECT_CONTACTS,
        ("ContactService", "set_referral_due"): Action.CORRECT_CONTACTS,
        ("ContactService", "read_note"): Action.READ_NOTES,
        ("ContactQueries", "contacts_of_day"): Action.SEE_CONTACTS,
        ("ContactQueries", "contact"): Action.SEE_CONTACTS,
        ("ContactQueries", "latest_contact_of"): Action.SEE_CONTACTS,
        ("ContactQueries", "history"): Action.SEE_CONTACTS,
        ("ContactQueries", "last_changed_by"): Action.SEE_CONTACTS,
        ("ContactQueries", "count_by_topic"): Action.SEE_CONTACTS,
        ("ContactQueries", "due_referrals"): Action.SEE_CONTACTS,
        ("ContactQueries", "tally"): Action.SEE_CONTACTS,
        ("ContactDrafts", "open_drafts"): Action.RECORD_CONTACTS,
        ("ContactDrafts", "keep"): Action.RECORD_CONTACTS,
        ("ContactDrafts", "discard"): Action.RECORD_CONTACTS,
        ("TallyService", "add_mark"): Action.RECORD_CONTACTS,
        ("TallyService", "withdraw_mark"): Action.RECORD_CONTACTS,
        ("TallyService", "withdraw_last_mark"): Action.RECORD_CONTACTS,
        ("DirectoryQueries", "warm_up"): Action.SEE_DIRECTORY,
        ("DirectoryQueries", "search"): Action.SEE_DIRECTORY,
        ("DirectoryQueries", "service"): Action.SEE_DIRECTORY,
        ("DirectoryQueries", "services_by_ids"): Action.SEE_DIRECTORY,
        ("DirectoryQueries", "count"): Action.SEE_DIRECTORY,
        ("DirectoryService", "import_directory"): Action.CHANGE_DIRECTORY,
        ("DirectoryService", "confirm_verified"): Action.CONFIRM_DIRECTORY,
        ("DirectoryService", "take_back_verification"): Action.CONFIRM_DIRECTORY,
        ("HandoutService", "prepare"): Action.MAKE_HANDOUTS,
        ("HandoutService", "info_sheet"): Action.MAKE_HANDOUTS,
        ("HandoutService", "recovery_sheet"): Action.RENEW_RECOVERY_KEY,
        ("AccountService", "accounts"): Action.MANAGE_ACCOUNTS,
        ("AccountService", "add_account"): Action.MANAGE_ACCOUNTS,
        ("AccountService", "issue_code"): Action.MANAGE_ACCOUNTS,
        ("AccountService", "change_role"): Action.MANAGE_ACCOUNTS,
        ("AccountService", "remove_account"): Action.MANAGE_ACCOUNTS,
        ("AccountService", "restore_account"): Action.MANAGE_ACCOUNTS,
        ("AccountService", "change_own_password"): Action.CHANGE_OWN_PASSWORD,
        ("StatisticsService", "month"): Action.SEE_STATISTICS,
        ("StatisticsService", "export"): Action.SEE_STATISTICS,
        ("VisitorQueries", "search"): Action.FIND_VISITORS,
        ("VisitorQueries", "possible_duplicates"): Action.FIND_VISITORS,
        ("VisitorQueries", "hit"): Action.FIND_VISITORS,
        ("VisitorQueries", "link_of"): Action.FIND_VISITORS,
        ("VisitorQueries", "without_consent"): Action.ERASE_CLIENT_DATA,
        ("VisitorService", "create_file"): Action.CHANGE_VISITOR_FILES,
        ("VisitorService", "change_file"): Action.CHANGE_VISITOR_FILES,
        ("VisitorService", "open_file"): Action.READ_VISITOR_FILES,
        ("VisitorService", "access_report"): Action.ANSWER_ACCESS_REQUESTS,
        ("VisitorService", "hold_erasure"): Action.ERASE_CLIENT_DATA,
        ("VisitorService", "release_erasure"): Action.ERASE_CLIENT_DATA,
        ("VisitorService", "add_consent"): Action.CHANGE_VISITOR_FILES,
        ("VisitorService", "revoke_consent"): Action.CHANGE_VISITOR_FILES,
        ("VisitorService", "undo_revocation"): Action.CHANGE_VISITOR_FILES,
        ("VisitorService", "record_contact"): Action.CHANGE_VISITOR_FILES,
        ("VisitorService", "correct_contact"): Action.CHANGE_VISITOR_FILES,
        ("VisitorDrafts", "open_draft"): Action.CHANGE_VISITOR_FILES,
        ("VisitorDrafts", "keep"): Action.CHANGE_VISITOR_FILES,
        ("VisitorDrafts", "discard"): Action.CHANGE_VISITOR_FILES,
        ("VisitorDrafts", "drop_old"): Action.CHANGE_VISITOR_FILES,
        ("MergeService", "merge_files"): Action.MERGE_VISITOR_FILES,
        ("MergeService", "undo_merge"): Action.MERGE_VISITOR_FILES,
        ("VisitCardService", "issue_card"): Action.RECORD_CONTACTS,
        ("VisitCardService", "recognise"): Action.RECORD_CONTACTS,
        ("VisitCardService", "card"): Action.RECORD_CONTACTS,
        ("VisitCardService", "card_of"): Action.SEE_CONTACTS,
        ("VisitCardService", "forget_card"): Action.RECORD_CONTACTS,
        ("VisitCardService", "record_contact"): Action.RECORD_CONTACTS,
        ("VisitCardService", "correct_contact"): Action.CORRECT_CONTACTS,
        ("VisitorFormService", "consent_form"): Action.MAKE_HANDOUTS,
        ("VisitorFormService", "secrecy_release"): Action.MAKE_HANDOUTS,
        ("VisitorFormService", "visit_card"): Action.MAKE_HANDOUTS,
        ("VisitorFormService", "access_answer"): Action.ANSWER_ACCESS_REQUESTS,
        ("VisitorFormService", "access_data"): Action.ANSWER_ACCESS_REQUESTS,
        ("ExchangeQueries", "is_connected"): Action.OFFER_REFERRALS,
        ("ExchangeQueries", "partners"): Action.OFFER_REFERRALS,
        ("ExchangeQueries", "comparison_number"): Action.OFFER_REFERRALS,
        ("ExchangeQueries", "usable_consents"): Action.OFFER_REFERRALS,
        ("ExchangeQueries", "sent"): Action.OFFER_REFERRALS,
        ("ExchangeQueries", "received"): Action.ANSWER_REFERRALS,
        ("ExchangeQueries", "unreadable"): Action.ANSWER_REFERRALS,
        ("ExchangeQueries", "with_unknown_key"): Action.ANSWER_REFERRALS,
        ("ExchangeQueries", "waiting"): Action.ANSWER_REFERRALS,
        ("ExchangeService", "confirm_partner"): Action.OFFER_REFERRALS,
        ("ExchangeService", "preview"): Action.OFFER_REFERRALS,
        ("ExchangeService", "offer"): Action.OFFER_REFERRALS,
        ("ExchangeService", "withdraw"): Action.OFFER_REFERRALS,
        ("ExchangeService", "undo_withdrawal"): Action.OFFER_REFERRALS,
        ("ExchangeService", "open_referral"): Action.ANSWER_REFERRALS,
        ("ExchangeService", "accept"): Action.ANSWER_REFERRALS,
        ("ExchangeService", "decline"): Action.ANSWER_REFERRALS,
        ("ExchangeService", "undo_answer"): Action.ANSWER_REFERRALS,
        ("ExchangeService", "link_file"): Action.ANSWER_REFERRALS,
        ("ExchangeService", "drop_content"): Action.ANSWER_REFERRALS,
        ("BackupService", "status"): Action.SEE_OFFICE,
        ("BackupService", "make_due"): Action.SEE_OFFICE,
        ("BackupService", "make_before"): Action.SEE_OFFICE,
        ("BackupService", "make_before_import"): Action.CHANGE_DIRECTORY,
        ("BackupService", "backups"): Action.MAKE_BACKUPS,
        ("BackupService", "former_places"): Action.SEE_RETENTION,
        ("BackupService", "forget_place"): Action.MAKE_BACKUPS,
        ("BackupService", "set_aside"): Action.SEE_RETENTION,
        ("BackupService", "remove_set_aside"): Action.ERASE_CLIENT_DATA,
        ("BackupService", "choose_folder"): Action.MAKE_BACKUPS,
        ("BackupService", "make"): Action.MAKE_BACKUPS,
        ("BackupService", "verify"): Action.MAKE_BACKUPS,
        ("BackupService", "check_database"): Action.MAKE_BACKUPS,
        ("BackupService", "drill"): Action.MAKE_BACKUPS,
        ("BackupService", "preview"): Action.RESTORE_BACKUPS,
        ("BackupService", "bring_in"): Action.RESTORE_BACKUPS,
        ("RetentionService", "rules"): Action.SEE_RETENTION,
        ("RetentionService", "due_lists"): Action.SEE_RETENTION,
        ("RetentionService", "due_items"): Action.SEE_RETENTION,
        ("RetentionService", "held_items"): Action.SEE_RETENTION,
        ("RetentionService", "due_names"): Action.READ_VISITOR_FILES,
        ("RetentionService", "needs_clean_up"): Action.SEE_OFFICE,
        ("RetentionService", "rewrite_at_rest"): Action.SEE_OFFICE,
        ("RetentionService", "reminder"): Action.ERASE_CLIENT_DATA,
        ("RetentionService", "preview_note"): Action.ERASE_CLIENT_DATA,
        ("RetentionService", "preview_visitor"): Action.ERASE_CLIENT_DATA,
        ("RetentionService", "change_rule"): Action.CHANGE_RETENTION,
        ("RetentionService", "erase_due"): Action.ERASE_CLIENT_DATA,
        ("RetentionService", "erase_note"): Action.ERASE_CLIENT_DATA,
        ("RetentionService", "erase_visitor"): Action.ERASE_CLIENT_DATA,
        ("RetentionService", "clean_up"): Action.ERASE_CLIENT_DATA,
        ("RetentionService", "receipt_pdf"): Action.ERASE_CLIENT_DATA,
        ("SyncService", "status"): Action.SEE_SYNC,
        ("SyncService", "shares"): Action.SEE_SYNC,
        ("SyncService", "parked"): Action.SEE_SYNC,
        ("SyncService", "run"): Action.SEE_SYNC,
        ("BundleService", "status"): Action.SEE_SYNC,
        ("BundleService", "export"): Action.SEE_SYNC,
        ("BundleService", "take_over"): Action.SEE_SYNC,
        ("SyncService", "preview"): Action.MANAGE_SYNC,
        ("SyncService", "begun_with"): Action.MANAGE_SYNC,
        ("SyncService", "connect"): Action.MANAGE_SYNC,
        ("SyncService", "recovery_sheet"): Action.MANAGE_SYNC,
        ("SyncService", "confirm_recovery"): Action.MANAGE_SYNC,
        ("SyncService", "recover"): Action.MANAGE_SYNC,
        ("SyncService", "admission_words"): Action.MANAGE_SYNC,
        ("SyncService", "confirm_admission"): Action.MANAGE_SYNC,
        ("SyncService", "waiting_desks"): Action.MANAGE_SYNC,
        ("SyncService", "words_of"): Action.MANAGE_SYNC,
        ("SyncService", "admit"): Action.MANAGE_SYNC,
        ("SyncService", "invite"): Action.MANAGE_SYNC,
        ("SyncService", "desks"): Action.MANAGE_SYNC,
        ("SyncService", "revoke"): Action.MANAGE_SYNC,
        ("SyncService", "pause"): Action.MANAGE_SYNC,
        ("SyncService", "resume"): Action.MANAGE_SYNC,
        ("SyncService", "disconnect"): Action.MANAGE_SYNC,
        ("SyncService", "conflicts"): Action.DECIDE_CONFLICTS,
        ("SyncService", "count_decided"): Action.DECIDE_CONFLICTS,
        ("SyncService", "conflict"): Action.DECIDE_CONFLICTS,
        ("SyncService", "decide"): Action.DECIDE_CONFLICTS,
        ("SyncService", "undo_decision"): Action.DECIDE_CONFLICTS,
        ("SyncService", "dismiss"): Action.DECIDE_CONFLICTS,
        ("SyncService", "dismiss_all"): Action.DECIDE_CONFLICTS,
        ("SyncService", "take_back"): Action.DECIDE_CONFLICTS,
        ("ContactGenerator", "generate"): Action.CHANGE_OFFICE,
        ("AuditQueries", "page"): Action.READ_AUDIT,
        ("AuditQueries", "people"): Action.READ_AUDIT,
        ("AuditService", "verify"): Action.READ_AUDIT,
        ("AuditService", "anchor"): Action.READ_AUDIT,
        ("AuditService", "export"): Action.READ_AUDIT,
    }
)


class _Guard:
    """Stands in for a service; holds its permitted methods and a refusal in place of each other one."""

    def __init__(self, service: object, actor: Actor) -> None:
        kind = type(service)
        self.__dict__["guarded_kind"] = kind
        for (class_name, name), action in METHOD_ACTIONS.items():
            if class_name == kind.__name__:
                method = getattr(service, name)
                self.__dict__[name] = method if allowed(actor.role, action) else _refusal(actor.role, action)

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{self.__dict__['guarded_kind'].__name__}.{name} has no row in METHOD_ACTIONS")


def guarded(service: Service, actor: Actor) -> Service:
    """Return the service as `actor` may use it.

    Its methods raise NotAllowed when the role of `actor` lacks the action declared for them; whatever has no row
    in METHOD_ACTIONS can't be reached at all.
    """
    return cast("Service", _Guard(service, actor))


def guarded_kind(service: object) -> type | None:
    """Return the class behind a guard, None for what is not guarded."""
    return service.__dict__["guarded_kind"] if isinstance(service, _Guard) else None


def require(role: Role, action: Action) -> None:
    """Refuse what a role may not do, for commands that are not methods of a service.

    Raises:
        NotAllowed: the role lacks the action.
    """
    if not allowed(role, action):
        raise NotAllowed(
            tr(
                "Das darf die Rolle „{role}“ nicht: {action}. Wenn Sie es für Ihre Arbeit brauchen, fragen Sie die "
                "Koordination.",
                role=role_label(role),
                action=action_label(action),
            )
        )


def _refusal(role: Role, action: Action) -> Callable[..., NoReturn]:
    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        require(role, action)
        raise AssertionError("an allowed action was refused")

    return refuse
