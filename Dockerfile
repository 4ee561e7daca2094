# The service as one image: the web process by default, a worker with another command.
FROM python:3.11-slim-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements/ requirements/
# Every package is pinned, and each has a wheel: nothing is compiled, no tools stay behind.
RUN /venv/bin/pip install --only-binary :all: -r requirements/production.txt


FROM python:3.11-slim-bookworm

ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ENV_FILE=""
# A user with no rights, no shell and a number, so that platforms can see that it is not root.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin service
WORKDIR /app
COPY --from=build /venv /venv
COPY manage.py ./
COPY config/ config/
COPY apps/ apps/
COPY templates/ templates/
RUN python manage.py collectstatic --noinput

USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\", 8000)}/live', timeout=4)"]
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
