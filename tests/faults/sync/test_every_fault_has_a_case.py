"""The faults that every run of the tests has to survive, and where each of them is tried."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]
HERE = "faults/sync"
NETWORK = f"{HERE}/test_network.py::test_a_round_meets_a_fault_and_the_next_one_ends_it"
TAMPERED = f"{HERE}/test_what_the_hub_shows.py::test_what_nobody_sealed_so_is_told_and_changes_nothing"
ASKED = f"{HERE}/test_what_a_person_asked.py::"
COMPUTER = f"{HERE}/test_this_computer.py::"

#: The list of the design, in its order: with each of them nothing may be lost and nothing doubled.
FAULTS: Mapping[str, tuple[str, ...]] = {
    "kill -9 of the client between outbox, push, answer, cursor": (
        f"{HERE}/test_killed_desk.py::test_a_desk_is_killed_again_and_again",
        f"{HERE}/test_connecting.py::test_a_first_desk_is_killed_while_it_connects",
        f"{HERE}/test_killed_bundle.py::test_a_desk_is_killed_while_it_gives_out",
        f"{HERE}/test_killed_bundle.py::test_a_desk_is_killed_while_it_takes_over",
        f"{HERE}/test_killed_bundle.py::test_a_file_of_a_killed_desk_is_not_taken_for_its_next_one",
    ),
    "kill -9 of the hub mid-push": (
        f"{HERE}/test_other_hubs.py::test_a_hub_that_is_killed_in_the_middle_of_a_push",
        "hub/test_killed.py::test_a_push_stands_whole_or_not_at_all_after_kill_9",
    ),
    "response lost after commit": (
        NETWORK,
        f"{HERE}/test_connecting.py::test_the_net_goes_while_a_first_desk_connects",
        f"{HERE}/test_connecting.py::test_the_net_goes_while_a_further_desk_connects",
        f"{HERE}/test_connecting.py::test_a_first_desk_without_its_key_says_so_and_the_same_code_goes_on",
        f"{HERE}/test_network.py::test_a_lost_answer_and_a_further_edit_are_no_conflict_with_oneself",
        f"{HERE}/test_network.py::test_a_413_after_a_lost_answer",
    ),
    "requests doubled": (f"{HERE}/test_network.py::test_a_request_that_arrives_twice",),
    "requests reordered": (
        f"{HERE}/test_network.py::test_a_push_that_arrives_after_a_later_one",
        f"{HERE}/test_network.py::test_a_push_that_arrives_again_much_later",
    ),
    "requests cut": (NETWORK,),
    "garbled body": (NETWORK, f"{HERE}/test_network.py::test_a_garbled_request_is_refused_whole"),
    "mixed results in one push": (f"{HERE}/test_meetings.py::test_mixed_results_in_one_push",),
    "8 writers and a polling reader": ("hub/test_many_writers.py::test_nothing_is_lost_and_nothing_is_missed",),
    "the same record on 2 and 3 devices in every order": (
        f"{HERE}/test_meetings.py::test_the_same_record_on_several_desks_in_every_order",
    ),
    "delete/edit": ("sync/test_two_desks.py::test_deleted_here_and_changed_there",),
    "erase/edit": ("sync/test_two_desks.py::test_erased_stays_erased",),
    "recreate": (
        f"{HERE}/test_meetings.py::test_what_was_deleted_is_made_again",
        "sync/test_two_desks.py::test_a_due_note_goes_everywhere_and_a_new_one_may_follow",
    ),
    "hub restored from an older backup with and without new writes": (
        f"{HERE}/test_bundle_around_a_restore.py::test_one_desk_has_met_the_restored_hub",
        f"{HERE}/test_other_hubs.py::test_a_hub_from_an_older_backup",
        f"{HERE}/test_other_hubs.py::test_a_hub_put_back_without_the_runbook",
        f"{HERE}/test_other_hubs.py::test_a_hub_put_back_in_the_middle_of_a_push",
    ),
    "empty hub": (f"{HERE}/test_other_hubs.py::test_an_empty_hub",),
    "wrong hub": (
        f"{HERE}/test_other_hubs.py::test_a_wrong_hub",
        f"{ASKED}test_which_hub_answers_is_asked_without_a_token",
        f"{HERE}/test_other_hubs.py::test_two_hubs_that_answer_in_turn",
        f"{HERE}/test_other_hubs.py::test_a_hub_that_does_not_know_this_desk",
    ),
    "clocks ±10 years": (f"{COMPUTER}test_a_clock_that_is_ten_years_off",),
    "401 mid-sync": (f"{HERE}/test_keys.py::test_a_desk_that_is_shut_out_in_the_middle_of_a_round",),
    "403": (NETWORK, f"{ASKED}test_a_connected_desk_asks_and_gets_nothing"),
    "404": (NETWORK,),
    "413": (
        f"{HERE}/test_network.py::test_a_413_is_answered_with_halves",
        f"{HERE}/test_network.py::test_a_record_that_is_too_large_waits_and_goes_when_it_is_shorter",
    ),
    "429": (
        NETWORK,
        f"{ASKED}test_connecting_gets_nothing",
        f"{ASKED}test_the_round_afterwards_keeps_its_own_sentence",
    ),
    "503 with Retry-After": (NETWORK,),
    "captive portal (200 with HTML)": (
        NETWORK,
        f"{ASKED}test_asking_which_hub_answers_fails_as_any_request",
        f"{ASKED}test_what_says_not_which_hub_it_is_is_none",
    ),
    "502": (NETWORK,),
    "TLS error": (
        f"{HERE}/test_no_way.py::test_tls_that_does_not_come_about",
        f"{HERE}/test_no_way.py::test_tls_that_is_trusted_works",
        f"{HERE}/test_no_way.py::test_an_address_in_the_clear_is_never_asked",
    ),
    "no DNS": (f"{HERE}/test_no_way.py::test_nobody_there", f"{ASKED}test_nobody_there"),
    "stall": (f"{HERE}/test_network.py::test_a_stall",),
    "cut after N bytes": (NETWORK,),
    "old and new schema both ways": (
        f"{HERE}/test_what_the_hub_shows.py::test_what_a_newer_program_wrote_beside_survives_a_round_trip",
        f"{HERE}/test_what_the_hub_shows.py::test_a_record_of_a_newer_schema_is_kept_and_shown_and_not_sent",
        f"{HERE}/test_what_the_hub_shows.py::test_a_record_that_only_a_newer_program_knows_waits_for_the_update",
        f"{HERE}/test_what_the_hub_shows.py::test_an_erasure_goes_out_although_a_newer_program_wrote_the_record",
        f"{HERE}/test_what_the_hub_shows.py::test_a_record_that_an_older_program_made_lacks_fields",
        f"{HERE}/test_other_hubs.py::test_a_hub_that_wants_a_newer_program",
    ),
    "wrong key": (TAMPERED,),
    "flipped bit": (TAMPERED,),
    "ciphertext moved to another id": (
        f"{HERE}/test_what_the_hub_shows.py::test_a_ciphertext_moved_to_another_id",
        f"{HERE}/test_what_the_hub_shows.py::test_a_document_under_the_name_of_another",
    ),
    "old ciphertext replayed": (TAMPERED,),
    "key change during an offline edit": (f"{HERE}/test_keys.py::test_a_key_change_during_an_offline_edit",),
    "disk full": (f"{COMPUTER}test_a_full_disk",),
    "locked database": (f"{COMPUTER}test_a_locked_database",),
    "first sync interrupted 20 times": (f"{COMPUTER}test_a_first_sync_that_is_interrupted_twenty_times",),
    "local restore from backup": (
        f"{COMPUTER}test_a_backup_put_back_goes_on_under_a_new_name",
        f"{HERE}/test_connecting.py::test_a_backup_from_before_the_key_was_made_is_put_back",
        f"{COMPUTER}test_a_backup_put_back_after_others_changed_all_that_was_sent_since",
        f"{COMPUTER}test_a_file_put_back_after_another_desk_changed_what_was_sent_since",
        f"{COMPUTER}test_two_copies_of_one_restored_file",
    ),
    "two instances on one file": (
        f"{COMPUTER}test_two_programs_on_one_file",
        f"{COMPUTER}test_another_program_connects_anew_meanwhile",
    ),
    "every endpoint tried with another carrier's token": (
        "hub/test_every_door.py::test_an_office_space_is_nobody_elses",
        "hub/test_every_door.py::test_an_exchange_belongs_to_two",
        "hub/test_every_door.py::test_the_directory_is_read_by_all_and_changed_by_its_owner",
    ),
}


def _tests_in(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield f"{path.relative_to(TESTS).as_posix()}::{node.name}"


def test_every_fault_has_cases_that_are_there() -> None:
    assert len(FAULTS) == 41
    for fault, cases in FAULTS.items():
        assert cases, f"nothing tries: {fault}"
        for case in cases:
            assert case in set(_tests_in(TESTS / case.partition("::")[0])), f"{fault}: {case} is gone"


def test_every_test_here_is_about_a_fault_of_the_list() -> None:
    named = {case for cases in FAULTS.values() for case in cases}
    here = {
        test
        for path in (TESTS / HERE).glob("test_*.py")
        if path.name != Path(__file__).name
        for test in _tests_in(path)
    }
    assert here - named == set()
