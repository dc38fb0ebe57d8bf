# One image for every role of Följsam: web, worker, postman, and the Prefect server it is pinned to.
# The role is the command; docker-compose.yml names one for each service.
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    FOLJSAM_HOME=/var/lib/foljsam

WORKDIR /app

# What Följsam stands on, first and alone: this layer is kept until the lock changes.
COPY requirements.txt .
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt

# Then Följsam itself, as `make setup` does it.
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e .

# Nothing runs as root. An empty volume that is mounted on the home folder takes over its owner.
RUN useradd --create-home --uid 10001 foljsam \
    && install --directory --owner foljsam --group foljsam --mode 0700 /var/lib/foljsam
USER foljsam

ENTRYPOINT ["foljsam"]
CMD ["--help"]
