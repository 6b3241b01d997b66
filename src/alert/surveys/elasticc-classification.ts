import type { NamedSurvey } from "../survey";

/**
 * A broker's answer to an ELAsTiCC alert: probabilities by class, no position and no brightness. `objectId` is the
 * source that was classified; the probabilities are under `packet.classifications`.
 */
export const elasticcClassification: NamedSurvey = {
  name: "elasticc",
  recognise: (has) => has("classifications") && has("brokerName") && has("diaSourceId"),
  columns: {
    alertId: { from: "alertId" },
    objectId: { from: "diaSourceId" },
  },
};
