"""``python -m webui``: the same as the command ``company-dating``."""

import sys

from webui.cli import main

sys.exit(main())
