"""Films for a fake camera: what somebody holds in front of the phone."""

from __future__ import annotations

from pathlib import Path

import qrcode
from PIL import Image

WIDTH, HEIGHT, FRAMES = 640, 480, 20


def film_of_code(text: str, path: Path, tilt: float = 8) -> Path:
    """Write a film (Y4M) of a screen that shows `text` as a QR code, a little askew, and return its path."""
    code = qrcode.make(text, border=4).convert("L").resize((300, 300))
    picture = Image.new("L", (WIDTH, HEIGHT), 96)
    picture.paste(code.rotate(tilt, expand=True, fillcolor=255), (150, 60))
    return film_of(picture, path)


def film_of(picture: Image.Image, path: Path) -> Path:
    """Write a film (Y4M) of a grey picture that does not move, and return its path."""
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)  # no colour
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\n".encode())
        for _frame in range(FRAMES):
            film.write(b"FRAME\n" + picture.tobytes() + grey)
    return path
