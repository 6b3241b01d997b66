#!/usr/bin/env bash
# Makes stand-ins for the images that others publish, which cannot be pulled everywhere, and a Docker service of its own
# under FOLDER. There is none for Grafana.
# Needs root and: podman buildah runc docker-compose containernetworking-plugins dnsmasq-base
#   golang-github-containernetworking-plugin-dnsname iptables debootstrap tini maven prometheus
# Usage: podman.sh FOLDER CHECKOUT; then: DOCKER_HOST=unix://FOLDER/docker.sock, CONTAINERS_CONF and
# CONTAINERS_STORAGE_CONF as written in FOLDER/env.
set -euo pipefail
folder=$1
checkout=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$folder/storage" "$folder/run" "$folder/net"

cat > "$folder/containers.conf" <<TEXT
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
init_path = "$(command -v tini)"
[network]
network_config_dir = "$folder/net"
TEXT
cat > "$folder/storage.conf" <<TEXT
[storage]
driver = "${STORAGE_DRIVER:-overlay}"
graphroot = "$folder/storage"
runroot = "$folder/run"
TEXT
cat > "$folder/env" <<TEXT
CONTAINERS_CONF=$folder/containers.conf
CONTAINERS_STORAGE_CONF=$folder/storage.conf
TEXT
export CONTAINERS_CONF="$folder/containers.conf" CONTAINERS_STORAGE_CONF="$folder/storage.conf"

# One small Debian for all, from the mirror that this machine uses.
mirror=$(awk '/^URIs:/ { print $2; exit } /^deb / { print $2; exit }' /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2> /dev/null || true)
# shellcheck source=/dev/null
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
root=${BOOTCAMP_ROOTFS:-$folder/rootfs}
if [ ! -d "$root/bin" ]; then
  debootstrap --variant=minbase --include=ca-certificates,openjdk-17-jre-headless,python3,python3-venv \
    "$release" "$root" "${mirror:-http://deb.debian.org/debian}" > "$folder/debootstrap.log" 2>&1
fi
# the authorities this machine trusts, for npm, pip and Maven inside a build
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
if [ -f /etc/ssl/certs/java/cacerts ]; then cp -L /etc/ssl/certs/java/cacerts "$root/etc/ssl/certs/java/cacerts"; fi

image() { # name, then changes
  local name=$1
  shift
  local changes=()
  for change in "$@"; do changes+=(--change "$change"); done
  tar -C "$root" -c . | podman import "${changes[@]}" - "$name" > /dev/null
}
base=localhost/bootcamp-base:1
image "$base"

kafka=$(sed -n 's/^ *image: *\(apache\/kafka:.*\)$/\1/p' "$checkout/docker-compose.yml")
node=$(sed -n 's/^ARG NODE_IMAGE=//p' "$checkout/docker/notebook/Dockerfile")
prometheus=$(sed -n 's/^ *image: *\(prom\/prometheus:.*\)$/\1/p' "$checkout/docker-compose.yml")
maven=$(sed -n 's/^FROM \(maven:[^ ]*\).*/\1/p' "$checkout/docker/monitoring/Dockerfile")
busybox=$(sed -n 's/^FROM \(busybox:[^ ]*\).*/\1/p' "$checkout/docker/monitoring/Dockerfile")
version=${kafka#*:}
mkdir -p "$folder/kafka-image" "$folder/node-image" "$folder/maven-image" "$folder/prometheus-image"
cp -r "$checkout/.bootcamp/kafka-$version/libs" "$folder/kafka-image/"
cp "$here/kafka-stand-in.sh" "$here/api-versions-stand-in.sh" "$folder/kafka-image/"
cat > "$folder/kafka-image/Dockerfile" <<TEXT
FROM $base
RUN useradd --uid 1000 --create-home appuser && mkdir -p /opt/kafka/bin /var/lib/kafka/data && chown -R appuser /var/lib/kafka
COPY libs /opt/kafka/libs
COPY kafka-stand-in.sh /etc/kafka/docker/run
COPY api-versions-stand-in.sh /opt/kafka/bin/kafka-broker-api-versions.sh
RUN chmod 755 /etc/kafka/docker/run /opt/kafka/bin/kafka-broker-api-versions.sh
USER appuser
EXPOSE 9092
CMD ["/etc/kafka/docker/run"]
TEXT
# Node.js of this machine in place of the pinned one
prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
mkdir -p "$folder/node-image/bin" "$folder/node-image/lib"
cp "$(readlink -f "$(command -v node)")" "$folder/node-image/bin/node"
cp -r "$prefix/lib/node_modules/npm" "$folder/node-image/lib/npm"
cat > "$folder/node-image/Dockerfile" <<TEXT
FROM $base
COPY bin/node /usr/local/bin/node
COPY lib/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && useradd --uid 1000 --create-home node
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt
TEXT
# Maven and Prometheus of this machine; Debian's Maven is a folder of links
cp -rL "$(dirname "$(dirname "$(readlink -f "$(command -v mvn)")")")" "$folder/maven-image/maven"
cat > "$folder/maven-image/Dockerfile" <<TEXT
FROM $base
COPY maven /opt/maven
RUN ln -s /opt/maven/bin/mvn /usr/local/bin/mvn
TEXT
cp "$(readlink -f "$(command -v prometheus)")" "$folder/prometheus-image/prometheus"
cat > "$folder/prometheus-image/Dockerfile" <<TEXT
FROM $base
COPY prometheus /bin/prometheus
RUN mkdir /prometheus && chown nobody:nogroup /prometheus
USER nobody
WORKDIR /prometheus
ENTRYPOINT ["/bin/prometheus"]
TEXT
build() { buildah bud --isolation chroot --quiet -t "docker.io/$1" "$2" > /dev/null; }
build "$kafka" "$folder/kafka-image"
build "library/$node" "$folder/node-image"
build "$prometheus" "$folder/prometheus-image"
build "library/$maven" "$folder/maven-image"
# a shell with cp and mv is all that is asked of it
podman tag "$base" "docker.io/library/$busybox"
