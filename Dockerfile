# syntax=docker/dockerfile:1
# Rex in a container: one binary, an unprivileged user, one writable volume for the index.
#
#   docker build --build-arg REVISION="$(git rev-parse HEAD)" -t rex .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     --memory 1g --pids-limit 256 -p 127.0.0.1:7373:7373 \
#     -v "$PWD/rex.toml:/etc/rex/rex.toml:ro" -v "$PWD/corpus:/srv/rex/corpus:ro" -v rex-index:/var/lib/rex rex
#
# To index while the server runs: docker exec --user 10001 CONTAINER rex index
FROM rust:1.95-slim-trixie AS build
WORKDIR /src
COPY . .
# Cache mounts are not part of the image, so the binary is copied out of the target folder.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package rex-cli --bin rex \
    && install -D --mode 0755 target/release/rex /out/rex

FROM debian:trixie-slim
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Rex" \
      org.opencontainers.image.description="Search engine for case studies of French public contracts" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /out/rex /usr/local/bin/rex
COPY corpus /srv/rex/corpus
# A numeric UID lets orchestrators verify that the user is not root. It owns the state folder and nothing else.
RUN install -d --owner 10001 --group 10001 --mode 0750 /var/lib/rex \
    && install -d --mode 0755 /etc/rex \
    && touch /etc/rex/rex.toml
USER 10001:10001
# Defaults for the empty rex.toml; mount one over it to change other settings. Loopback would be unreachable from outside the container.
ENV REX_CONFIG=/etc/rex/rex.toml \
    REX_CORPUS=/srv/rex/corpus \
    REX_INDEX=/var/lib/rex/index \
    REX_ADDR=0.0.0.0:7373
VOLUME /var/lib/rex
EXPOSE 7373
# The image has no HTTP client, so bash opens the connection. The start period covers the first index of a large corpus.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5m --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/7373 && printf 'GET /health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r -t 4 line <&3 && [[ $line == 'HTTP/1.1 200 '* ]]"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["rex"]
CMD ["serve"]
