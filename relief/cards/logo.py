"""The Society's own logo on its cards: uploaded, checked, and drawn anew so that nothing but the picture is kept."""

from __future__ import annotations

from io import BytesIO
from warnings import catch_warnings, simplefilter

from flask_babel import gettext as _

from relief.kernel.errors import BadInput, TooLarge

LARGEST_BYTES = 2_000_000
LARGEST_SIDE = 6_000  # dots; more is no logo, and unpacks to gigabytes
KEPT_SIDE = 1_000
KINDS = ("PNG", "JPEG", "WEBP")


def clean_logo(content: bytes) -> bytes:
    """Return the picture as a new PNG of at most 1000 dots a side, on white; raises BadInput, TooLarge.

    What else was in the file - places, names, programs - is not in the new one.
    """
    # Imported here because a server that prints no cards should not carry an imaging library.
    from PIL import Image, ImageOps

    if len(content) > LARGEST_BYTES:
        raise TooLarge(_("The picture is larger than 2 MB."), where="logo", limit=LARGEST_BYTES)
    try:
        with catch_warnings():
            simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=KINDS) as picture:
                if max(picture.size) > LARGEST_SIDE:
                    raise TooLarge(_("The picture has too many dots."), where="logo", limit=LARGEST_SIDE)
                coloured = ImageOps.exif_transpose(picture).convert("RGBA")
    except TooLarge:
        raise
    except Exception as error:  # the library raises whatever a damaged file makes it stumble over
        raise BadInput(_("This is not a picture: choose a PNG, JPEG or WebP file."), where="logo") from error
    coloured.thumbnail((KEPT_SIDE, KEPT_SIDE))
    flat = Image.new("RGB", coloured.size, "white")
    flat.paste(coloured, mask=coloured.getchannel("A"))
    stream = BytesIO()
    flat.save(stream, "PNG", optimize=True)
    return stream.getvalue()
