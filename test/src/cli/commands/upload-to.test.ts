/** `image upload-to` as people read it, over a gateway that answers like ours. */
import type { AdminClient } from '../../../../src/cli/admin-client'
import { uploadTo } from '../../../../src/cli/commands/upload-to'
import type { Given } from '../../../../src/cli/leaf'

const REFUSED = 'its provider does not accept the credentials'
const sent = {
  image: 'ami-1',
  provider: 'sat',
  theirs: null,
  state: 'cancelling',
  percent: 12,
  message: REFUSED as string | null,
}
const given = (options: Given['options']): Given => ({
  args: ['sat', 'ami-1'],
  options,
  env: {},
  site: { url: '' },
})

/** What it prints and says meanwhile; the gateway gives one answer after another. */
async function run(options: Given['options'], ...answers: readonly Partial<typeof sent>[]) {
  const left = answers.map((one) => ({ ...sent, ...one }))
  const next = async (): Promise<unknown> => left.shift()
  const lacking = () => Promise.reject(new Error('not asked for here'))
  const admin: AdminClient = {
    ...{ get: next, post: next, delete: async () => undefined, patch: lacking, putPiece: lacking },
  }
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const shown = uploadTo.show(await uploadTo.run(admin, given(options)), given(options))
    return { shown, told: write.mock.calls.map(([text]) => String(text)).join('') }
  } finally {
    write.mockRestore()
  }
}

test('what keeps it from being cancelled is told while it is watched, and without', async () => {
  const { shown, told } = await run({ cancel: true }, {}, { state: 'cancelled', message: 'it was cancelled' })
  expect(told).toContain(`ami-1 to sat, cancelling (${REFUSED}; it is tried again)`)
  expect(shown).toBe('ami-1 to sat: cancelled\n')
  const once = await run({ cancel: true, wait: false as never }, {})
  expect(once.shown).toBe(`ami-1 to sat: cancelling (${REFUSED}; it is tried again)\n`)
})

test('what goes wrong on the way is told; once it goes on, no more', async () => {
  const sending = { state: 'sending' }
  const { shown, told } = await run({}, sending, { ...sending, message: null }, { theirs: null, state: 'absent' })
  expect(told.split('\n').slice(0, 2)).toEqual([
    expect.stringContaining(`ami-1 to sat (${REFUSED}; it is tried again): `),
    expect.stringContaining('ami-1 to sat: 1'),
  ])
  expect(shown).toBe('ami-1 to sat: absent\n')
})
