# Build with: docker build -t flosum-assistant .
# The bot writes to /data and /tmp alone, so the root may be read-only:
#   docker run --read-only --tmpfs /tmp -v flosum:/data --env-file .env -p 3000:3000 flosum-assistant
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/venv
COPY pyproject.toml README.md LICENSE app.py manifest.yml ./
COPY migrations ./migrations
COPY bot ./bot
# Compiled by pip on the way: a container cannot, and each start would do it anew. No pip is left to install more with.
RUN /opt/venv/bin/pip install --no-cache-dir . \
    && /opt/venv/bin/pip uninstall --yes pip \
    && mkdir /app && cp app.py /app

FROM python:3.13-slim
RUN useradd --uid 10001 --user-group --home-dir /data --create-home --shell /usr/sbin/nologin assistant \
    && chmod 0700 /data && rm -f /data/.[a-z]* && python -m pip uninstall --yes --root-user-action=ignore pip
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
# As a number, so that Kubernetes can see that it is not root.
USER 10001:10001
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    FLOSUM_HOST=0.0.0.0 FLOSUM_PORT=3000 FLOSUM_DATABASE_URL=sqlite:////data/assistant.db
VOLUME /data
EXPOSE 3000
# In both modes: with Socket Mode the same address says that the process is alive. Docker leaves quotes around a value.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, sys; from http.client import HTTPConnection as C; c = C('127.0.0.1', int(''.join(filter(str.isdigit, os.environ['FLOSUM_PORT']))), timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
# No shell in between: SIGTERM reaches the bot, which is gone within ten seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "app.py"]
