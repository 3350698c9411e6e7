"""What comes of asking for the QuickBooks object of something the operational system names."""

from dataclasses import dataclass

from qbo_pipeline.state.intents import Need


@dataclass(frozen=True)
class Found:
    """The object's id; `target` says of which kind it is, where there is more than one."""

    qbo_id: str
    target: str


@dataclass(frozen=True)
class Missing:
    """There is no object yet; one is being made, or will be, and whoever waits for `need` goes on by itself."""

    need: Need


@dataclass(frozen=True)
class Unmapped:
    """A person must say which object it is; `reason` names the command, `reason_code` is what wakes whoever waits."""

    reason_code: str
    reason: str


Resolution = Found | Missing | Unmapped
