"""Builds an index: `python scripts/build_index.py PATH... --into DIR` is `rag index PATH... --into DIR`."""

import sys

from rag.cli import main

if __name__ == "__main__":
    sys.argv = ["rag", "index", *sys.argv[1:]]
    main()
