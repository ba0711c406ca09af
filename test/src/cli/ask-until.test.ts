/** How long commands wait: until it is done, as long as it goes on, and never for a worker that does not run. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Asking, askUntil, PATIENCE_MS, STALLED_MS } from '../../../src/cli/ask-until'
import { exitCodeOf } from '../../../src/cli/tell-fault'
import { asFault } from '../../../src/faults'
import { endCli, operatorAt } from '../../support/run-cli'

afterEach(() => jest.restoreAllMocks())

/** Answers one after another, the last one for ever; each takes so many ms of a clock that nothing else moves. */
function answers<T>(ms: number, ...all: readonly T[]) {
  let at = 0
  let clock = 0
  jest.spyOn(performance, 'now').mockImplementation(() => clock)
  return async (): Promise<T> => {
    clock += ms
    return all[Math.min(at++, all.length - 1)] as T
  }
}
interface Answer {
  readonly done: boolean
  readonly far: number
}
const wait = (ask: () => Promise<Answer>, more: Partial<Asking<Answer>> = {}) =>
  askUntil({ ask, isDone: ({ done }) => done, late: ({ far }, seconds) => `${far} after ${seconds} s`, ...more })
const going = (far: number): Answer => ({ done: false, far })
const done: Answer = { done: true, far: 9 }

test('what is done at once is not asked for again', async () => {
  const ask = jest.fn(async () => done)
  expect(await wait(ask, { first: done })).toBe(done)
  expect(ask).not.toHaveBeenCalled()
  expect(await wait(ask)).toBe(done)
  expect(ask).toHaveBeenCalledTimes(1)
})

test('every answer is told, the last one too', async () => {
  const told: number[] = []
  await wait(answers(1, going(1), going(2), done), { tell: ({ far }) => told.push(far) })
  expect(told).toEqual([1, 2, 9])
})

test('patience is for the whole wait, or, where it is said how far it is, since that changed last', async () => {
  const tooLate = { kind: 'timeout', message: '2 after 60 s' }
  await expect(wait(answers(PATIENCE_MS * 0.6, going(1), going(2), going(2), done))).rejects.toMatchObject(tooLate)
  const howFar = ({ far }: Answer) => far
  expect(await wait(answers(PATIENCE_MS * 0.6, going(1), going(2), done), { howFar })).toEqual(done)
  await expect(
    wait(answers(PATIENCE_MS * 0.6, going(1), going(2), going(2), going(2), done), { howFar }),
  ).rejects.toMatchObject(tooLate)
})

test('how long depends on how it stands', async () => {
  const patienceMs = ({ far }: Answer) => (far === 0 ? 1_000 : 10_000)
  await expect(wait(answers(2_000, going(0)), { patienceMs })).rejects.toMatchObject({ message: '0 after 1 s' })
  expect(await wait(answers(2_000, going(1), going(1), done), { patienceMs })).toEqual(done)
})

test('what asking throws ends it', async () => {
  await expect(wait(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
})

const IMAGE = {
  ...{ id: 'i1', ami: 'ami-1', name: 'mine', title: 'mine', sizeGiB: 1, architecture: 'x86_64', state: 'available' },
  ...{
    message: null,
    simulated: false,
    imports: [],
    snapshots: [],
    project: null,
    description: '',
    rootDevice: null,
    boot: null,
  },
  ...{ sharedWith: [], files: { disk: { sha256: 'x', bytes: 1024 ** 3, format: 'raw' } }, checks: 1 },
  checked: { checks: 0, at: null, wrong: null },
}
const COMES = { id: 'm1', part: 'disk', source: 'https://x/y', percent: 0, state: 'waiting', message: null, sent: true }
const MOVE = {
  instance: 'i-a',
  from: 'hv1',
  to: 'hv2',
  how: 'live',
  seconds: 1,
  gain: 1,
  state: 'planned',
  message: null,
}
const STUDY = {
  ...{ id: 'p1', kind: 'rebalance', createdAt: null, by: 'operator', answeredAt: 'then', message: null, whatif: null },
  rebalance: {
    ...{ goal: 'pack', budget: 1, bandwidth: 1, ranAt: 'then', cancelledAt: null, endedAt: null },
    ...{ before: null, after: null, moves: [MOVE] },
  },
}
/** A gateway that answers whatever is asked with that. */
async function serve(next: () => Promise<unknown>) {
  const server = createServer((_req, res) => {
    next().then((answer) => res.setHeader('content-type', 'application/json').end(JSON.stringify(answer)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

test('an image that waits for its turn longer than a worker takes to come to it is waited for', async () => {
  const waits = { ...IMAGE, state: 'pending', imports: [COMES] }
  const next = answers(PATIENCE_MS, waits, waits, waits, waits, IMAGE)
  jest.spyOn(process.stderr, 'write').mockReturnValue(true)
  const gateway = await serve(next)
  const { failed } = await endCli(operatorAt({ url: gateway.url, token: 'x' }), 'image', 'add', 'https://x/y').finally(
    gateway.close,
  )
  expect(failed).toBeNull()
})

const SENT = { image: 'ami-1', provider: 'sat', theirs: null, state: 'waiting', percent: 0, message: null }

test.each([
  ['image check mine', IMAGE, /^no worker has read ami-1 within 162 s: does one run\?/],
  [
    'image add https://x/y',
    { ...IMAGE, state: 'pending', imports: [COMES] },
    new RegExp(`^nothing began with ami-1 within ${STALLED_MS / 1000} s: it waits for its turn, or no worker runs`),
  ],
  [
    'image add https://x/y',
    { ...IMAGE, state: 'pending', imports: [{ ...COMES, state: 'fetching' }] },
    new RegExp(`^nothing more of ami-1 came for ${STALLED_MS / 1000} s; it goes on by itself`),
  ],
  ['image upload-to sat ami-1', SENT, /^no worker began with ami-1 within 60 s: does one run\? The order stands$/],
  ['rebalance run p1', STUDY, /^no worker began with p1 within 60 s: does one run\? The order stands$/],
  ['project purge ann', { left: 2, done: false }, /^nothing of ann has gone for 900 s, 2 left: does a worker run\?/],
])('%s ends when nothing comes of it', async (words, answer, said) => {
  const next = answers(STALLED_MS + 1, answer)
  jest.spyOn(process.stderr, 'write').mockReturnValue(true)
  const gateway = await serve(next)
  const { failed } = await endCli(operatorAt({ url: gateway.url, token: 'x' }), ...words.split(' ')).finally(
    gateway.close,
  )
  expect(failed).toMatchObject({ kind: 'timeout', message: expect.stringMatching(said) })
  expect(exitCodeOf(asFault(failed))).toBe(3)
})
