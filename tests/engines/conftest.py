"""One Spark cluster for all tests of this room that need one."""

from __future__ import annotations

import cluster
import pytest


@pytest.fixture(scope="session")
def session(tmp_path_factory):
    """A session on a standalone cluster of two workers; skipped with a reason elsewhere."""
    if why := cluster.missing():
        pytest.skip(why)
    from playbook.engines.spark_session import session_of

    with cluster.cluster(tmp_path_factory.mktemp("spark")) as address:
        session = session_of(address, cluster.QUICK)
        yield session
        session.stop()
