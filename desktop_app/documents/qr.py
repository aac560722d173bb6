"""QR codes as one vector path each: sharp at every size, and fast (a widget of squares takes ten times as long)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from reportlab.platypus.flowables import Flowable

#: Light modules that scanners need around the code.
_QUIET_ZONE: Final = 4
#: Level M still reads with a fold or a coffee stain over 15 % of the code.
_ERROR_CORRECTION: Final = "m"
#: More text makes modules too small for an older telephone's camera on a small print.
LONGEST_CONTENT: Final = 300


def dark_runs(content: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """Return the number of modules on a side and the dark runs as (row from the top, column, length)."""
    import segno

    matrix = segno.make_qr(content, error=_ERROR_CORRECTION, boost_error=False).matrix
    runs: list[tuple[int, int, int]] = []
    for row, modules in enumerate(matrix):
        column = 0
        while column < len(modules):
            if modules[column]:
                start = column
                while column < len(modules) and modules[column]:
                    column += 1
                runs.append((row, start, column - start))
            else:
                column += 1
    return len(matrix), tuple(runs)


@lru_cache(maxsize=256)
def _path(content: str) -> tuple[int, str]:
    """Return the modules on a side and one PDF path in units of a module, origin at the lower left."""
    modules, runs = dark_runs(content)
    rectangles = (f"{column} {modules - 1 - row} {length} 1 re" for row, column, length in runs)
    return modules, " ".join((*rectangles, "f"))


class QrCode(Flowable):
    """A QR code with its quiet zone, `size` points wide and high."""

    def __init__(self, content: str, size: float) -> None:
        """Raise ValueError if the content is empty or too long to be read from paper."""
        super().__init__()
        if not content or len(content) > LONGEST_CONTENT:
            raise ValueError("a QR code on paper holds 1 to 300 characters")
        self.content = content
        self.width = size
        self.height = size

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803, ARG002
        """Return the fixed size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw all dark modules as one filled path."""
        modules, path = _path(self.content)
        module = self.width / (modules + 2 * _QUIET_ZONE)
        self.canv.saveState()
        self.canv.setFillGray(0)
        self.canv.transform(module, 0, 0, module, _QUIET_ZONE * module, _QUIET_ZONE * module)
        # Written as it is: the path object of the canvas formats every number anew, ten times slower.
        self.canv.addLiteral(path)
        self.canv.restoreState()
