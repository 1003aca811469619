"""`python -m ekukit` is the same as `ekukit`."""

import sys

from ekukit.cli import main

sys.exit(main())
