# The page with its model and a built index inside; it needs no network once it is built.
#   docker build -t verbatim .
#   docker run --rm -p 7860:7860 -e SCO_LOGIN=ada:a-long-password verbatim
# torch is left out, which only SCO_MODEL_DIR and `index verify --deep` need: the packaged model and the reader run without.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /verbatim
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --require-hashes --no-deps --only-binary :all: -r requirements.lock
COPY LICENSE README.md ./
COPY index index
COPY assistant assistant
COPY source_docs source_docs
# An index that lay about on the building machine is no part of the image, nor is a document that was removed.
RUN rm -rf index/built source_docs/.removed && /venv/bin/python -m index rebuild --progress none

FROM python:3.11-slim-bookworm
RUN useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin verbatim
COPY --from=build /venv /venv
# Its user's own: rebuilds, where they are allowed, write to index/built.
COPY --from=build --chown=verbatim:verbatim /verbatim /verbatim
WORKDIR /verbatim
USER 1000
# Other machines come in by the published port, so the program does not start without SCO_LOGIN.
ENV PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    SCO_HOST=0.0.0.0 \
    SCO_PORT=7860 \
    SCO_LOG=json
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["/venv/bin/python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
CMD ["/venv/bin/python", "-m", "assistant"]
