"""Who may do what: the one declared table of roles and actions.

Services are guarded by it (`desktop_app.access.guard`), the screen hides what it forbids, and the page „Rechte“ shows it.
The words for people stand in `desktop_app.access.wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is to the office; every account has one."""

    FRONT_DESK = "front_desk"  # Empfang, often volunteers
    COUNSELLING = "counselling"  # Beratung
    COORDINATION = "coordination"  # Koordination
    ADMINISTRATION = "administration"  # Verwaltung: accounts and settings, no client data
    ANALYSIS = "analysis"  # Auswertung: numbers only


class Action(StrEnum):
    """Something a role may or may not do. Services name one per public method."""

    SEE_OFFICE = "see_office"  # its name, topics, social spaces; no client data
    CHANGE_OFFICE = "change_office"
    MANAGE_ACCOUNTS = "manage_accounts"
    RENEW_RECOVERY_KEY = "renew_recovery_key"  # whoever holds the printed key can open everything
    CHANGE_OWN_PASSWORD = "change_own_password"  # noqa: S105 - an action
    KEEP_OPTIONS = "keep_options"  # what a desk remembers: paper, who waits since when
    SEE_DIRECTORY = "see_directory"
    CONFIRM_DIRECTORY = "confirm_directory"  # „geprüft“
    CHANGE_DIRECTORY = "change_directory"
    MAKE_HANDOUTS = "make_handouts"
    RECORD_CONTACTS = "record_contacts"
    SEE_CONTACTS = "see_contacts"
    CORRECT_CONTACTS = "correct_contacts"
    READ_NOTES = "read_notes"  # confidential notes apart from the statistics row
    SEE_STATISTICS = "see_statistics"
    FIND_VISITORS = "find_visitors"  # search visitor files and see that there is one
    READ_VISITOR_FILES = "read_visitor_files"
    CHANGE_VISITOR_FILES = "change_visitor_files"
    MERGE_VISITOR_FILES = "merge_visitor_files"
    OFFER_REFERRALS = "offer_referrals"  # to another office, on a recorded consent
    ANSWER_REFERRALS = "answer_referrals"  # that another office offered
    ERASE_CLIENT_DATA = "erase_client_data"
    ANSWER_ACCESS_REQUESTS = "answer_access_requests"  # Art. 15: everything about one person
    SEE_RETENTION = "see_retention"
    CHANGE_RETENTION = "change_retention"
    READ_AUDIT = "read_audit"
    MAKE_BACKUPS = "make_backups"  # also verify them and run the restore drill: encrypted, counts only
    RESTORE_BACKUPS = "restore_backups"
    SEE_SYNC = "see_sync"  # how the connection stands, and bring it into step; no client data
    MANAGE_SYNC = "manage_sync"  # whoever lets a desk in hands on the office's keys
    DECIDE_CONFLICTS = "decide_conflicts"  # of what the role may read anyway


#: actions that show or change what is known about a visitor; Verwaltung and Auswertung have none of them
CLIENT_DATA = frozenset(
    {
        Action.RECORD_CONTACTS,
        Action.SEE_CONTACTS,
        Action.CORRECT_CONTACTS,
        Action.READ_NOTES,
        Action.FIND_VISITORS,
        Action.READ_VISITOR_FILES,
        Action.CHANGE_VISITOR_FILES,
        Action.MERGE_VISITOR_FILES,
        Action.OFFER_REFERRALS,
        Action.ANSWER_REFERRALS,
        Action.ERASE_CLIENT_DATA,
        Action.ANSWER_ACCESS_REQUESTS,
    }
)

_EVERYBODY = frozenset({Action.SEE_OFFICE, Action.SEE_SYNC, Action.CHANGE_OWN_PASSWORD})
_FRONT_DESK = _EVERYBODY | {
    Action.KEEP_OPTIONS,
    Action.SEE_DIRECTORY,
    Action.CONFIRM_DIRECTORY,
    Action.MAKE_HANDOUTS,
    Action.RECORD_CONTACTS,
    Action.SEE_CONTACTS,
    Action.CORRECT_CONTACTS,
    Action.DECIDE_CONFLICTS,
}
_COUNSELLING = _FRONT_DESK | {
    Action.READ_NOTES,
    Action.SEE_STATISTICS,
    Action.FIND_VISITORS,
    Action.READ_VISITOR_FILES,
    Action.CHANGE_VISITOR_FILES,
    Action.OFFER_REFERRALS,
    Action.ANSWER_REFERRALS,
}

ROLE_ACTIONS: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.FRONT_DESK: _FRONT_DESK,
        Role.COUNSELLING: _COUNSELLING,
        Role.COORDINATION: frozenset(Action),
        Role.ADMINISTRATION: _EVERYBODY
        | {
            Action.CHANGE_OFFICE,
            Action.KEEP_OPTIONS,
            Action.MANAGE_ACCOUNTS,
            Action.SEE_DIRECTORY,
            Action.SEE_RETENTION,
            Action.READ_AUDIT,
            Action.MAKE_BACKUPS,
        },
        Role.ANALYSIS: _EVERYBODY | {Action.SEE_STATISTICS},
    }
)

#: Which accounts a role may add, change, reset and remove. Verwaltung gives nobody a way to client data,
#: so it can't give one to itself either.
MANAGED_ROLES: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        Role.COORDINATION: frozenset(Role),
        Role.ADMINISTRATION: frozenset({Role.ADMINISTRATION, Role.ANALYSIS}),
    }
)


def allowed(role: Role, action: Action) -> bool:
    """Tell whether a role may do something."""
    return action in ROLE_ACTIONS[role]


def may_manage(role: Role, other: Role) -> bool:
    """Tell whether a role may manage accounts of another role."""
    return other in MANAGED_ROLES.get(role, frozenset())
