"""`python -m onefold`: the same as the `onefold` command."""

from __future__ import annotations

from onefold.app import main

if __name__ == "__main__":
    main()
