"""One info sheet against bare ReportLab setting the same words.

The peer uses what ReportLab brings (SimpleDocTemplate, Paragraph, Table), the same two typefaces embedded, the same
sizes, codes from the same library as one path each, and a footer with page numbers. It knows nothing of escaping, missing
letters, keeping blocks together or a first page that is fuller than the next: what a sheet of ours does beyond that is
what the factor pays for. Both have loaded ReportLab and the fonts before.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from desktop_app.documents.fonts import FontLibrary
from desktop_app.environment.folders import resources_folder
from desktop_app.handouts.records import Sender, SheetEntry, SheetHours, SheetOptions, SheetPhone, SheetPlace
from desktop_app.handouts.service import HandoutService
from tests.benchmarks.measuring import Figure, Wishes, alternate, median, spread

_TODAY = date(2026, 11, 22)
_REGULAR, _BOLD = "Messung", "Messung-Bold"

SENDER = Sender(
    office="Quartiersbüro Musterstadt-Mitte",
    carrier="Musterträger gGmbH",
    address_lines=("Marktstraße 12", "46000 Musterstadt"),
    phone="0208 555 0100",
    email="quartier@musterstadt.example",
    office_hours="Montag bis Donnerstag 9 bis 16 Uhr\nFreitag 9 bis 12 Uhr",
)
ENTRY = SheetEntry(
    service_id="messung",
    title="Beratung rund um die Pflege",
    organization="Pflegestützpunkt Musterstadt",
    summary="Wir beraten kostenlos zu allen Fragen der Pflege.",
    description=(
        "Was steht mir zu, wenn ich Hilfe im Alltag brauche? Wie beantrage ich einen Pflegegrad? Wer hilft im Haushalt, "
        "wer kommt nach Hause, und was kostet das? Unsere Beraterinnen nehmen sich Zeit, füllen Anträge mit Ihnen aus und "
        "kommen auf Wunsch auch zu Ihnen nach Hause. Angehörige sind willkommen. Für Menschen mit Demenz gibt es eine "
        "eigene Sprechstunde, auf Wunsch mit Übersetzung. Alles, was Sie uns erzählen, bleibt unter uns."
    ),
    phones=(SheetPhone("0208 555 0123"), SheetPhone("0208 555 0124", note="nur vormittags")),
    places=(
        SheetPlace(
            name="Haus der Begegnung",
            address_lines=("Lindenallee 3, Eingang im Hof", "46000 Musterstadt"),
            directions="Bus 42 und 47 bis Lindenplatz, dann zwei Minuten zu Fuß in Richtung Kirche.",
            barrier_info=("Eingang ohne Stufen", "Toilette für Menschen im Rollstuhl"),
        ),
    ),
    hours=(
        SheetHours("Montag", "9:00 bis 12:30 Uhr"),
        SheetHours("Dienstag", "9:00 bis 12:30 Uhr und 14:00 bis 18:00 Uhr"),
        SheetHours("Donnerstag", "nach Vereinbarung"),
        SheetHours("Freitag", "9:00 bis 12:00 Uhr"),
    ),
    costs=("Die Beratung ist kostenlos.",),
    languages=("Deutsch", "Türkisch", "Russisch"),
    bring_along=("Ausweis", "Karte der Krankenkasse", "Bescheid der Pflegekasse"),
    for_whom="Menschen mit Pflegebedarf und ihre Angehörigen",
    how_to_register="Bitte rufen Sie vorher an.",
    website="https://pflege.musterstadt.example/beratung",
    email="pflege@musterstadt.example",
    last_verified="am 3. September 2026, telefonisch",
)


def measure(wishes: Wishes) -> list[Figure]:
    """Measure the sheet on A4 with 14 points."""
    runs = 10 if wishes.quick else 60
    library = FontLibrary(resources_folder() / "fonts")
    service = HandoutService(library)
    service.prepare()
    options = SheetOptions()
    bare = BareSheet(resources_folder() / "fonts")

    # Another address and number each time: our codes are kept, and a sheet is rarely made twice.
    turns = {"ours": 0, "peer": 0}

    def turn(who: str) -> SheetEntry:
        turns[who] += 1
        return _entry(turns[who])

    def ours() -> bytes:
        return service.info_sheet((turn("ours"),), options, SENDER, today=_TODAY)

    def peer() -> bytes:
        return bare(turn("peer"))

    our_pdf, bare_pdf = ours(), peer()
    our_times, peer_times = alternate(ours, peer, runs, warm_up=2)
    ours_words, bare_words = words(our_pdf), words(bare_pdf)
    return [
        Figure(
            "sheet",
            "Ein Infoblatt (A4, 14 Punkt)",
            "ms",
            median(our_times) * 1000,
            limit=1.5,
            peer=median(peer_times) * 1000,
            peer_title=(
                "bloßes ReportLab (Paragraph, Table) mit denselben Wörtern, Schriften, Größen, Codes und Fußzeile; "
                f"{len(bare_words & ours_words)} von {len(ours_words)} Wörtern stimmen überein"
            ),
            runs=runs,
            details={
                "ours_ms": spread(our_times),
                "peer_ms": spread(peer_times),
                "words_only_ours": sorted(ours_words - bare_words),
                "words_only_peer": sorted(bare_words - ours_words),
                "bytes": {"ours": len(our_pdf), "peer": len(bare_pdf)},
                "pages": {"ours": pages(our_pdf), "peer": pages(bare_pdf)},
            },
        )
    ]


def _entry(number: int) -> SheetEntry:
    phones = (SheetPhone(f"0208 555 {number:04d}"), *ENTRY.phones[1:])
    return replace(ENTRY, phones=phones, website=f"{ENTRY.website}/{number}")


def words(pdf: bytes) -> set[str]:
    """Return the words of a document."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return {
            word
            for number in range(len(document))
            for word in document[number].get_textpage().get_text_range().replace("\u00a0", " ").split()
        }
    finally:
        document.close()


