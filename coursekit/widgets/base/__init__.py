"""What all widgets are built from: controls, a canvas, overlays, and the explorer itself."""
