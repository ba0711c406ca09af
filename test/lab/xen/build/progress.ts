/** Progress on screen: what, and how many seconds it took; on standard error, like the set-up's. */

/** Tells what is being done. */
export const say = (text: string): boolean => process.stderr.write(`lab:xen: ${text}\n`)

/** Does a step that may take a while and tells how long it took. */
export async function step<T>(text: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  say(`${text} …`)
  const value = await work()
  say(`${text}: done in ${((performance.now() - start) / 1000).toFixed(1)} s`)
  return value
}
