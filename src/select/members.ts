/** What is reached as `cut.…`: the table of contents of this room. */
export { capPerVisit } from "./cap";
export { all, any, not } from "./combine";
export { compare } from "./compare";
export { explain } from "./explain";
export { funnel } from "./funnel";
export { finkKilonovaEarly } from "./ready/kilonova";
export { readyCuts as ready } from "./ready/registry";
export { score } from "./score";
