/** A list of machines that change all the time, beside Express sending the same bytes. */
import { writeFileSync } from 'node:fs'
import type { Changing } from './changing'
import type { Figure } from './figure'
import { openClient, type Shot, volley } from './load'
import { beside } from './measure'
import type { Server } from './server'
import type { BenchSite } from './site'

/** About as much work in each round: answers of some MB, and small ones. */
const requestsOf = (bytes: number): number => Math.round(40 + 260 / (1 + bytes / 100_000))
/** Small requests, and then rounds of the list: only after so many of it are both servers and their client as quick as they become. */
const WARM_UP = { small: 2_000, rounds: 30 }
const WIDTH = 8
const ROUNDS = 15
const MOST = 2
/** Of the changes that were asked for: with fewer of them lists are cheaper, and what they cost then is not the question. */
const LEAST_HELD = 0.9

export interface Listing {
  readonly what: string
  readonly shot: Shot
  /** Asked often before anything is measured: small, and goes the same way, so that the compiler has seen it. */
  readonly warmUp: Shot
  /** Whether the answer tells of changes at all: then each must show the last one that was acknowledged before it was asked for. */
  readonly shows: 'changes' | 'members'
  readonly members: number
  /** Once for each member. */
  readonly memberMark: string
  /** The header that has them, where it is not the body. */
  readonly header?: string
}

export async function listBesideBytes(
  site: BenchSite,
  { gateway, express, changing }: { readonly gateway: Server; readonly express: Server; readonly changing: Changing },
  { what, shot, warmUp, shows, members, memberMark, header }: Listing,
): Promise<Figure> {
  const clients = { gateway: openClient(gateway.port), express: openClient(express.port) }
  const list = async () => {
    const mark = shows === 'changes' ? changing.mark() : ''
    const { status, body, headers } = await clients.gateway.send(shot)
    if (status !== 200 || !body.includes(mark)) throw new Error(`${what}: ${status}, without ${mark}`)
    return { body, headers }
  }
  try {
    // Once, and not for each answer: a client that is busy with texts asks less, and leaves more changes to each list.
    const { body, headers } = await list()
    const listed = header === undefined ? body.toString('latin1') : String(headers[header])
    const found = listed.split(memberMark).length - 1
    if (found !== members) throw new Error(`${what}: ${found} of ${members} machines`)
    writeFileSync(site.file('list'), body)
    await express.tell({
      file: site.file('list'),
      type: 'text/plain',
      ...(header === undefined ? {} : { header, value: listed }),
    })
    const requests = requestsOf(body.length)
    for (const client of Object.values(clients)) await volley(WARM_UP.small, WIDTH, () => client.send(warmUp))
    const told = counted(changing, async () => (await volley(requests, WIDTH, list)).length)
    const cost = await beside(
      { server: gateway, round: told.round },
      { server: express, round: async () => (await volley(requests, WIDTH, () => clients.express.send(shot))).length },
      ROUNDS,
      WARM_UP.rounds,
    )
    const rate = told.perSecond(ROUNDS)
    const isHeld = rate >= changing.perSecond * LEAST_HELD
    const asked = `${rate.toFixed(0)} of ${changing.perSecond} changes a second`
    return {
      what: `${what}, ${(listed.length / 1e6).toFixed(2)} MB, ${asked}${isHeld ? '' : ': too few to tell, the machine is busy'}`,
      figure: `${cost.subject.toFixed(2)} ms of CPU, ${cost.times.toFixed(2)}×`,
      base: `${cost.base.toFixed(2)} ms`,
      bar: `at most ${MOST}×`,
      isMet: cost.times <= MOST && isHeld,
    }
  } finally {
    for (const client of Object.values(clients)) client.close()
  }
}

/** Rounds, and how many changes a second came about in the last ones of them; what changed in rounds of others is not counted. */
function counted(changing: Changing, round: () => Promise<number>) {
  const rounds: { readonly changes: number; readonly ms: number }[] = []
  return {
    async round(): Promise<number> {
      const from = { changes: changing.count(), at: performance.now() }
      const requests = await round()
      rounds.push({ changes: changing.count() - from.changes, ms: performance.now() - from.at })
      return requests
    },
    perSecond(last: number): number {
      const all = rounds.slice(-last)
      const ms = all.reduce((sum, one) => sum + one.ms, 0)
      return (all.reduce((sum, { changes }) => sum + changes, 0) * 1_000) / ms
    },
  }
}
