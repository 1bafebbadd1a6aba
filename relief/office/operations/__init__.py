"""Operations as a whole: registered from a file or a form, their plan changed, read back."""
