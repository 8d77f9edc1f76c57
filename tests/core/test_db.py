"""Steps that follow each other, and whoever wants to save something in between."""

import threading
import time

import pytest
import sqlalchemy as sa
from flask import Flask

from alumni.core.db import db, give_way, intend
from alumni.programmes.models import Family

STEPS = 12
SAVE = sa.insert(Family)


@pytest.mark.alone
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # where one writes at a time
def test_somebody_saves_between_the_steps_of_a_long_work(alone: Flask) -> None:
    begun, steps_done_when_saved = threading.Event(), []
    done = 0

    def save(name: str) -> None:
        begun.wait()
        with alone.app_context():
            intend(to_write=True)
            db.session.execute(SAVE, {"slug": name, "name": name, "position": 9})
            db.session.commit()
        steps_done_when_saved.append(done)

    others = [threading.Thread(target=save, args=(f"other-{number}",)) for number in range(4)]
    for other in others:
        other.start()
    with alone.app_context():
        intend(to_write=True)
        for step in range(STEPS):
            db.session.execute(SAVE, {"slug": f"step-{step}", "name": "Step", "position": 9})
            begun.set()
            time.sleep(0.06)  # a step that takes its time, and keeps the lock
            db.session.commit()
            done = step + 1
            give_way()
    for other in others:
        other.join()
    assert sorted(steps_done_when_saved)[0] < STEPS // 2
    assert sorted(steps_done_when_saved)[-1] < STEPS
