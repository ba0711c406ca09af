/** How long the lab's tests wait: on a machine that others use as well, LAB_PATIENCE=3 makes it three times as long. */
const FACTOR = Math.max(1, Number(process.env.LAB_PATIENCE) || 1)

export const patient = (ms: number): number => ms * FACTOR
