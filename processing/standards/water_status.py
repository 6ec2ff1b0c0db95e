"""环办〔2011〕22号: what a class of water is called, and its colour."""

from __future__ import annotations

import msgspec

from qingchuan.processing.standards.edition import Edition, Part, Text


class WaterClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A class of water.

    Attributes
    ----------
    number : int
        1 … 6
    name, en : str
        Such as 劣Ⅴ and worse than Ⅴ.
    status : Text
        水质状况, such as 重度污染.
    colour_zh, colour : str
        The word of the document, and ``#RRGGBB`` as the national release platform shows it.
    """

    number: int
    name: str
    en: str
    status: Text
    colour_zh: str
    colour: str

    @property
    def label(self) -> Text:
        """Its name, in Chinese and in English."""
        return Text(self.name, self.en)


class WaterClasses(Part, frozen=True, kw_only=True):
    """The classes from best to worst, and where their colours are from."""

    colour_basis: str
    not_monitored: str
    rows: tuple[WaterClass, ...]


class WaterStatus(Edition, frozen=True, kw_only=True):
    """An edition of 地表水环境质量评价办法."""

    classes: WaterClasses

    def water_class(self, number: int) -> WaterClass | None:
        """Class of a number; None for 0, where no class can be given.

        Raises
        ------
        LookupError
            There is no class of this number.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> found = standards.load("hb2011_22", standards.WaterStatus).water_class(5)
        >>> (found.name, found.status.zh, found.colour) if found else None
        ('Ⅴ', '中度污染', '#FF9B00')
        """
        if not 0 <= number <= len(self.classes.rows):
            msg = f"the class has the number {number}; it is 1 … {len(self.classes.rows)}, or 0 for none"
            raise LookupError(msg)
        return self.classes.rows[number - 1] if number else None
