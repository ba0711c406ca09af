/** Debian's packages cannot be had here: nothing is wrong with the lab, and it says so instead of failing. */
export class NoPackages extends Error {}

/** Words of mmdebstrap, which asks for the archive's lists first, and of apt. */
const OUT_OF_REACH =
  /apt-get update .*failed|could not resolve|failed to fetch|unable to connect|could not connect|connection (?:failed|refused|timed out)/i
const KEPT = 2_000

/** What a failed mmdebstrap comes to. */
export function whyNot(code: number, words: string): Error {
  const said = words.trim().slice(-KEPT)
  if (OUT_OF_REACH.test(said)) return new NoPackages(`Debian's packages cannot be fetched: ${said}`)
  return new Error(`mmdebstrap: exit ${code}\n${said}`)
}
