# One image for all processes: `up` (everything in one container, for trying it out), `gateway`, `worker`, `simulator`.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm install --no-audit --no-fund --ignore-scripts --include=dev
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
COPY workers workers
RUN node scripts/build.js && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20-bookworm-slim
# For `up` only: gateways and workers use the Redis that they are given. Debian's package starts no service in a container.
RUN apt-get update \
 && apt-get install -y --no-install-recommends redis-server \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json LICENSE README.md ./
COPY bin bin
COPY occi-schemas occi-schemas
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
RUN install -d -o node -g node -m 0700 /data /run/occi-gateway
ENV NODE_ENV=production \
    OCCI_GATEWAY_LISTEN=0.0.0.0 \
    OCCI_GATEWAY_DATA=/data
USER node
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.OCCI_GATEWAY_PORT || 8787) + '/healthz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/occi-gateway.js"]
CMD ["up"]
