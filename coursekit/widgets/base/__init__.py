"""What all widgets are built from: controls, a canvas, overlays, and the explorer itself."""

from coursekit.one_thread import use_one_thread

use_one_thread()
