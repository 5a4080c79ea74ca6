"""``python -m playbook``, the same as the command ``playbook``."""

import os
import sys

# `python -m` puts the current folder first on the search path: a file html.py there would be
# imported instead of Python's own.
if not sys.flags.safe_path and sys.path and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]

from playbook.cli import main

if __name__ == "__main__":
    main()
