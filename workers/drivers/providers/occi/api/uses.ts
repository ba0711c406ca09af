/** What a gateway of our own kind tells a partner of its uses: `/federation/uses`, in pages. What cannot be read is no statement. */
import { z } from 'zod'
import { asFault, fault } from '../../../../../src/faults'
import type { StatedUse, Statement } from '../../../../../src/model/accounts'
import { isMissing } from '../../refusals'
import type { Client } from './client'

const time = z.iso.datetime().transform((text) => Date.parse(text))
/** It comes to an operator's terminal. */
const word = z.string().regex(/^\P{Cc}{0,255}$/u)
const use = z
  .object({
    order: word.nullable(),
    name: word,
    type: word,
    from: time,
    until: time.nullable(),
    price: z.int().min(0).nullable(),
  })
  .refine(({ from, until }) => until === null || until >= from, { path: ['until'] })
const page = z.object({
  at: time,
  currency: z.string().regex(/^[A-Z]{3}$/),
  uses: z.array(use),
  next: z.string().min(1).max(500).nullable(),
})

/** Of one month at most: a server that never ends is not followed, nor is all that it tells kept. */
const MOST_PAGES = 10_000
const MOST_USES = 500_000

/** `most`: uses. Faults: 'refused' for a server that tells no uses, 'unreachable' for an answer that cannot be read, and those of the call. */
export async function statementOf(
  client: Pick<Client, 'page'>,
  month: string,
  most: number = MOST_USES,
): Promise<Statement> {
  const uses = new Map<string, StatedUse>()
  let after: string | null = ''
  let last: z.infer<typeof page> | undefined
  for (let pages = 0; after !== null; pages += 1) {
    if (pages === MOST_PAGES) throw unread('it does not end')
    last = await pageAt(client, `/federation/uses?month=${month}${after && `&after=${encodeURIComponent(after)}`}`)
    // What ended while it was read is told twice, the second time with its end.
    for (const one of last.uses) uses.set(`${one.name} ${one.from}`, one)
    if (last.next === after) throw unread('it does not go on')
    if (uses.size > most) throw unread(`it tells more than ${most} uses`)
    after = last.next
  }
  const { at = 0, currency = '' } = last ?? {}
  return { at, currency, uses: [...uses.values()] }
}

async function pageAt(client: Pick<Client, 'page'>, location: string): Promise<z.infer<typeof page>> {
  try {
    const read = page.safeParse(await client.page(location, 'tell what was used'))
    if (read.success) return read.data
    throw unread(read.error.issues[0]?.path.join('.') ?? '')
  } catch (thrown) {
    if (!isMissing(asFault(thrown))) throw thrown
    throw fault(
      'refused',
      'its provider tells nobody what was used: it is no gateway of this kind, or we are no partner',
    )
  }
}

const unread = (why: string) =>
  fault('unreachable', `its provider's answer, asked to tell what was used, cannot be read: ${why}`)
