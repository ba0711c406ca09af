/** Checking a host from the command line: order it, wait for a worker, tell what was found and how to mend it. */
import { z } from 'zod'
import { type Fault, fault } from '../../../faults'
import type { AdminClient } from '../../admin-client'
import { askUntil } from '../../ask-until'
import { pathTo } from '../../leaf'

/** ms: it looks through all of a host, which may answer slowly. */
const CHECK_MS = 150_000

const check = z.object({
  id: z.string(),
  address: z.string(),
  checkedAt: z.string().nullable(),
  findings: z.array(
    z.object({
      what: z.string(),
      verdict: z.enum(['ok', 'mended', 'warning', 'missing']),
      detail: z.string(),
      mend: z.string().nullable(),
    }),
  ),
  hostKeys: z.array(z.string()),
  fit: z.boolean(),
})
export type Check = z.infer<typeof check>

export interface CheckOrder {
  readonly name: string
  readonly driver: string
  readonly address: string
  readonly hostKeys?: readonly string[]
  readonly how: 'looks' | 'mends'
  readonly retireSimulated?: true
}

/** Faults: 'timeout' when no worker looks. */
export const checked = (admin: AdminClient, order: CheckOrder): Promise<Check> =>
  watched(admin, '/host-checks', order.address, order)

/** Orders a check there, and waits for it. Progress goes to standard error, so that --json stays JSON. Fault: 'timeout'. */
export async function watched(admin: AdminClient, path: string, what: string, order?: CheckOrder): Promise<Check> {
  process.stderr.write(`checking ${what} ...\n`)
  const first = check.parse(await admin.post(path, order))
  return askUntil({
    first,
    ask: async () => check.parse(await admin.get(pathTo('host-checks', first.id))),
    isDone: ({ checkedAt }) => checkedAt !== null,
    patienceMs: CHECK_MS,
    late: (_it, seconds) => `no worker looked at ${what} within ${seconds} s: does one run?`,
  })
}

const MARKS = { ok: 'ok', mended: 'mended', warning: 'warning', missing: 'MISSING' } as const

/** What was found, and below each gap the command that mends it. */
export function toldFindings({ findings }: Pick<Check, 'findings'>): string {
  const width = Math.max(0, ...findings.map(({ what }) => what.length))
  return findings
    .map(({ what, verdict, detail, mend }) => {
      const line = `${MARKS[verdict].padEnd(8)} ${what.padEnd(width)}  ${detail}\n`
      const indented = mend === null ? '' : `${mend.trimEnd().replaceAll(/^/gm, '           ')}\n`
      return mend === null || verdict === 'ok' ? line : `${line}         mend it on the host with:\n${indented}`
    })
    .join('')
}

/** Why what was looked at is no success: what is missing, by name. Warnings are told only. */
export function lacking({ findings }: Pick<Check, 'findings'>): Fault | undefined {
  const missing = findings.filter(({ verdict }) => verdict === 'missing').map(({ what }) => what)
  return missing.length === 0 ? undefined : fault('refused', `something is missing: ${missing.join(', ')}`)
}

/** The refusal of a host that cannot join, with all that was found. */
export const unfit = (found: Check): Error =>
  fault('refused', `${found.address} cannot join: something is missing there\n${toldFindings(found).trimEnd()}`)
