export { bootstrapServers } from "../broker/address";
export type { Failure, Ledger } from "../stream/ledger";
export type { Place } from "../stream/place";
export {
  deleteGroup,
  describeGroup,
  type GroupInfo,
  type GroupPartition,
  listGroups,
  resetGroup,
} from "./admin/groups";
export {
  createTopic,
  deleteTopic,
  describeTopic,
  listTopics,
  type PartitionInfo,
  resetTopic,
  type TopicInfo,
  type TopicOptions,
} from "./admin/topics";
export type { BrokerProblem } from "./client/broker-problem";
export type { Compression } from "./client/codecs";
export {
  type DeadLetter,
  type DeadSelection,
  listDead,
  type ReplayOptions,
  type ReplayReport,
  replayDead,
  showDead,
} from "./dead-letters/dead-letters";
export type { FilterBooks, FilterCounts, FilterReport, PartitionBooks } from "./filter/books";
export { type FilterOptions, runFilters } from "./filter/filter";
export type { AlertFilter } from "./filter/plan";
export type { MonitorMetrics } from "./monitor/metrics";
export { type MonitorOptions, monitorTopics as monitor } from "./monitor/monitor";
export type { LatencySummary, MonitoredGroup, MonitoredTopic, MonitorSnapshot } from "./monitor/types";
export { type ProbeOptions, type ProbeReport, probeBroker as probe } from "./probe/probe";
export type { ProbeStage, ProbeStageName } from "./probe/types";
export type { Publishable, PublishOptions, PublishReport, VisitReport } from "./publish/publish";
export type { From } from "./read/from";
export { type PollOptions, pollAlert as poll } from "./read/poll";
export type { SubscribeOptions } from "./read/subscribe";
export { type LoadOptions, type LoadReport, loadReservoir } from "./reservoir/load";
export { type PlayedPass, type PlayedVisit, type PlayOptions, type PlayReport, playReservoir } from "./reservoir/play";
