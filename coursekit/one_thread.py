"""One thread for linear algebra: the course's matrices are small, and more threads only wait."""

import ctypes
import os
from importlib import import_module
from pathlib import Path

# OpenBLAS under the names of its builds, and Intel's library.
_SETTERS = [f"{p}openblas_set_num_threads{s}" for p in ("", "scipy_") for s in ("", "64_")]
_SETTERS += ["MKL_Set_Num_Threads"]


def use_one_thread() -> None:
    """Let NumPy's library use one thread, unless an environment variable sets their number.

    ``coursekit lab`` sets the variables. Where JupyterLab was started in another way, a lecture
    has loaded the library before this package, and the variables come too late.
    """
    if "OMP_NUM_THREADS" in os.environ or "OPENBLAS_NUM_THREADS" in os.environ:
        return
    module = Path(str(import_module("numpy._core._multiarray_umath").__file__))
    # Through the module its library can be reached, except on Windows.
    for path in (module, *module.parents[2].glob("numpy.libs/*openblas*.dll")):
        try:
            library = ctypes.CDLL(str(path))
        except OSError:  # in a browser, where a module is not a library and there is one thread
            continue
        for name in _SETTERS:
            if hasattr(library, name):
                getattr(library, name)(1)
