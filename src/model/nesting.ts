/**
 * Whether a value that was read from JSON is nested more deeply than so many levels; a plain value has none. Whoever walks what is nested
 * without end runs out of stack, `JSON.stringify` too; this goes no deeper than it is told. Pure.
 */
export const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1)))
