"""S3, as the environment names it: for books that are read from there and editions put there."""

from __future__ import annotations

import os
from typing import Any


def s3_store() -> Any:
    """The store, by the credentials, region and endpoint of the environment (AWS_ACCESS_KEY_ID,
    AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL …), as pyarrow's file system. Raises OSError.
    """
    from pyarrow import fs

    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    scheme, _, host = (endpoint or "").rpartition("://")
    given = {"endpoint_override": host, "scheme": scheme or "https"} if host else {}
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    given |= {"region": region} if region else {}
    return fs.S3FileSystem(connect_timeout=10, request_timeout=60, **given)
