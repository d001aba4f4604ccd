"""kill -9 under writing clients: twenty rounds of tools/torture (./dev torture does two hundred)."""
import os
import pathlib
import subprocess
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from tap import SOURCE, run, test  # noqa: E402


@test
def every_acknowledged_write_survives_the_killing_of_all_who_write():
    ran = subprocess.run([pathlib.Path(SOURCE) / "tools" / "torture", os.environ.get("VIAGGIO_ROUNDS", "20")],
                         capture_output=True, text=True, timeout=600)
    print("# " + ran.stdout.strip())
    assert ran.returncode == 0, ran.stdout + ran.stderr


run()
