from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.tips.attachments import pictures
from tips.attachments.images import clean_image
from tips.attachments.limits import LONGEST_SIDE
from tips.errors import FileRefused


def _shown(content):
    return Image.open(io.BytesIO(content))


def _saved(picture, form, **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_picture_stands_upright_although_its_exif_is_gone(orientation):
    picture = _shown(clean_image(pictures.jpeg(orientation))[1])

    assert picture.size == pictures.UPRIGHT
    red, _, blue = picture.getpixel((24, 5))
    assert red > 200
    assert blue < 60


def test_a_large_photo_keeps_the_side_a_number_plate_needs():
    kind, content = clean_image(_saved(Image.new("RGB", (4000, 3000), "grey"), "JPEG"))

    assert kind == "image/jpeg"
    assert _shown(content).size == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)


def test_the_picture_of_a_screen_stays_exact():
    screen = pictures.drawing((300, 200))

    kind, content = clean_image(_saved(screen, "PNG"))

    assert kind == "image/png"
    assert _shown(content).tobytes() == screen.tobytes()


def test_a_photo_saved_as_png_becomes_jpeg():
    assert clean_image(_saved(Image.effect_noise((300, 200), 90).convert("RGB").rotate(3), "PNG"))[0] in {
        "image/jpeg",
        "image/png",
    }
    noise = Image.merge("RGB", [Image.effect_noise((300, 200), 90) for _ in range(3)])
    assert clean_image(_saved(noise, "PNG"))[0] == "image/jpeg"


def test_what_was_erased_by_transparency_does_not_go_on():
    kind, content = clean_image(pictures.seen_through())
    picture = _shown(content)

    assert kind == "image/png"
    assert picture.getpixel((5, 5)) == (0, 0, 0, 0)
    assert picture.getpixel((5, 60))[3] == 255


def test_a_moving_picture_keeps_moving():
    kind, content = clean_image(pictures.gif(3))
    picture = _shown(content)

    assert kind == "image/webp"
    assert picture.n_frames == 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_every_way_to_hold_colours_is_read(mode):
    grey = Image.linear_gradient("L")
    picture = Image.new("I;16", (64, 64), 40_000) if mode == "I;16" else grey.convert(mode)

    _, content = clean_image(_saved(picture, "JPEG" if mode == "CMYK" else "PNG"))

    assert _shown(content).convert("L").getextrema()[1] > 120


def test_sixteen_bits_of_grey_do_not_turn_white():
    _, content = clean_image(_saved(Image.new("I;16", (64, 64), 20_000), "PNG"))

    assert _shown(content).convert("L").getpixel((5, 5)) in range(70, 90)


def test_a_damaged_exif_does_not_cost_the_picture():
    content = (
        pictures.jpeg()
        .replace(b"Exif\0\0II*\0", b"Exif\0\0II*\xff")
        .replace(b"Exif\0\0MM\0*", b"Exif\0\0MM\xff*")
    )

    assert clean_image(content)[0] == "image/jpeg"


def test_a_bomb_of_pixels_is_refused_before_it_is_decoded():
    with pytest.raises(FileRefused) as refused:
        clean_image(pictures.bomb())

    assert refused.value.fields == {"reason": "too_many_pixels"}
