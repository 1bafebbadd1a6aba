"""Photos of filled tally sheets: drawn anew, so that nothing of the file but the picture stays, and kept encrypted."""

from __future__ import annotations

import io
import warnings
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, delete, select

from relief.cards.sheet_models import TallyPhoto
from relief.kernel.errors import BadInput, NotFound, TooLarge
from relief.ledger.sets import replace_rows
from relief.office.paper.queries import Sheet
from relief.office.upload_sealing import seal, unseal
from relief.settings import Secrets

LARGEST_BYTES = 10 * 1024 * 1024
LARGEST_PIXELS = 60_000_000
LONGEST_SIDE = 2000  # pixels: handwriting on A4 reads well
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 80


def draw_anew(content: bytes) -> bytes:
    """Return the picture as a JPEG of our own, upright, without what the camera wrote beside it (place, device, thumbnail).

    Raises BadInput where it is no JPEG, PNG or WebP picture, TooLarge.
    """
    # Imported here because a server that takes no photos should not carry an imaging library.
    from PIL import Image, ImageOps

    if len(content) > LARGEST_BYTES:
        raise TooLarge(_("The photo is larger than 10 MB."), where="photo", limit=LARGEST_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a picture that is too large is said below, in words
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > LARGEST_PIXELS:
                    raise TooLarge(_("The photo has too many pixels."), where="photo", limit=LARGEST_PIXELS)
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain = Image.frombytes("RGB", upright.size, upright.tobytes())  # the pixels alone
        drawn = io.BytesIO()
        plain.save(drawn, "JPEG", quality=QUALITY, optimize=True)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise BadInput(_("This is not a photo that can be read. Take it as JPEG, PNG or WebP."), where="photo") from error
    return drawn.getvalue()


def keep_photo(connection: Connection, sheet: Sheet, drawn: bytes, user_id: bytes | None, now: int, secrets: Secrets) -> None:
    """Keep the photo of a sheet (from `draw_anew`) in the place of one that was there."""
    columns = ("operation_id", "sheet_id", "content", "added_at", "added_by")
    row = (sheet.operation_id, sheet.sheet_id, seal(secrets, sheet.sheet_id, drawn), now, user_id)
    replace_rows(connection, TallyPhoto, columns, [row])


def get_photo(connection: Connection, sheet: Sheet, secrets: Secrets) -> bytes:
    """Return the JPEG of a sheet; raises NotFound."""
    content = connection.execute(select(TallyPhoto.content).where(*_is(sheet))).scalar()
    if content is None:
        raise NotFound(_("This sheet has no photo."))
    return unseal(secrets, sheet.sheet_id, content)


def drop_photo(connection: Connection, sheet: Sheet) -> None:
    """Delete a sheet's photo."""
    connection.execute(delete(TallyPhoto).where(*_is(sheet)))


def _is(sheet: Sheet) -> tuple[Any, Any]:
    return TallyPhoto.operation_id == sheet.operation_id, TallyPhoto.sheet_id == sheet.sheet_id
