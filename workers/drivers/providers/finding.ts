/** One look of a check, as it is told to the operator. */
import { asFault } from '../../../src/faults'
import type { HostFinding } from '../driver'

/** What is thrown is what was found. */
export async function finding(what: string, well: string, look: () => Promise<unknown>): Promise<HostFinding> {
  try {
    await look()
    return { what, verdict: 'ok', detail: well, mend: null }
  } catch (thrown) {
    return { what, verdict: 'missing', detail: asFault(thrown).message, mend: null }
  }
}
