# The service as one container: no root, nothing written but /data.
#
#   docker build -t event-monitor .
#   docker run -d --read-only --tmpfs /tmp -v monitor-data:/data -v ./config:/config:ro -p 127.0.0.1:8080:8080 event-monitor
#
# Without a folder mounted at /config it runs on what `monitor init` writes.

FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /src
RUN python -m venv --without-pip /opt/venv
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY monitor monitor
RUN pip wheel --quiet --no-deps --wheel-dir /dist . \
    && pip --python /opt/venv/bin/python install --quiet --no-compile --constraint constraints.txt /dist/*.whl
# Left out: what the service never reads (tests, headers and stubs of libraries; names of countries and notations of
# numbers in languages that it does not write).
WORKDIR /opt/venv/lib/python3.12/site-packages
RUN find . -type d -name tests -prune -exec rm -r {} + \
    && find . -type f \( -name '*.pyi' -o -name '*.py[xd]' -o -name '*.[ch]' \) -delete \
    && find babel/locale-data -name '*.dat' ! -name 'en*.dat' ! -name root.dat -delete \
    && rm -rf pycountry/locales
# A read-only container cannot keep bytecode, and without it every start takes seconds. So everything that the service
# loads is loaded once here (its modules, the libraries behind them, what a rule's proof and a delivery need), and the
# bytecode that this leaves is made again in the form that does not look at the times of files, which COPY changes. What
# is kept of the lexicons tells by their contents what it was made of.
RUN /opt/venv/bin/monitor init /config \
    && /opt/venv/bin/monitor check --config /config \
    && /opt/venv/bin/python -c "import apprise, monitor.daemon, monitor.fetch.http2, psycopg; apprise.Apprise().add('json://localhost')" \
    && find "$PWD" -name '*.pyc' | sed 's#/__pycache__/\([^/]*\)\.cpython-[^/]*#/\1.py#' >/tmp/loaded \
    && find . -name __pycache__ -prune -exec rm -r {} + \
    && python -m compileall -q --invalidation-mode unchecked-hash -i /tmp/loaded \
    && /opt/venv/bin/python -B -c "from monitor.language import lexicon; lexicon.every()"

FROM python:3.12-slim
RUN groupadd --gid 10001 monitor \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin monitor \
    && install -d -o 10001 -g 10001 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /config /config
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MONITOR_CONFIG=/config \
    MONITOR_DATABASE_URL=sqlite:////data/monitor.sqlite \
    MONITOR_HTTP_HOST=0.0.0.0 \
    MONITOR_HTTP_PORT=8080
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['MONITOR_HTTP_PORT']}/healthz\", timeout=8)"]
ENTRYPOINT ["monitor"]
CMD ["run"]
