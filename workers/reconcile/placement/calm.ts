/** So many of them are tried where more were refused again and again. */
export const SHARE = 1 / 4

/** Of those that need none of the hosts that moved so large a share, first to last. */
export function calmOf<One>(
  all: readonly One[],
  share: number,
  restless: ReadonlySet<string>,
  hostsOf: (one: One) => readonly string[],
): readonly One[] {
  const calm = all.filter((one) => !hostsOf(one).some((host) => restless.has(host)))
  return calm.slice(0, Math.ceil(calm.length * share))
}
