"""How far a login on a device reaches in the house of a data folder."""

from __future__ import annotations

from onefold.app.folder import DataFolder
from onefold.customer.profile.attribution import USUAL, DeviceRules
from onefold.gate.device_rules import read_device_rules


def devices_of(folder: DataFolder) -> DeviceRules:
    """The folder's own rules of whose is what was done on a device, else the usual ones."""
    own = folder.devices
    return read_device_rules(own.read_text("utf-8"), own.name) if own.is_file() else USUAL
