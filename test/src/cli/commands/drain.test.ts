import type { AdminClient } from '../../../../src/cli/admin-client'
import { type Drain, drainHost } from '../../../../src/cli/commands/host/drain'
import type { Given } from '../../../../src/cli/leaf'

const machine = (name: string, state: Drain['machines'][number]['state'], more = {}) => ({
  ...{ name, state, how: null, to: null, message: null, refused: [] },
  ...more,
})
const answer = (machines: Drain['machines'], more: Partial<Drain> = {}): Drain => ({
  ...{ host: 'hv1', state: 'draining', since: '2026-11-21T15:00:00.000Z', by: 'operator', parallel: 2, contact: 'ok' },
  ...{ machines, volumes: [] },
  ...more,
})
const given = (options: Given['options'] = {}): Given => ({
  args: ['hv1'],
  options,
  env: {},
  site: { url: '' },
})

/** A gateway that answers one progress after another. */
function gateway(...answers: readonly Drain[]) {
  const asked: string[] = []
  let at = 0
  const host = { name: 'hv1' }
  const admin = {
    get: async (path: string) => {
      asked.push(`GET ${path}`)
      return answers[Math.min(at++, answers.length - 1)]
    },
    post: async (path: string, body?: unknown) => {
      asked.push(`POST ${path} ${JSON.stringify(body)}`)
      return { ...shown, ...host }
    },
    delete: async (path: string) => {
      asked.push(`DELETE ${path}`)
      return { ...shown, ...host }
    },
  } as unknown as AdminClient
  return { admin, asked }
}
const shown = {
  ...{ zone: 'a', driver: 'xl', address: 'x', hostKeys: [], simulated: false, enabled: false, removing: false },
  ...{ drain: null, labels: {}, contact: 'ok', lostSince: null, distrustedSince: null, message: null, seenAt: null },
  ...{ version: null, capacity: null, lacks: [], foreign: [], domains: [], orphans: [], fenced: null },
  fencing: { command: null, selfMs: null, grantedAt: null, ordered: null, run: null },
}

test('orders it, tells how far it is until nothing moves, and what stays and why', async () => {
  const stays = machine('i-b', 'cannot', { message: 'no other host can take it: disabled (1 host)' })
  const { admin, asked } = gateway(
    answer([machine('i-a', 'moving', { how: 'live', to: 'hv2' }), stays]),
    answer([stays], { volumes: [{ name: 'vol-1', message: 'no machine takes it along' }] }),
  )
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
  const found = await drainHost.run(admin, given({ parallel: '3' }))
  expect(write.mock.calls.map(([said]) => said)).toEqual([
    'hv1: 2 machines left: 1 on their way, 0 wait, 1 cannot\n',
    'hv1: 1 machine left: 0 on their way, 0 wait, 1 cannot\n',
  ])
  write.mockRestore()
  expect(asked).toEqual(['POST /hosts/hv1/drain {"parallel":3}', 'GET /hosts/hv1/drain', 'GET /hosts/hv1/drain'])
  expect(drainHost.show(found, given())).toBe(
    [
      'MACHINE  STATE   BECAUSE',
      'i-b      cannot  no other host can take it: disabled (1 host)',
      'vol-1    stays   no machine takes it along',
      '',
    ].join('\n'),
  )
})

test('--show and --detach ask once, --cancel ends it', async () => {
  const moving = answer([machine('i-a', 'moving', { how: 'cold', to: 'hv2' })])
  const one = gateway(moving)
  expect(drainHost.show(await drainHost.run(one.admin, given({ show: true })), given())).toMatch(
    /i-a {6}moving \(cold, to hv2\) {2}-/,
  )
  expect(one.asked).toEqual(['GET /hosts/hv1/drain'])
  const two = gateway(moving)
  await drainHost.run(two.admin, given({ detach: true }))
  expect(two.asked).toEqual(['POST /hosts/hv1/drain {}', 'GET /hosts/hv1/drain'])
  const three = gateway(answer([], { state: 'none' }))
  expect(drainHost.show(await drainHost.run(three.admin, given({ cancel: true })), given())).toBe(
    'hv1 is not drained\n',
  )
  expect(three.asked).toEqual(['DELETE /hosts/hv1/drain', 'GET /hosts/hv1/drain'])
})

test('a host that is empty, and one that does not answer', async () => {
  expect(drainHost.show(answer([], { state: 'drained' }), given())).toBe('hv1 is drained: nothing is left there\n')
  const silent = gateway(answer([machine('i-a', 'waits')], { contact: 'lost' }))
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
  const found = await drainHost.run(silent.admin, given())
  write.mockRestore()
  expect(drainHost.show(found, given())).toContain('does not answer: nothing moves until it does')
})

test('what is no number is wrong usage', async () => {
  await expect(drainHost.run(gateway(answer([])).admin, given({ parallel: 'x' }))).rejects.toMatchObject({
    kind: 'unknown-field',
  })
})
