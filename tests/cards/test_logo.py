"""The logo on the cards: whatever comes is checked and drawn anew."""

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from relief.cards.logo import KEPT_SIDE, LARGEST_BYTES, clean_logo
from relief.kernel.errors import BadInput, TooLarge


def picture(kind="PNG", size=(300, 120), mode="RGB", **more):
    stream = BytesIO()
    Image.new(mode, size, "navy").save(stream, kind, **more)
    return stream.getvalue()


def opened(content):
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_a_new_png(kind):
    cleaned = opened(clean_logo(picture(kind)))
    assert (cleaned.format, cleaned.size, cleaned.mode) == ("PNG", (300, 120), "RGB")


def test_what_else_was_in_the_file_is_gone():
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", "Somebody")
    assert b"Somebody" in picture(pnginfo=note) and b"Somebody" not in clean_logo(picture(pnginfo=note))


def test_a_large_one_is_made_smaller():
    assert max(opened(clean_logo(picture(size=(3000, 1500)))).size) == KEPT_SIDE


def test_what_shows_through_becomes_white():
    stream = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(stream, "PNG")
    assert opened(clean_logo(stream.getvalue())).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:9], picture("GIF")])
def test_what_is_no_such_picture_is_not_taken(content):
    with pytest.raises(BadInput):
        clean_logo(content)


def test_a_file_of_too_many_bytes_or_dots_is_not_opened():
    with pytest.raises(TooLarge):
        clean_logo(bytes(LARGEST_BYTES + 1))
    with pytest.raises(TooLarge):
        clean_logo(picture(size=(6001, 10)))


def test_a_picture_that_a_camera_held_upright_is_turned():
    turned = Image.Exif()
    turned[0x0112] = 6  # its upper edge is at the right
    assert opened(clean_logo(picture("JPEG", (300, 120), exif=turned))).size == (120, 300)