def pages(pdf: bytes) -> int:
    """Return the number of pages."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


class BareSheet:
    """The same words, straight from ReportLab's own manual."""

    def __init__(self, fonts: Path) -> None:
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont

        for name, file in (
            (_REGULAR, "AtkinsonHyperlegibleNext_400Regular.ttf"),
            (_BOLD, "AtkinsonHyperlegibleNext_700Bold.ttf"),
        ):
            pdfmetrics.registerFont(TTFont(name, str(fonts / file)))
        self._body = ParagraphStyle("body", fontName=_REGULAR, fontSize=14, leading=19.6, spaceAfter=4)
        self._small = ParagraphStyle("small", self._body, fontSize=12, leading=16)
        self._small_bold = ParagraphStyle("small_bold", self._small, fontName=_BOLD)
        self._heading = ParagraphStyle("heading", self._body, fontName=_BOLD, fontSize=17, leading=22, spaceBefore=8)
        self._title = ParagraphStyle("title", self._body, fontName=_BOLD, fontSize=25, leading=30)
        self._phone = ParagraphStyle("phone", self._body, fontName=_BOLD, fontSize=28, leading=34)

    def __call__(self, entry: SheetEntry) -> bytes:
        """Return the document."""
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.units import mm
        from reportlab.platypus import SimpleDocTemplate

        buffer = io.BytesIO()
        document = SimpleDocTemplate(
            buffer,
            pagesize=A4,
            leftMargin=20 * mm,
            rightMargin=20 * mm,
            topMargin=15 * mm,
            bottomMargin=25 * mm,
            title=ENTRY.title,
            author=SENDER.office,
        )
        document.build(self._story(entry), canvasmaker=_numbered_canvas())
        return buffer.getvalue()

    def _story(self, entry: SheetEntry) -> list[Any]:
        from reportlab.platypus import Paragraph, Table

        def body(text: str) -> Paragraph:
            return Paragraph(text, self._body)

        def heading(text: str) -> Paragraph:
            return Paragraph(text, self._heading)

        def small(text: str, *, bold: bool = False) -> Paragraph:
            return Paragraph(text, self._small_bold if bold else self._small)

        code = _code_class()
        first, second = entry.phones
        place = entry.places[0]
        numbers = [
            small("Telefon", bold=True),
            Paragraph(first.number, self._phone),
            Paragraph(second.number, self._phone),
            body(second.note),
        ]
        call = [code("tel:+49" + first.number.replace(" ", "")[1:]), small("Mit dem Handy anrufen")]
        site = [code(entry.website), small("Seite mit dem Handy öffnen")]
        written = [body("Internet:"), body(entry.website.removeprefix("https://")), body("E-Mail:"), body(entry.email)]
        return [
            small(SENDER.office, bold=True),
            small(SENDER.carrier),
            Paragraph(entry.title, self._title),
            body(f"Anbieter: {entry.organization}"),
            Table([[numbers, call]], colWidths=(360, 110), style=[("BOX", (0, 0), (-1, -1), 1.6, "black")]),
            small(f"Diese Angaben wurden geprüft {entry.last_verified}."),
            heading(entry.summary),
            body(entry.description),
            heading("Öffnungszeiten"),
            Table([[body(row.days), body(row.times)] for row in entry.hours], colWidths=(120, 350)),
            heading("So kommen Sie hin"),
            body(place.name),
            *(body(line) for line in place.address_lines),
            body(place.directions),
            heading("Barrieren und Hilfen"),
            *(body(f"• {line}") for line in place.barrier_info),
            heading("Für wen ist das?"),
            body(entry.for_whom),
            heading("Was kostet es?"),
            body(entry.costs[0]),
            heading("So melden Sie sich an"),
            body(entry.how_to_register),
            heading("Bitte mitbringen"),
            *(body(f"• {line}") for line in entry.bring_along),
            heading("Sprachen"),
            body(", ".join(entry.languages)),
            heading("Schreiben und nachlesen"),
            Table([[written, site]], colWidths=(360, 110)),
            small("Haben Sie Fragen? Wir helfen Ihnen gern:", bold=True),
            small(", ".join((SENDER.office, *SENDER.address_lines))),
            small(f"Telefon: {SENDER.phone}"),
            small(f"E-Mail: {SENDER.email}"),
            small("Sprechzeiten:"),
            *(small(line) for line in SENDER.office_hours.splitlines()),
        ]


