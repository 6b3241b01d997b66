export { type Published, useDataSet } from "./data-set";
export { type LessonCatalog, lessonCatalog as catalog } from "./lesson-catalog";
export { type PracticeBroker, startPractice } from "./practice";
export { type PartProgress, progressRows } from "./progress";
export { resetProgress } from "./progress-store";
