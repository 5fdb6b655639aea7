"""An edition, from settings to published version: the only room that knows the order of the others."""

from cfmap.pipeline.building import BuildResult, build
from cfmap.pipeline.checking import CheckResult, check
from cfmap.pipeline.comparing import DiffResult, diff
from cfmap.pipeline.computing import compute
from cfmap.pipeline.events import EventsResult, renew_events
from cfmap.pipeline.inputs import Inputs, Streets
from cfmap.pipeline.judging import TargetsResult, ledger_of, targets
from cfmap.pipeline.reading import editions_of, read_inputs, sites
from cfmap.pipeline.schools import Schools, schools_of
from cfmap.pipeline.streets import fetch_network
from cfmap.pipeline.versions import VersionLine, roll_back, version_list

__all__ = [
    "BuildResult",
    "CheckResult",
    "DiffResult",
    "EventsResult",
    "Inputs",
    "Schools",
    "Streets",
    "TargetsResult",
    "VersionLine",
    "build",
    "check",
    "compute",
    "diff",
    "editions_of",
    "fetch_network",
    "ledger_of",
    "read_inputs",
    "renew_events",
    "roll_back",
    "schools_of",
    "sites",
    "targets",
    "version_list",
]
