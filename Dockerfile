# syntax=docker/dockerfile:1
# Rex in a container: one binary, a user without rights, nothing written but the volume of the index.
#
#   docker build --build-arg REVISION="$(git rev-parse HEAD)" -t rex .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     --memory 1g --pids-limit 256 -p 127.0.0.1:7373:7373 \
#     -v "$PWD/rex.toml:/etc/rex/rex.toml:ro" -v "$PWD/corpus:/srv/rex/corpus:ro" -v rex-index:/var/lib/rex rex
#
# The index beside the server: docker exec --user 10001 CONTAINER rex index
FROM rust:1.95-slim-trixie AS build
WORKDIR /src
COPY . .
# What was fetched and compiled stays in the cache of the builder; the binary is copied out of it.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package rex-cli --bin rex \
    && install -D --mode 0755 target/release/rex /out/rex

FROM debian:trixie-slim
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Rex" \
      org.opencontainers.image.description="Search engine of case studies of French public contracts" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /out/rex /usr/local/bin/rex
COPY corpus /srv/rex/corpus
# The user has a number, so that whoever runs the container can see that it is not root; it owns the state and nothing else.
RUN install -d --owner 10001 --group 10001 --mode 0750 /var/lib/rex \
    && install -d --mode 0755 /etc/rex \
    && touch /etc/rex/rex.toml
USER 10001:10001
# Without a rex.toml mounted over the empty one, these are all there is to set. From outside the container, loopback is not reached.
ENV REX_CONFIG=/etc/rex/rex.toml \
    REX_CORPUS=/srv/rex/corpus \
    REX_INDEX=/var/lib/rex/index \
    REX_ADDR=0.0.0.0:7373
VOLUME /var/lib/rex
EXPOSE 7373
# Rex has no client of its own and the image no curl: bash opens the connection. The first index of a large corpus takes minutes.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5m --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/7373 && printf 'GET /health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r -t 4 line <&3 && [[ $line == 'HTTP/1.1 200 '* ]]"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["rex"]
CMD ["serve"]
