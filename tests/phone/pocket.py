"""A phone with a storage on disk, whose browser can be killed and started again, as when a battery is empty."""

from __future__ import annotations

import os
import select
import shutil
import signal
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Playwright, expect

from tests.phone.browsers import FLAGS, PATIENCE_MS, PIN, Phone

# A storage that lasts can have apps installed; the screens of other phones offer nothing.
NO_OFFER = "addEventListener('beforeinstallprompt', (offer) => { offer.preventDefault(); offer.stopImmediatePropagation(); })"


class Profile:
    """A browser's storage in `folder`; it opens one phone at a time."""

    def __init__(self, player: Playwright, folder: Path, *flags: str) -> None:
        self.player, self.folder, self.flags = player, folder, flags

    def new_context(self, **options: Any) -> BrowserContext:
        for left in self.folder.glob("Singleton*"):  # of a browser that was killed
            left.unlink()
        expect.set_options(timeout=PATIENCE_MS)
        context = self.player.chromium.launch_persistent_context(
            self.folder, executable_path=shutil.which("chromium"), args=[*FLAGS, *self.flags], **options
        )
        context.add_init_script(NO_OFFER)
        return context

    def kill(self) -> None:
        """End the browser as if there were no current any more."""
        handles = [os.pidfd_open(each) for each in self._processes()]
        for handle in handles:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        for handle in handles:
            assert select.select([handle], [], [], PATIENCE_MS / 1000)[0], "the browser did not end"
            os.close(handle)

    def _processes(self) -> list[int]:
        mine = f"--user-data-dir={self.folder}".encode()
        every = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return [each for each in every if mine in _command_of(each)]


class PocketPhone:
    """`phone` is what she sees, until the battery is gone."""

    def __init__(self, profile: Profile, address: str) -> None:
        self.profile, self.address = profile, address
        self.phone = Phone(profile, address)  # type: ignore[arg-type]

    def battery_gone(self) -> None:
        self.profile.kill()
        assert (self.phone.elsewhere, self.phone.failures) == ([], [])

    def switch_on(self) -> Phone:
        """Open the app again, and give the PIN."""
        self.phone = Phone(self.profile, self.address)  # type: ignore[arg-type]
        self.phone.page.goto("/phone/")
        self.phone.type_pin(PIN)
        return self.phone


def _command_of(process: int) -> list[bytes]:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:  # it has ended meanwhile
        return []
