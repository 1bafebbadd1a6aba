"""Cards at the desk: issued, printed, handed out, replaced, and blank ones by where they lie."""
