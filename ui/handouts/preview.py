"""The preview: the pages of the finished PDF, drawn when they come into sight."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.translation import tr
from ui.theme.theme import active_theme
from ui.widgets.labels import Words

_POINTS_PER_INCH = 72.0
_WIDEST_AT_100 = 900


class PageView(QWidget):
    """One page of a PDF, as wide as there is room. It is rendered at exactly the pixels it covers."""

    def __init__(self, pdf: bytes, number: int, size_in_points: tuple[float, float], name: str,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._pdf = pdf
        self._number = number
        self._points = size_in_points
        self._image: QImage | None = None
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMaximumWidth(active_theme().px(_WIDEST_AT_100))

    def show_pdf(self, pdf: bytes) -> None:
        """Show the same page of another version."""
        self._pdf = pdf
        self._image = None
        self.update()

    def image(self) -> QImage:
        """What is shown, for tests and screen shots."""
        return self._rendered()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(width * self._points[1] / self._points[0])

    def sizeHint(self) -> QSize:
        width = round(self._points[0] * 96 / _POINTS_PER_INCH)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(120))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._rendered())
        painter.setPen(QPen(active_theme().colour("outline"), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _rendered(self) -> QImage:
        from desktop_app.documents.render import page_images

        wanted = round(self.width() * self.devicePixelRatioF())
        if self._image is None or abs(self._image.width() - wanted) > 1:
            picture = page_images(self._pdf, wanted / self._points[0] * _POINTS_PER_INCH, pages=[self._number])[0]
            self._image = QImage(
                picture.rgba, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGBX8888
            ).copy()
        return self._image


class SheetPreview(QScrollArea):
    """All pages below each other. The keyboard scrolls it: arrows, page up and down, Home and End."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("reading", "true")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        theme = active_theme()
        inside = QWidget()
        inside.setProperty("ground", "clear")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(*(theme.px(12),) * 4)
        self._column.setSpacing(theme.px(8))
        self._column.addStretch(1)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        self._pages: list[PageView] = []
        self._captions: list[Words] = []
        self._sizes: tuple[tuple[float, float], ...] = ()

    def show_pdf(self, pdf: bytes) -> None:
        """Show a PDF; the place that is looked at stays if the pages are the same in number and size."""
        from desktop_app.documents.render import page_sizes

        sizes = page_sizes(pdf)
        if sizes == self._sizes:
            for page in self._pages:
                page.show_pdf(pdf)
            return
        self.clear()
        self._sizes = sizes
        for number, size in enumerate(sizes):
            name = tr("Seite {page} von {pages}", page=number + 1, pages=len(sizes))
            page = PageView(pdf, number, size, name)
            caption = Words(name, "muted")
            self._column.insertWidget(2 * number, page)
            self._column.insertWidget(2 * number + 1, caption, 0, Qt.AlignmentFlag.AlignHCenter)
            self._pages.append(page)
            self._captions.append(caption)

    def clear(self) -> None:
        """Show nothing."""
        for widget in (*self._pages, *self._captions):
            self._column.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._pages, self._captions, self._sizes = [], [], ()

    def pages(self) -> list[PageView]:
        """The pages shown."""
        return list(self._pages)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)
