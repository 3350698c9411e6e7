"""A local QuickBooks Online over real HTTP, for the demo, tests and benchmarks.

Written from what is known of QuickBooks, not from this project's client: it shares nothing with it and refuses what
QuickBooks refuses. It imports nothing from the rest of the package.
"""

from qbo_pipeline.emulator.command import serve
from qbo_pipeline.emulator.emulator import Emulator
from qbo_pipeline.emulator.settings import EmulatorSettings

__all__ = ["Emulator", "EmulatorSettings", "serve"]
