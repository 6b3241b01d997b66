/**
 * Whether a group has a place in a partition. Kafka answers -1 where it has none. Any other negative offset is a place, the
 * first message there is: kafkajs sets -2 when the offset it wants to read is no longer in the topic.
 */
export const hasPlace = (offset: bigint | undefined): offset is bigint => offset !== undefined && offset !== -1n;
