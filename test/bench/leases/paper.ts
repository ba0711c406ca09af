/**
 * What the paper has for each configuration at 10, 20 and 30 % of reservations: makespan against its run
 * without any, mean wait in thousand seconds, mean bounded slowdown.
 */
type Three = readonly [number, number, number]

export interface Published {
  readonly makespanPercent: Three
  readonly wait: Three
  readonly slowdown: Three
}

/** Without reservations (s). */
export const PUBLISHED_BASELINE = 2_674_265

/** By the configuration's name. */
export const PUBLISHED: Readonly<Record<string, Published>> = {
  'no VM, no suspend': {
    makespanPercent: [3.91, 8.66, 23.93],
    wait: [16.91, 23.91, 68.95],
    slowdown: [60.5, 71.8, 296.7],
  },
  'no VM, suspend': { makespanPercent: [-0.76, 0.1, 4.14], wait: [6.18, 8.14, 14.84], slowdown: [31.1, 49.6, 134.9] },
  'VM, image predeployed': {
    makespanPercent: [-0.27, 1.58, 7.19],
    wait: [8.05, 12.17, 22.89],
    slowdown: [39.6, 62.5, 133.6],
  },
  'VM, 37 images, no reuse': {
    makespanPercent: [0.6, 3.95, 12.21],
    wait: [15.69, 34.56, 78.83],
    slowdown: [91.9, 203.4, 441.1],
  },
  'VM, reuse, uniform': {
    makespanPercent: [0.03, 3.15, 10.74],
    wait: [12.31, 25.68, 62.52],
    slowdown: [62.2, 140.4, 338.6],
  },
  'VM, reuse, skewed': {
    makespanPercent: [-0.36, 2.48, 10.43],
    wait: [10.69, 22.85, 58.44],
    slowdown: [50.5, 116.0, 309.7],
  },
}
