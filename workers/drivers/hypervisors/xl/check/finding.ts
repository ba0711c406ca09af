/** How a finding is put. `mend`: the command that mends it. */
import type { HostFinding } from '../../../driver'

export const finding = (
  what: string,
  verdict: HostFinding['verdict'],
  detail: string,
  mend: string | null = null,
): HostFinding => ({ what, verdict, detail, mend })
