import { describe, expect, it } from "vitest";
import { handMade, point, ztfAlert } from "../../test/helpers/handMade";
import { apparentLightCurve } from "./apparent-curve";
import { lightCurve } from "./light-curve";

const own = { mjdUtc: 60010.3, band: "r", mag: 18, magErr: 0.1, fluxNJy: 229086.8, fluxErrNJy: 21099 };

describe("light curve of an alert", () => {
  it("joins the alert with its history, sorted by time", () => {
    const curve = lightCurve(
      handMade({
        ...own,
        history: [point(60008.2, "g", 18.4), point(60005.1, "r", 19)],
        upperLimits: [{ mjdUtc: 60001, band: "g", mag: 20.5 }],
        forced: [{ mjdUtc: 60002, band: "i", fluxNJy: -12, fluxErrNJy: 40 }],
      }),
    );
    expect(curve.detections.map((d) => d.mjdUtc)).toEqual([60005.1, 60008.2, 60010.3]);
    expect(curve.bands).toEqual(["g", "r", "i"]);
  });

  it("keeps once what several alerts of an object tell", () => {
    const early = handMade({
      ...own,
      mjdUtc: 60005.1,
      mag: 19,
      alertId: 7n,
      upperLimits: [{ mjdUtc: 60001, band: "g", mag: 20.5 }],
    });
    const late = handMade({
      ...own,
      alertId: 8n,
      history: [point(60005.1 + 1e-9, "r", 19.0004, { alertId: 7n })],
      upperLimits: [{ mjdUtc: 60001, band: "g", mag: 20.5 }],
    });
    const curve = lightCurve([late, early]);
    expect(curve.detections.map((d) => d.mag)).toEqual([19, 18]);
    expect(curve.upperLimits).toHaveLength(1);
  });

  it("knows sources by time and band, so streams that repeat one alert id keep all their points", () => {
    const alerts = [1, 2, 3].map((day) => handMade({ ...own, alertId: 1231321321n, mjdUtc: 60000 + day }));
    expect(lightCurve(alerts).detections).toHaveLength(3);
  });

  it("refuses points farther apart than an object can be, naming both places", () => {
    const far = (ra: number, dec: number) =>
      handMade({ ...own, history: [point(60008, "r", 18, { ra, dec })], ra: 10, dec: 20 });
    expect(() => lightCurve(far(11, 20))).toThrow(
      /RA 10\.00000° Dec 20\.00000° and RA 11\.00000° Dec 20\.00000°, 3383″ apart/,
    );
    expect(() => lightCurve([far(10, 20), handMade({ ...own, ra: 10, dec: 20.02 })])).toThrow(/72″ apart/);
    expect(lightCurve(far(10.001, 20)).detections).toHaveLength(2);
    // across RA 0, and without a place
    expect(
      lightCurve(handMade({ ...own, ra: 359.9999, dec: 0, history: [point(60008, "r", 18, { ra: 0.0001, dec: 0 })] }))
        .detections,
    ).toHaveLength(2);
    expect(lightCurve(far(Number.NaN, Number.NaN)).detections).toHaveLength(2);
  });

  it("joins a moving object by its designation, from place to place", () => {
    const seen = (n: number, values: object = {}) =>
      handMade({
        ...own,
        mjdUtc: 60000 + n,
        objectId: `place${n}`,
        ra: 10 + n,
        dec: 5,
        designation: "2011 SR52",
        history: [point(59000, "r", 15)],
        ...values,
      });
    const { objectId, detections } = lightCurve([seen(2), seen(1)]);
    expect([objectId, detections.map((d) => d.ra)]).toEqual(["2011 SR52", [11, 12]]);
    expect(() => lightCurve([seen(1), seen(2, { designation: "" })])).toThrow(/alerts of one object/);
    expect(() => lightCurve([seen(1), seen(2, { designation: "2012 AB" })])).toThrow(/alerts of one object/);
    expect(lightCurve(seen(1, { ra: 10, dec: 20 })).detections).toHaveLength(2); // one alert alone: what its place has
  });

  it("drops the upper limit of a visit that has a detection, and points without a value", () => {
    const curve = lightCurve(
      handMade({
        ...own,
        upperLimits: [
          { mjdUtc: 60010.3, band: "r", mag: 20 },
          { mjdUtc: 60009, band: "r", mag: Number.NaN },
        ],
        forced: [{ mjdUtc: 60002, band: "i", fluxNJy: Number.NaN, fluxErrNJy: 1 }],
        history: [point(Number.NaN, "r", 18)],
      }),
    );
    expect(curve).toMatchObject({ upperLimits: [], forced: [], detections: [{ mag: 18 }] });
  });

  it("keeps detections that have a magnitude but no flux, or a flux but no magnitude", () => {
    const noFlux = { fluxNJy: Number.NaN, fluxErrNJy: Number.NaN };
    const zero = point(60003, "r", Number.NaN, { fluxNJy: 0 });
    const alert = handMade({
      ...own,
      ...noFlux,
      history: [point(60001, "g", 18.4, noFlux), point(60002, "g", Number.NaN, noFlux), zero],
    });
    const curve = lightCurve([alert, handMade({ ...own, ...noFlux, mjdUtc: 60011, history: [zero] })]);
    expect(curve.detections.map((d) => [d.mjdUtc, d.mag])).toEqual([
      [60001, 18.4],
      [60003, Number.NaN],
      [60010.3, 18],
      [60011, 18],
    ]);
    expect(curve.bands).toEqual(["g", "r"]);
  });

  it("refuses no alert and alerts of two objects", () => {
    expect(() => lightCurve([])).toThrow("at least one alert");
    expect(() => lightCurve([handMade({ objectId: 1n }), handMade({ objectId: 2n })])).toThrow(
      "alerts of one object (1)",
    );
  });
});

