"""Reading an enrolment code out of a picture; the reader is loaded when a picture is there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage

from desktop_app.core.errors import UserError
from desktop_app.core.translation import tr

#: a photograph of a telephone has 12 million pixels; more than that is scaled down
_LONGEST_SIDE = 4_000


def code_in_file(path: Path) -> str:
    """Return the text of the QR code in a picture file.

    Raises:
        UserError: it is no picture, or there is no QR code in it.
    """
    image = QImage(str(path))
    if image.isNull():
        raise UserError(
            tr("„{name}“ ist kein Bild, das sich lesen lässt. Bitte wählen Sie ein Foto oder Bildschirmfoto des QR-Codes.",
               name=path.name)
        )  # fmt: skip
    return code_in_image(image)


def code_in_image(image: QImage) -> str:
    """Return the text of the one QR code in a picture.

    Raises:
        UserError: there is none, or several.
    """
    import zxingcpp

    if max(image.width(), image.height()) > _LONGEST_SIDE:
        from PySide6.QtCore import Qt

        image = image.scaled(
            _LONGEST_SIDE,
            _LONGEST_SIDE,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    width, height, stride = grey.width(), grey.height(), grey.bytesPerLine()
    raw = bytes(grey.constBits())
    rows = b"".join(raw[line * stride : line * stride + width] for line in range(height))
    found = zxingcpp.read_barcodes(
        memoryview(rows).cast("B", shape=[height, width]),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
    )
    texts = {code.text.strip() for code in found if code.text.strip()}
    if not texts:
        raise UserError(
            tr("In diesem Bild ist kein QR-Code zu erkennen. Bitte nehmen Sie ihn größer und gerade auf, oder tippen Sie den "
               "Code ab.")
        )  # fmt: skip
    if len(texts) > 1:
        raise UserError(tr("In diesem Bild sind mehrere QR-Codes. Bitte nehmen Sie nur den einen auf."))
    return texts.pop()