def _numbered_canvas() -> type[Any]:
    """Return the canvas that ReportLab's users write for „Seite x von y“."""
    from reportlab.pdfgen.canvas import Canvas

    class NumberedCanvas(Canvas):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._finished: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._finished.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page, state in enumerate(self._finished, start=1):
                self.__dict__.update(state)
                self.setFont(_REGULAR, 11)
                self.drawString(57, 40, f"{SENDER.office} · {SENDER.phone}")
                self.drawString(57, 26, f"22.11.2026 · {', '.join(SENDER.address_lines)}")
                self.drawRightString(538, 40, f"Seite {page} von {len(self._finished)}")
                super().showPage()
            super().save()

    return NumberedCanvas


def _code_class() -> type[Any]:
    from reportlab.platypus import Flowable

    class Code(Flowable):
        """A QR code, every dark run one rectangle of one path."""

        def __init__(self, content: str) -> None:
            super().__init__()
            import segno

            self._matrix = segno.make_qr(content, error="m", boost_error=False).matrix
            self.width = self.height = 76.0

        def draw(self) -> None:
            # Written as it is, not through the canvas's path object, which would slow the peer down.
            side = len(self._matrix)
            module = self.width / (side + 8)
            rectangles = []
            for row, modules in enumerate(self._matrix):
                column = 0
                while column < side:
                    start = column
                    while column < side and modules[column]:
                        column += 1
                    if column > start:
                        rectangles.append(f"{start} {side - 1 - row} {column - start} 1 re")
                    column += 1
            self.canv.saveState()
            self.canv.transform(module, 0, 0, module, 4 * module, 4 * module)
            self.canv.addLiteral(" ".join((*rectangles, "f")))
            self.canv.restoreState()

    return Code
