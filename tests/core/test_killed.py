"""A worker killed at the worst moment, and several at once: what was promised is done, and known as the same."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from alumni import worker
from alumni.accounts import notices
from alumni.core import clock, jobs
from alumni.core.db import db
from alumni.core.jobs import Job, JobState
from tests import builders

ROOT = Path(__file__).parents[2]
# A worker as the installation runs it. `DIES` is the point at which it stops answering, and waits to be killed.
WORKER = """
import sys, time
from alumni import create_app, worker
from alumni.core import jobs
from config import for_tests
from pathlib import Path
app = create_app(for_tests(database_url=sys.argv[1], instance=Path(sys.argv[2]), mail_url=sys.argv[3]))
if sys.argv[4] == "after sending":
    def stuck(job):
        print("here", flush=True)
        time.sleep(60)
    jobs.finish = stuck
with app.app_context():
    worker.run_due()
"""


@pytest.fixture
def app(alone):
    """The mail server of `postbox` for an app with a database of its own, which other processes share."""
    return alone


def start(app, dies=""):
    config = app.config["ALUMNI"]
    arguments = [config.database_url, str(config.instance), config.mail_url, dies]
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def promise(app, letters):
    with app.app_context():
        for n in range(letters):
            notices.tell_newcomer_to_confirm(builders.make_account(f"nia{n}@example.org"))
        db.session.commit()
        db.session.remove()


def states(app):
    with app.app_context():
        found = list(db.session.scalars(sa.select(Job.state)))
        db.session.remove()
        return found


def test_killed_between_sending_and_writing_it_down(app, postbox):
    promise(app, 1)
    process = start(app, "after sending")
    assert process.stdout.readline() == b"here\n", process.stdout.read()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert len(postbox.letters) == 1
    assert states(app) == [JobState.RUNNING]
    with app.app_context(), time_machine.travel(clock.now() - 3 * jobs.LEASE, tick=False):
        assert worker.run_due() == 0  # the clock went back: the lease holds longer, and nothing is lost
        db.session.remove()
    with app.app_context(), time_machine.travel(clock.now() + 2 * jobs.LEASE, tick=False):
        assert worker.run_due() == 1
        assert worker.run_due() == 0
        db.session.remove()
    assert states(app) == [JobState.DONE]
    assert len(postbox.letters) == 2
    assert len({letter["Message-ID"] for letter in postbox.letters}) == 1  # mail programs show it once


def test_several_workers_send_each_letter_once(app, postbox):
    promise(app, 12)
    processes = [start(app) for _ in range(2)]
    thread = threading.Thread(target=lambda: [process.wait() for process in processes])
    thread.start()
    thread.join(60)
    for process in processes:
        assert process.returncode == 0, process.stdout.read().decode()[-2000:]
        process.stdout.close()
    assert states(app) == [JobState.DONE] * 12
    assert Counter(letter["To"] for letter in postbox.letters) == {f"nia{n}@example.org": 1 for n in range(12)}
