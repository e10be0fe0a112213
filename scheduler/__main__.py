"""``python -m scheduler``: the same as the command ``company-dating``."""

import sys

from scheduler.cli import main

sys.exit(main())
