# `athena` as an image: docker build -t athena-pg . && docker run --rm -e DATABASE_URL athena-pg migrate up

FROM node:24.21.0-trixie-slim AS build
# By which CI finds what a builder leaves behind: docker image prune --filter label=athena.stage=build
LABEL athena.stage=build
WORKDIR /athena
# Downloads depend on the lockfile alone, so a changed migration does not repeat them.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx -y pnpm@12.21.0 fetch
COPY . .
RUN npx -y pnpm@12.21.0 install --frozen-lockfile --offline
# npx puts pnpm on PATH, where turbo looks for it.
RUN TURBO_TELEMETRY_DISABLED=1 npx -y pnpm@12.21.0 build
# The runner and what it needs at run time: without compilers and test tools.
RUN npx -y pnpm@12.21.0 --filter=athena-pg deploy --prod --legacy /out

FROM node:24.21.0-trixie-slim
RUN id node >/dev/null 2>&1 || useradd --create-home node
COPY --from=build /out /athena
RUN printf '#!/bin/sh\nexec node /athena/dist/main.js "$@"\n' >/usr/local/bin/athena && chmod +x /usr/local/bin/athena
USER node
WORKDIR /home/node
ENTRYPOINT ["athena"]
