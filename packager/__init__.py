"""Packager turns an article into an accessible EPUB and a narration that runs in step with it."""

import os

# Libraries that would tell their makers what is done with them: nothing leaves this machine. onnxruntime, which runs the
# voices, asks to send since 1.32; it looks when it is loaded, so this comes before everything else.
for _variable in ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    os.environ.setdefault(_variable, "1")

__version__ = "0.1.0"
