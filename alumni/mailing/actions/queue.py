"""Jobs that were given up, once more."""

from alumni.core import audit, jobs
from alumni.core.errors import NotFound, require
from alumni.core.viewer import Viewer
from alumni.mailing import policy


def try_again(*, actor: Viewer, job_id: int) -> None:
    """The job runs once more, at once. What runs already or is done is not there to be tried."""
    require(policy.can_see_queue(actor), "admin")
    if not jobs.again(job_id):
        raise NotFound
    audit.record(actor, "job.again", f"job:{job_id}")
