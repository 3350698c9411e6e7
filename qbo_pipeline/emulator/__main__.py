"""`python -m qbo_pipeline.emulator`."""

import sys

from qbo_pipeline.emulator.command import main

sys.exit(main())
