#!/bin/bash
# Start of the stand-in for the image apache/kafka: the same program of the Kafka release that turns KAFKA_… variables
# into a configuration and formats the folder, then the broker.
set -euo pipefail
: "${CLUSTER_ID:=5L6g3nShT-eMCtK--X86sw}"
export CLUSTER_ID
mkdir -p /tmp/defaults /tmp/mounted /tmp/config
for name in log4j2.yaml tools-log4j2.yaml; do echo '{}' > "/tmp/defaults/$name"; done
echo 'process.roles=broker,controller' > /tmp/defaults/server.properties
# A folder that was formatted before is no failure, in the image neither: every restart of the container meets one.
# shellcheck disable=SC2086 # the options are words, as in Kafka's own scripts
said=$(java ${KAFKA_OPTS:-} -cp '/opt/kafka/libs/*' kafka.docker.KafkaDockerWrapper setup \
  --default-configs-dir /tmp/defaults --mounted-configs-dir /tmp/mounted --final-configs-dir /tmp/config 2>&1) ||
  grep -qi 'already formatted' <<< "$said" || { echo "$said" >&2; exit 1; }
echo "$said"
# shellcheck disable=SC2086
exec java ${KAFKA_HEAP_OPTS:-} ${KAFKA_OPTS:-} -XX:+UseSerialGC -cp '/opt/kafka/libs/*' kafka.Kafka /tmp/config/server.properties
