"""``python -m cfmap``."""

from __future__ import annotations

import sys

from cfmap.cli import main

sys.exit(main())
