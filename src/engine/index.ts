export { type DoctorCheck, doctor } from "./doctor";
export { type StartedEngine, startEngine as start, stopEngine as stop } from "./engine";
export type { StartEngineOptions } from "./engine-options";
export { type SetupOptions, type SetupReport, setup } from "./install/setup";
export { installUserKernel, type KernelSpec, removeUserKernel } from "./lab/kernelspec";
export { type Lab, labStatus, type StartLabOptions, startLab, stopLab } from "./lab/lab";
export type { MonitoringStatus } from "./monitoring/monitoring";
export { type BrokerStatus, type EngineStatus, engineStatus as status } from "./status";
export {
  type StartStreamOptions,
  type StopStreamOptions,
  type StreamSettings,
  type StreamStatus,
  startStream,
  stopStream,
  streamStatus,
} from "./stream/stream-process";
