"""Which passwords will do, and how they are kept."""

from __future__ import annotations

import pytest

from relief.accounts.passwords import hash_password, is_password
from relief.accounts.rules import is_common_password


@pytest.mark.parametrize("guessed", [
    "password12", "Password123!", "1234567890", "0987654321", "aaaaaaaaaa", "abcabcabcabc", "qwertyuiop", "qwerty1234",
    "1q2w3e4r5t", "abcdefghij", "letmein2024", "redcross2026", "йцукенгшщз", "2012-12-12", "olga.ivanova1",
])  # fmt: skip
def test_what_is_guessed_early_will_not_do(guessed: str) -> None:
    assert is_common_password(guessed, "olga.ivanova@example.org")


@pytest.mark.parametrize("good", ["four small words here", "зелёный чайник у окна", "Tr7-pallet-Minsk", "xk29dk2mqp"])
def test_ordinary_passwords_will_do(good: str) -> None:
    assert not is_common_password(good, "olga.ivanova@example.org")


def test_a_password_is_kept_as_argon2id_of_46_mebibytes() -> None:
    stored = hash_password("four small words here")
    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert is_password(stored, "four small words here")
    assert not is_password(stored, "four small words her")


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_without_a_password_none_is_right(stored: str | None) -> None:
    assert not is_password(stored, "four small words here")
    assert not is_password(stored, "")
