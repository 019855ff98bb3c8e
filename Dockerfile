# phiscan as an image: docker build --tag phiscan .
#
# It runs without root, and needs no writable root file system: what it remembers is in /var/lib/phiscan, which is a volume.
#   docker run --read-only --volume phiscan:/var/lib/phiscan phiscan sweep ecr --region us-east-1

# One base for both stages: re2 is compiled for the C library and the node that it is run with.
ARG NODE_IMAGE=node:20.20.2-bookworm-slim

FROM ${NODE_IMAGE} AS build
RUN apt-get update \
  && apt-get install --yes --no-install-recommends g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json ./
# From source, which is what was reviewed, and not a binary that somebody else built; 2 to 4 minutes.
ENV DEVELOPMENT_SKIP_GETTING_ASSET=1
RUN npm install --no-save --no-audit --no-fund
COPY tsconfig.json LICENSE ./
COPY scripts ./scripts
COPY detectors ./detectors
COPY src ./src
RUN npm run build \
  && npm prune --omit=dev --no-audit --no-fund \
  && mv node_modules/re2/build/Release/re2.node re2.node \
  && rm -rf node_modules/re2/build node_modules/re2/vendor \
  && mkdir -p node_modules/re2/build/Release /state \
  && mv re2.node node_modules/re2/build/Release/re2.node

FROM ${NODE_IMAGE}
ENV NODE_ENV=production PHISCAN_CACHE_DIR=/var/lib/phiscan
COPY --from=build /build/package.json /build/LICENSE /app/
COPY --from=build /build/node_modules /app/node_modules
COPY --from=build /build/dist /app/dist
# A number, since Kubernetes looks whether it is root's; nobody else's in the base image.
COPY --from=build --chown=65532:65532 /state /var/lib/phiscan
VOLUME /var/lib/phiscan
USER 65532:65532
WORKDIR /var/lib/phiscan
ENTRYPOINT ["node", "/app/dist/src/cli/main.js"]
CMD ["--help"]
