# Build with: docker build -t flosum-assistant .
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir . \
    && /opt/venv/bin/pip uninstall --yes flosum-assistant pip

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 assistant && mkdir /data && chown assistant /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY app.py pyproject.toml manifest.yml ./
COPY migrations ./migrations
COPY bot ./bot
RUN /opt/venv/bin/python -m compileall -q /app
USER assistant
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    FLOSUM_HOST=0.0.0.0 FLOSUM_PORT=3000 FLOSUM_DATABASE_URL=sqlite:////data/assistant.db
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"FLOSUM_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["python", "app.py"]
