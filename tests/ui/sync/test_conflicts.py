"""Conflicts that two real desks made: shown to who may read them, decided by one press, taken back by another."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from desktop_app.core.progress import NoProgress
from desktop_app.sync.records import Choice


def sync(*screens) -> None:
    for screen in screens:
        screen.application.sync.run(screen.application.actor, NoProgress())


def rename(screen, phone: str) -> None:
    settings = screen.application.settings
    settings.change_office(screen.application.actor, replace(settings.office(), phone=phone))


def clash(first, new) -> None:
    """Both desks change the office's phone number without knowing of each other; `new` hears of it."""
    sync(first, new, first)
    rename(first, "0208 111")
    rename(new, "0208 222")
    sync(first, new, first)


def test_both_values_stand_beside_each_other_and_one_press_takes_the_other(second) -> None:
    first, new = second
    clash(first, new)
    holder = (
        new
        if any("Telefon" in str(c.fields) or "phone" in str(c.fields) for c in new.application.sync.conflicts())
        else first
    )
    page = holder.page
    page.show_part("conflicts")
    conflict = next(c for c in holder.application.sync.conflicts() if any(f.name == "phone" for f in c.fields))
    page.conflicts.rows.set_current_key(conflict.conflict_id)
    field = next(f for f in conflict.fields if f.name == "phone")
    assert {field.mine, field.theirs} == {"0208 111", "0208 222"}
    before = holder.application.settings.office().phone
    other = Choice.MINE if field.stands is Choice.THEIRS else Choice.THEIRS
    holder.press(page.conflicts.view.cells["phone", other].button)
    assert {before, holder.application.settings.office().phone} == {"0208 111", "0208 222"}
    undo = holder.said[-1].undo
    assert undo is not None
    undo()
    assert holder.application.settings.office().phone == before
    page.conflicts.load()
    assert conflict.conflict_id in [page.conflicts.rows.row_at(i).key for i in range(page.conflicts.rows.row_count())]


def test_the_keyboard_goes_from_the_list_to_the_values_and_on(second) -> None:
    first, new = second
    clash(first, new)
    holder = new if new.application.sync.conflicts() else first
    holder.page.show_part("conflicts")
    part = holder.page.conflicts
    holder.take_keyboard()
    part.focus_list()
    count = part.rows.row_count()
    holder.qtbot.keyClick(part.rows, Qt.Key.Key_Return)
    assert part.view.isAncestorOf(holder.page.focusWidget())
    part.view.keep_button.click()
    holder.settle()
    assert part.rows.row_count() == count - 1