describe("apparent light curve", () => {
  const alert = ztfAlert(
    {},
    {
      fluxNJy: 1e5,
      history: [
        point(60220, "r", 18.6, { alertId: 5n }),
        point(60225, "r", 18.9, { alertId: 6n, isPositive: false }),
        point(60226, "g", 19, { alertId: 9n, isPositive: false }),
      ],
      packet: {
        prv_candidates: [
          { candid: 5n, magnr: 19.5, sigmagnr: 0.05, distnr: 0.2 },
          { candid: 6n, magnr: 19.5, sigmagnr: 0.05, distnr: 4 },
          { candid: null, magnr: null },
        ],
      },
    },
  );

  it("takes each point's own reference and marks what is not to be trusted", () => {
    const curve = apparentLightCurve(alert);
    expect(curve.map((p) => [p.mjdUtc > 60229 ? "own" : p.mjdUtc, p.isCorrected, p.isDubious, p.reason])).toEqual([
      [60220, true, false, ""],
      [60225, false, true, "reference source too far"],
      [60226, false, true, "no reference source"],
      ["own", true, false, ""],
    ]);
    expect(curve[0]!.mag).toBeCloseTo(-2.5 * Math.log10(10 ** -7.44 + 10 ** -7.8), 10);
  });

  it("needs no flux: it comes from the magnitudes", () => {
    const none = { fluxNJy: Number.NaN, fluxErrNJy: Number.NaN };
    const history = alert.history.map((detection) => ({ ...detection, ...none }));
    expect(apparentLightCurve({ ...alert, ...none, history })).toEqual(apparentLightCurve(alert));
    const unseen = { ...alert, history: [point(60220, "r", Number.NaN, { alertId: 5n, fluxNJy: 0 })] };
    expect(apparentLightCurve(unseen)[0]).toMatchObject({ mag: Number.NaN, reason: "no detection" });
  });

  it("does not lend the reference of a row without an id to a point without one", () => {
    const rows = [{ candid: null, magnr: 19.5, sigmagnr: 0.05, distnr: 0.2 }];
    const history = [point(60220, "r", 18.6, { alertId: null })];
    const nameless = { ...alert, alertId: null, history, packet: { ...alert.packet, prv_candidates: rows } };
    const [first, last] = apparentLightCurve(nameless);
    expect([first!.reason, last!.mag]).toEqual(["no reference source", apparentLightCurve(alert).at(-1)!.mag]);
  });

  it("takes Rubin's science flux", () => {
    const rubin = handMade({
      ...own,
      survey: "lsst",
      packet: { diaSource: { scienceFlux: 1000, scienceFluxErr: 50 } },
    });
    expect(apparentLightCurve(rubin).at(-1)).toMatchObject({ mag: 23.9, isCorrected: true });
    const faint = handMade({ ...own, packet: { diaSource: { scienceFlux: -3, scienceFluxErr: 50 } } });
    expect(apparentLightCurve(faint).at(-1)!.reason).toBe("fainter than nothing");
  });

  it("refuses a survey without either", () => {
    expect(() => apparentLightCurve(handMade({ survey: "elasticc", packet: { diaSource: {} } }))).toThrow("elasticc");
  });
});
