# Node 26.12.1 or later: earlier ones have a hole in the Brotli decoder (CVE-2026-111497).
ARG NODE=26.12.1-slim

FROM node:${NODE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY .ci/node/package.json .ci/node/
COPY .ci/openapi-types/package.json .ci/openapi-types/
RUN npm ci --omit=dev --no-audit --no-fund \
  # The sources of SQLite, and the binaries of other systems.
  && (cd node_modules/better-sqlite3 && rm -rf deps src && find prebuilds -type f ! -name 'linux-*' -delete) \
  && cd node_modules/onnxruntime-node/bin/napi-v* && rm -rf darwin win32 \
  && find linux -mindepth 1 -maxdepth 1 ! -name "$(node -p process.arch)" -exec rm -rf {} +

FROM node:${NODE}
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/compile-cache \
    DATA_DIR=/data \
    # Large buffers, of pictures on their way, go back to the system at once.
    MALLOC_TRIM_THRESHOLD_=131072 \
    PORT=8080
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE NOTICE ./
COPY bot bot
COPY handlers handlers
COPY services services
COPY locales locales
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: signals reach the program itself.
CMD ["node", "bot/start.js"]
