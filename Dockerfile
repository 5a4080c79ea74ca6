# A small image that makes and sends packs: no root, no network needed to run, versions from the lock.
#   docker build -t playbook .
#   docker run --rm -v "$PWD/books:/books:ro" -v "$PWD/reports:/reports" playbook report --book /books/north --out /reports

FROM python:3.11.14-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY docker/build.lock docker/requirements.lock docker/
RUN python -m pip install --require-hashes --only-binary :all: -r docker/build.lock \
    && python -m venv /opt/playbook \
    && /opt/playbook/bin/python -m pip install --no-compile --require-hashes --only-binary :all: -r docker/requirements.lock
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY lib lib
COPY notebooks notebooks
COPY data/sample data/sample
RUN python -m hatchling build -t wheel -d dist \
    && /opt/playbook/bin/python -m pip install --no-compile --no-deps --no-index dist/*.whl \
    && find /opt/playbook/lib -type d -name tests -prune -exec rm -rf {} + \
    && rm -rf /opt/playbook/lib/python3.11/site-packages/pip /opt/playbook/lib/python3.11/site-packages/pyarrow/include

FROM python:3.11.14-slim-bookworm
RUN useradd --uid 10001 --no-log-init --create-home playbook \
    && install -d -o playbook /reports
COPY --from=build /opt/playbook /opt/playbook
ENV PATH=/opt/playbook/bin:$PATH LANG=C.UTF-8 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
USER 10001
WORKDIR /reports
ENTRYPOINT ["playbook"]
CMD ["--help"]
