# mpi with all that `mpi run` needs, in the versions of requirements.lock: docker build -t mpi .
# Use: docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" mpi run study.yaml --data data -o out
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE ./
COPY mpi mpi
COPY configs configs
# pip takes the versions and hashes of the lock for what this image needs of it, which is less than developers do.
RUN python -m venv /opt/mpi \
    && awk '/^[A-Za-z]/ { sub(/\[.*\]/, "", $1); print $1 }' requirements.lock > pins.txt \
    && /opt/mpi/bin/pip install --quiet --no-cache-dir --dry-run --ignore-installed --report report.json \
        --constraint pins.txt ".[publish,files]" \
    && python -c "import json; print(*(one['metadata']['name'].lower().replace('_', '-') for one in json.load(open('report.json'))['install']))" > names.txt \
    && awk 'NR == FNR { for (i = 1; i <= NF; i++) wanted[$i] = 1; next } /^[A-Za-z]/ { split($1, part, /[[=]/); keep = part[1] in wanted } keep' names.txt requirements.lock > own.lock \
    && /opt/mpi/bin/pip install --quiet --no-cache-dir --no-deps --require-hashes --only-binary :all: --requirement own.lock \
    && python -m venv tools \
    && awk '/^[A-Za-z]/ { keep = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/ } keep' requirements.lock > tools.lock \
    && tools/bin/pip install --quiet --no-cache-dir --require-hashes --requirement tools.lock \
    && tools/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/mpi/bin/pip install --quiet --no-cache-dir --no-deps dist/*.whl \
    && /opt/mpi/bin/python -P -m mpi.kernels.building "$(/opt/mpi/bin/python -P -c 'import mpi.kernels; print(*mpi.kernels.__path__)')" \
    && /opt/mpi/bin/pip check \
    && /opt/mpi/bin/pip uninstall --quiet --yes pip setuptools

FROM python:3.11-slim-bookworm
COPY --from=build /opt/mpi /opt/mpi
RUN useradd --uid 10001 --create-home mpi && mkdir /work && chown mpi /work
ENV PATH=/opt/mpi/bin:$PATH LANG=C.UTF-8
USER 10001
WORKDIR /work
ENTRYPOINT ["mpi"]
CMD ["--help"]
