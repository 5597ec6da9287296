"""A picture small enough to send often."""

from tests.tips.attachments import pictures

JPEG = pictures.jpeg()
