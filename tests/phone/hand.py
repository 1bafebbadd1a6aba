"""What a volunteer's camera sees: a hand that holds one thing after the other before it, in whatever light there is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageFilter

WALL, PICTURES, PER_SECOND = 96, 2, 20
WIDTH, HEIGHT = 640, 480


class Hand:
    """A film for Chromium's camera that is written anew while it is shown: the camera sees what is held now.

    No test has to keep pace with a film: a slow machine sees the same cards.
    """

    def __init__(self, path: Path, width: int = WIDTH, height: int = HEIGHT, per_second: int = PER_SECOND) -> None:
        self.path, self.size = path, (width, height)
        self._no_colour = bytes([128]) * (width * height // 2)
        self._head = f"YUV4MPEG2 W{width} H{height} F{per_second}:1 Ip A1:1 C420\n".encode()
        path.write_bytes(self._film(Image.new("L", self.size, WALL)))

    @property
    def flag(self) -> str:
        """The argument with which Chromium looks at this hand."""
        return f"--use-file-for-fake-video-capture={self.path}"

    def hold(self, picture: Image.Image) -> None:
        """Hold a grey picture of the camera's size before the camera."""
        with self.path.open("r+b", buffering=0) as film:  # the very file that Chromium has open
            film.write(self._film(picture))

    def lower(self) -> None:
        """Hold nothing: the camera sees the wall."""
        self.hold(Image.new("L", self.size, WALL))

    def _film(self, picture: Image.Image) -> bytes:
        return self._head + (b"FRAME\n" + picture.tobytes() + self._no_colour) * PICTURES


@dataclass(frozen=True, slots=True)
class Sight:
    """How something is seen: turned by degrees, leaning away by a part of its height, as large as a part of the picture's height,
    blurred by pixels (out of focus, and moving sideways), and with what part of the light, how much noise of 255."""

    turned: float = 0.0
    leaning: float = 0.0
    large: float = 0.8
    blurred: float = 0.0
    moving: int = 0
    light: float = 1.0
    noise: int = 0


def seen(thing: Image.Image, sight: Sight, size: tuple[int, int] = (WIDTH, HEIGHT), seed: int = 0) -> Image.Image:
    """Return the camera's picture of a card or a screen."""
    height = round(size[1] * sight.large)
    thing = thing.convert("L").resize((round(thing.width * height / thing.height), height), Image.Resampling.LANCZOS)
    thing = _lean(thing, sight.leaning).rotate(sight.turned, Image.Resampling.BICUBIC, expand=True, fillcolor=WALL)
    picture = Image.new("L", size, WALL)
    picture.paste(thing, ((size[0] - thing.width) // 2, (size[1] - thing.height) // 2))
    picture = _move(picture, sight.moving).filter(ImageFilter.GaussianBlur(sight.blurred))
    return _noise(picture.point(lambda grey: round(grey * sight.light)), sight.noise, seed)


def _lean(thing: Image.Image, part: float) -> Image.Image:
    """Return it with its upper edge further away than the lower one, so that it looks shorter there."""
    (width, height), wider = thing.size, 1 + part
    # From where each pixel comes: x and y over a distance that grows upwards.
    whence = (wider, part * width / height / 2, -part * width / 2, 0, wider, 0, 0, part / height)
    return thing.transform(thing.size, Image.Transform.PERSPECTIVE, whence, Image.Resampling.BICUBIC, fillcolor=WALL)


def _move(picture: Image.Image, pixels: int) -> Image.Image:
    moved = picture
    for step in range(1, pixels):
        moved = Image.blend(moved, ImageChops.offset(picture, step, 0), 1 / (step + 1))
    return moved


def _noise(picture: Image.Image, most: int, seed: int) -> Image.Image:
    if not most:
        return picture
    grain = Image.frombytes("L", picture.size, Random(seed).randbytes(picture.width * picture.height))
    return ImageChops.add(picture, grain.point(lambda grey: grey * most // 255), 1, -most // 2)
