"""The door without HTTP: runs the jobs that committed changes promised."""

from alumni.worker.engine import install, run, run_daily, run_due, run_each_minute, work
from alumni.worker.runners import RUNNERS

__all__ = ["RUNNERS", "install", "run", "run_daily", "run_due", "run_each_minute", "work"]
