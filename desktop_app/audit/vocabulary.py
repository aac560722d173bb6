"""The actions that get into the log, and what each is about. Their words stand in `desktop_app.audit.wording`.

A test finds every action in the program's text: one that is missing here fails it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop_app.audit.records import AuditKind

_BY_KIND: Mapping[AuditKind, tuple[str, ...]] = {
    AuditKind.READING: ("read_note", "read_visitor", "read_referral", "answer_access_request"),
    AuditKind.CONTACTS: (
        "record_contact",
        "correct_contact",
        "withdraw_contact",
        "restore_contact",
        "set_referral_state",
        "set_referral_due",
        "add_tally_mark",
        "withdraw_tally_mark",
        "generate_contacts",
    ),
    AuditKind.VISITORS: (
        "create_visitor",
        "change_visitor",
        "add_consent",
        "revoke_consent",
        "undo_revocation",
        "hold_erasure",
        "release_erasure",
        "merge_visitors",
        "undo_merge",
        "issue_visit_card",
        "forget_visit_card",
        "make_visit_card_salt",
        "offer_referral",
        "withdraw_referral",
        "undo_withdrawal",
        "accept_referral",
        "decline_referral",
        "undo_answer",
        "link_referral",
        "empty_referral",
        "compare_partner_key",
        "know_offices",
    ),
    AuditKind.DIRECTORY: ("import_directory", "generate_services", "verify_service", "take_back_verification"),
    AuditKind.ACCOUNTS: (
        "sign_in",
        "failed_sign_ins",
        "create_account",
        "add_account",
        "reset_account",
        "change_role",
        "remove_account",
        "restore_account",
        "change_password",
        "use_one_time_code",
        "use_recovery_key",
    ),
    AuditKind.OFFICE: (
        "create_office",
        "change_office",
        "save_social_spaces",
        "save_topics",
        "confirm_clock",
        "put_clock_right",
        "make_office_keys",
        "confirm_office_keys",
        "admit_desk",
        "revoke_desk",
        "succeed_desk",
        "print_office_key",
        "recover_office_keys",
        "forget_office_keys",
        "connect_sync",
        "disconnect_sync",
        "sync_applied",
        "sync_later",
        "export_bundle",
        "import_bundle",
        "decide_conflict",
        "undo_conflict_decision",
        "dismiss_conflict",
    ),
    AuditKind.DATA: (
        "begin_erasure",
        "erase_data",
        "repeat_erasures",
        "change_retention",
        "export_statistics",
        "export_audit",
        "choose_backup_folder",
        "forget_backup_folder",
        "remove_set_aside",
        "restore_backup",
        "leave_log",
        "salvage_database",
        "bring_back_keys",
    ),
}

ACTION_KINDS: Mapping[str, AuditKind] = MappingProxyType(
    {action: kind for kind, actions in _BY_KIND.items() for action in actions}
)


def actions_of(kind: AuditKind) -> tuple[str, ...]:
    """Return the actions of a kind; OTHER has none of its own."""
    return _BY_KIND.get(kind, ())
