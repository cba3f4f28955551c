# One image for the service, the worker and the command line: docker run IMAGE serve
# The packages are those of packages.txt; nothing else is fetched but what package-lock.json names.

FROM debian:12-slim AS build
WORKDIR /src
COPY packages.txt ./
RUN apt-get update && \
    awk '/^\[/ { inside = ($1 == "[build]"); next } inside && !/^#/ && NF { print $1 }' packages.txt | \
    xargs apt-get install -y --no-install-recommends
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY . .
RUN cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF && \
    ninja -C build cpd-api && strip build/cpd-api

FROM debian:12-slim
ARG SHA=none
ARG RELEASE_VERSION=-
LABEL org.opencontainers.image.title="cpd-api" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision="${SHA}" \
      org.opencontainers.image.version="${RELEASE_VERSION}"
COPY packages.txt /tmp/
RUN apt-get update && \
    awk '/^\[/ { inside = ($1 == "[runtime]"); next } inside && !/^#/ && NF { print $1 }' /tmp/packages.txt | \
    xargs apt-get install -y --no-install-recommends && \
    rm -rf /var/lib/apt/lists/* /tmp/packages.txt && \
    useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin cpd
COPY --from=build /src/build/cpd-api /usr/local/bin/cpd-api
USER 10001
ENV SHA=${SHA} RELEASE_VERSION=${RELEASE_VERSION} PORT=3000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD curl -fsS "http://127.0.0.1:${PORT}/check" || exit 1
ENTRYPOINT ["cpd-api"]
CMD ["serve"]
