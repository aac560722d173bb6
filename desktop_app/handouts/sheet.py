"""How an info sheet and a Merkzettel look. Imported with the first sheet, because ReportLab is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportlab.platypus import Paragraph

from desktop_app.core.translation import tr
from desktop_app.documents.blocks import Blocks, OnlyIfRoom
from desktop_app.documents.dates import short_date
from desktop_app.documents.markup import plain_text, single_line
from desktop_app.documents.page import DocumentInfo, build_pdf
from desktop_app.documents.paper import MILLIMETRE, PaperSize, style_set
from desktop_app.documents.qr import QrCode
from desktop_app.handouts.dialling import dialable, shown_address, web_address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reportlab.platypus.flowables import Flowable

    from desktop_app.documents.fonts import FontLibrary
    from desktop_app.documents.paper import FontSize
    from desktop_app.handouts.records import Sender, SheetEntry, SheetHours, SheetPhone, SheetPlace

_BIG_NUMBERS: Final = 2
"""So many numbers are printed big; more would bury the first."""

_SHORT_TEXT: Final = 80
"""Longest text beside a code."""

_QR_SIDE: Final = {PaperSize.A4: 27 * MILLIMETRE, PaperSize.A5: 23 * MILLIMETRE}
_COMPACT_QR_SIDE: Final = 21 * MILLIMETRE


class Sheet:
    """One sheet in the making."""

    def __init__(self, fonts: FontLibrary, paper: PaperSize, size: FontSize, sender: Sender, today: date) -> None:
        self._fonts = fonts
        self._styles = style_set(paper, size)
        self._blocks = Blocks(fonts, self._styles)
        self._sender = sender
        self._today = today

    def pdf(self, entries: Sequence[SheetEntry], *, personal_note: str, language: str) -> bytes:
        """Return the finished document."""
        if len(entries) == 1:
            title = _title(entries[0])
            story = self._info_sheet(entries[0], personal_note)
        else:
            title = tr("Merkzettel")
            story = self._basket(entries, personal_note)
        sender = self._sender
        info = DocumentInfo(
            title=title,
            author=sender.office,
            created=self._today,
            footer_left=" · ".join(part for part in (sender.office, sender.phone) if part),
            footer_second=" · ".join((short_date(self._today), ", ".join(sender.address_lines))).rstrip(" ·"),
            language="de-DE" if language == "de" else language,
        )
        return build_pdf(story, styles=self._styles, fonts=self._fonts, info=info)

    # Whole sheets

    def _info_sheet(self, entry: SheetEntry, note: str) -> list[Flowable]:
        blocks = self._blocks
        story = [*self._letterhead(), blocks.title(_title(entry))]
        story += [*self._head(entry, compact=False), *self._note(note), *self._facts(entry)]
        story += self._sender_block()
        return story

    def _basket(self, entries: Sequence[SheetEntry], note: str) -> list[Flowable]:
        blocks = self._blocks
        story = [*self._letterhead(), blocks.title(tr("Ihr Merkzettel"))]
        story += self._note(note)
        story += self._overview(entries)
        for number, entry in enumerate(entries, start=1):
            heading = tr("{number}. {title}", number=number, title=_title(entry))
            title = [blocks.space(0.6), blocks.rule(), blocks.space(0.4), blocks.part_title(heading)]
            head = [*title, *self._head(entry, compact=True)]
            rest = self._facts(entry, compact=True)
            whole = blocks.kept([*head, *rest], most=1.0)
            # A service that needs more than a page starts where its name and number fit.
            fits_on_a_page = len(whole) > len(head) + len(rest)
            story += whole if fits_on_a_page else [*blocks.kept(head, most=1.0), *rest]
        story += self._sender_block()
        return story

    def _letterhead(self) -> list[Flowable]:
        sender = self._sender
        lines: list[Flowable] = [self._blocks.small(sender.office, bold=True)]
        if sender.carrier:
            lines.append(self._blocks.small(sender.carrier))
        return [*lines, self._blocks.space(0.15), self._blocks.rule(), self._blocks.space(0.9)]

    def _overview(self, entries: Sequence[SheetEntry]) -> list[Flowable]:
        blocks = self._blocks
        numbers = [self._overview_number(entry) for entry in entries]
        style = self._styles.cell_strong
        whole = self._styles.text_width
        first = blocks.width(f"{len(entries)}.", self._styles.cell) + self._styles.points
        widest = max((blocks.width(number, style) for number in numbers), default=0.0) + self._styles.points * 0.7
        titles = [_title(entry) for entry in entries]
        words = (word for title in titles for word in title.split())
        longest_word = max((blocks.width(word, self._styles.cell) for word in words), default=0.0)
        story = blocks.heading(tr("Auf einen Blick"))
        beside = whole - first - widest >= max(whole * 0.45, longest_word + self._styles.points)
        for position, (title, number) in enumerate(zip(titles, numbers, strict=True), start=1):
            glued = number.replace(" ", "\u00a0")
            if beside:
                row = blocks.row((f"{position}.", title, glued), (first, whole - first - widest, widest), strong=(2,))
            else:
                row = blocks.row((f"{position}.", f"{title}\n{glued}"), (first, whole - first))
            story.append(row)
        return story

    @staticmethod
    def _overview_number(entry: SheetEntry) -> str:
        for phone in _voice_phones(entry):
            return single_line(phone.number)
        return tr("ohne Telefon")

    # One service

    def _head(self, entry: SheetEntry, *, compact: bool) -> list[Flowable]:
        """Who it is, the number, and how far the sheet can be trusted."""
        story: list[Flowable] = []
        if entry.organization and single_line(entry.organization) != single_line(entry.title):
            story.append(self._blocks.body(tr("Anbieter: {name}", name=plain_text(entry.organization))))
        return [*story, *self._phone_box(entry, compact=compact), *self._verification(entry)]

    def _facts(self, entry: SheetEntry, *, compact: bool = False) -> list[Flowable]:
        story = self._alert(entry)
        story += self._what_it_is(entry)
        story += self._hours(tr("Öffnungszeiten"), entry.hours, compact=compact)
        for place in entry.places:
            story += self._place(entry, place)
        story += self._section(tr("Für wen ist das?"), entry.for_whom)
        story += self._listed(tr("Was kostet es?"), entry.costs)
        story += self._section(tr("So melden Sie sich an"), entry.how_to_register)
        story += self._section(tr("Wartezeit"), entry.waiting_time)
        story += self._listed(tr("Bitte mitbringen"), entry.bring_along)
        if entry.languages:
            story += self._section(tr("Sprachen"), ", ".join(entry.languages))
        story += self._section(tr("Dolmetschen"), entry.interpretation)
        story += self._written_contact(entry, compact=compact)
        return story

    def _phone_box(self, entry: SheetEntry, *, compact: bool) -> list[Flowable]:
        blocks = self._blocks
        phones = _voice_phones(entry)
        if not phones:
            unknown = tr("Eine Telefonnummer ist nicht bekannt. Bitte fragen Sie bei uns nach.")
            return [blocks.space(0.3), blocks.box([blocks.body(unknown)]), blocks.space(0.5)]
        inner = self._styles.text_width - blocks.box_padding * 2
        number = dialable(phones[0].number)
        if not number:
            lines = [blocks.small(tr("Telefon"), bold=True), *self._numbers(phones, inner)]
            return [blocks.space(0.3), blocks.box(lines, thickness=1.6), blocks.space(0.4)]
        call = tr("Anrufen") if compact else tr("Mit dem Handy anrufen")
        codes = [self._code(f"tel:{number}", call, compact=compact)]
        if self._has_both_codes(entry, compact=compact):
            codes.append(self._code(web_address(entry.website), tr("Im Internet"), compact=compact))
        # What stands beside the codes is never broken, so only short texts do.
        short = len(phones) <= _BIG_NUMBERS and all(
            len(phone.number) + len(phone.note) + len(phone.extension) <= _SHORT_TEXT for phone in phones
        )
        room = inner - sum(code.width + self._styles.points * 0.6 for code, _caption in codes)
        beside: list[Flowable] = [blocks.small(tr("Telefon"), bold=True)]
        beside += self._numbers(phones, room) if short else [self._big_number(phones[0], room)]
        lines = [blocks.with_pictures(beside, codes)]
        if not short:
            lines += [*self._remark(phones[0]), *self._numbers(phones[1:], inner)]
        return [blocks.space(0.3), blocks.box(lines, thickness=1.6), blocks.space(0.4)]

    def _has_both_codes(self, entry: SheetEntry, *, compact: bool) -> bool:
        """On a Merkzettel both codes stand beside the number, if the paper is wide enough for its letters."""
        room = self._styles.text_width - 2 * (self._blocks.box_padding + _COMPACT_QR_SIDE + self._styles.points)
        wide = room >= self._blocks.width("0000 000000000", self._styles.phone)
        phones = _voice_phones(entry)
        return compact and wide and bool(phones and dialable(phones[0].number) and web_address(entry.website))

    def _code(self, content: str, caption: str, *, compact: bool) -> tuple[QrCode, str]:
        return QrCode(content, _COMPACT_QR_SIDE if compact else _QR_SIDE[self._styles.paper]), caption

    def _numbers(self, phones: Sequence[SheetPhone], room: float) -> list[Flowable]:
        lines: list[Flowable] = []
        for position, phone in enumerate(phones):
            if position < _BIG_NUMBERS:
                lines += [self._big_number(phone, room), *self._remark(phone)]
            else:
                lines.append(self._blocks.body(", ".join([single_line(phone.number), *_remarks(phone)])))
        return lines

    def _remark(self, phone: SheetPhone) -> list[Flowable]:
        remarks = _remarks(phone)
        return [self._blocks.body(", ".join(remarks))] if remarks else []

    def _big_number(self, phone: SheetPhone, room: float) -> Flowable:
        """A number in one line if there is room for it; its longest group of digits always fits."""
        blocks = self._blocks
        number = single_line(phone.number)
        glued = number.replace(" ", "\u00a0")
        big = self._styles.phone
        style = blocks.fitting(glued, big, width=room, smallest=big.fontSize * 0.75)
        if blocks.width(glued, style) > room:
            glued, style = number, blocks.fitting(number, big, width=room)
        return Paragraph(blocks.markup.line(glued, bold=True), style)

    def _alert(self, entry: SheetEntry) -> list[Flowable]:
        if not plain_text(entry.alert):
            return []
        blocks = self._blocks
        lines = [blocks.body(tr("Bitte beachten!"), strong=True), *blocks.long_text(entry.alert)]
        return [blocks.box(lines, fill=True), blocks.space(0.6)]

    def _note(self, note: str) -> list[Flowable]:
        if not note.strip():
            return []
        blocks = self._blocks
        lines = [blocks.body(tr("Für Sie notiert"), strong=True), blocks.body(note)]
        return [blocks.box(lines), blocks.space(0.8)]

    def _what_it_is(self, entry: SheetEntry) -> list[Flowable]:
        summary = plain_text(entry.summary)
        story: list[Flowable] = []
        if summary:
            story += self._blocks.subheading(summary)
        if single_line(plain_text(entry.description)) != single_line(summary):
            story += self._blocks.long_text(entry.description)
        return story

    def _hours(self, title: str, hours: Sequence[SheetHours], *, compact: bool = False) -> list[Flowable]:
        if not hours:
            return []
        blocks = self._blocks
        if compact and len(hours) == 1 and not hours[0].days.strip():
            return [blocks.body(tr("{title}: {text}", title=title, text=hours[0].times))]
        whole = self._styles.text_width
        widest = max(blocks.width(row.days, self._styles.cell_strong) for row in hours) + self._styles.points * 1.2
        first = min(max(widest, whole * 0.25), whole * 0.5)
        rows = [
            blocks.row((row.days, row.times), (first, whole - first), strong=(0,))
            if row.days.strip()
            else blocks.body(row.times)
            for row in hours
        ]
        return blocks.kept(blocks.section(title, rows))

    def _place(self, entry: SheetEntry, place: SheetPlace) -> list[Flowable]:
        blocks = self._blocks
        address = [plain_text(line) for line in place.address_lines if plain_text(line)]
        barriers = [plain_text(line) for line in place.barrier_info if plain_text(line)]
        name = single_line(plain_text(place.name))
        if name in {single_line(plain_text(entry.title)), single_line(plain_text(entry.organization))}:
            name = ""
        phones = [phone for phone in place.phones if phone.number.strip()] if entry.phones else []
        if not (address or barriers or name or plain_text(place.directions)):
            return self._hours(tr("Öffnungszeiten"), place.hours)
        alone = len(entry.places) == 1
        title = tr("So kommen Sie hin") if alone or not name else tr("So kommen Sie hin: {place}", place=name)
        lines = ([name] if name and alone else []) + address
        way = [blocks.body("\n".join(lines))] if lines else []
        story = blocks.section(title, [*way, *blocks.long_text(place.directions)]) or blocks.heading(title)
        if barriers:
            story += blocks.kept([*blocks.subheading(tr("Barrieren und Hilfen")), *blocks.items(barriers)])
        if phones:
            numbers = ", ".join(single_line(phone.number) for phone in phones)
            story.append(blocks.body(tr("Telefon an diesem Ort: {numbers}", numbers=numbers)))
        story += self._hours(tr("Öffnungszeiten an diesem Ort"), place.hours)
        return story

    def _section(self, title: str, text: str) -> list[Flowable]:
        return self._blocks.section(title, self._blocks.long_text(text))

    def _listed(self, title: str, texts: Sequence[str]) -> list[Flowable]:
        known = [text for text in texts if plain_text(text)]
        if len(known) <= 1:
            return self._section(title, known[0] if known else "")
        items = self._blocks.items([plain_text(text) for text in known])
        return self._blocks.kept(self._blocks.section(title, items))

    def _written_contact(self, entry: SheetEntry, *, compact: bool) -> list[Flowable]:
        blocks = self._blocks
        story: list[Flowable] = []
        target = "" if self._has_both_codes(entry, compact=compact) else web_address(entry.website)
        caption = tr("Im Internet") if compact else tr("Seite mit dem Handy öffnen")
        codes = [self._code(target, caption, compact=compact)] if target else []
        room = self._styles.text_width - sum(code.width + self._styles.points for code, _caption in codes)
        if entry.website.strip():
            story.append(blocks.address(tr("Internet:"), shown_address(entry.website), room=room))
        if entry.email.strip():
            story.append(blocks.address(tr("E-Mail:"), entry.email, room=room))
        if codes:
            beside = len(story) if len(entry.email) <= _SHORT_TEXT else 1
            story[:beside] = [blocks.with_pictures(story[:beside], codes)]
        for phone in entry.phones:
            if not phone.voice and phone.number.strip():
                kind = plain_text(phone.note) or tr("Fax")
                story.append(blocks.line(tr("{kind}: {number}", kind=kind, number=single_line(phone.number))))
        if not story:
            return []
        heading = [blocks.space(0.3)] if compact else blocks.heading(tr("Schreiben und nachlesen"))
        return blocks.kept([*heading, *story])

    def _verification(self, entry: SheetEntry) -> list[Flowable]:
        if entry.last_verified:
            text = tr("Diese Angaben wurden geprüft {when}.", when=single_line(entry.last_verified))
        elif _voice_phones(entry):
            text = tr("Diese Angaben sind noch nicht geprüft. Bitte rufen Sie an, bevor Sie hingehen.")
        else:
            text = tr("Diese Angaben sind noch nicht geprüft. Bitte fragen Sie nach, bevor Sie hingehen.")
        return [self._blocks.small(text), self._blocks.space(0.5)]

    # The office

    def _sender_block(self) -> list[Flowable]:
        blocks = self._blocks
        sender = self._sender
        lines = [
            blocks.small(tr("Haben Sie Fragen? Wir helfen Ihnen gern:"), bold=True),
            blocks.small(", ".join(line for line in (sender.office, *sender.address_lines) if line.strip())),
        ]
        contact = [
            *(tr("Telefon: {number}", number=sender.phone) for _ in (1,) if sender.phone.strip()),
            *(tr("E-Mail: {address}", address=sender.email) for _ in (1,) if sender.email.strip()),
        ]
        if contact:
            lines.append(blocks.small("\n".join(contact)))
        if sender.office_hours.strip():
            lines.append(blocks.small(tr("Sprechzeiten:\n{hours}", hours=sender.office_hours)))
        if not (contact or sender.address_lines or sender.office_hours.strip()):
            return []
        # Name, number and address stand on every page; a page for this box alone would be wasted paper.
        return [blocks.space(0.8), OnlyIfRoom(blocks.box(lines, thickness=0.8))]


def _title(entry: SheetEntry) -> str:
    return single_line(plain_text(entry.title)) or tr("Angebot ohne Namen")


def _remarks(phone: SheetPhone) -> list[str]:
    extension = single_line(phone.extension)
    remarks = [tr("Durchwahl {extension}", extension=extension)] if extension else []
    return [*remarks, plain_text(phone.note)] if phone.note.strip() else remarks


def _voice_phones(entry: SheetEntry) -> list[SheetPhone]:
    own = [phone for phone in entry.phones if phone.voice and phone.number.strip()]
    if own:
        return own
    return [phone for place in entry.places for phone in place.phones if phone.voice and phone.number.strip()]
