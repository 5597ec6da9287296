"""What some tests need of the machine: skipped where it is missing, never on the continuous integration."""

from __future__ import annotations

import os

import pytest

from ingest.libreoffice import can_convert
from ingest.loaders.tesseract import LANGUAGE, languages
from ingest.walls import walls_stand

_MUST = os.environ.get("CI") == "true"
_OFFICE = all(map(can_convert, ("doc", "xls", "ppt")))

libreoffice = pytest.mark.skipif(
    not _OFFICE and not _MUST, reason="LibreOffice with Writer, Calc and Impress is not installed"
)
tesseract = pytest.mark.skipif(
    LANGUAGE not in languages() and not _MUST, reason="Tesseract with Vietnamese is not installed"
)
bubblewrap = pytest.mark.skipif(not walls_stand() and not _MUST, reason="bubblewrap does not work here")
