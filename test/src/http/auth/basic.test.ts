import express from 'express'
import request from 'supertest'
import { type Fault, fault } from '../../../../src/faults'
import { basic } from '../../../../src/http/auth/basic'
import { requestId } from '../../../../src/http/request-id'
import type { ProjectId } from '../../../../src/model/ids'
import type { Caller } from '../../../../src/operations/context'

const actor = { user: 'ann', key: '', source: '', requestId: '' }
const ann: Caller = { project: 'p' as ProjectId, account: '1'.repeat(12), userName: 'ann', actor }
const seen: unknown[] = []

const app = express()
app.use(
  requestId,
  basic({
    operations: {
      identifyByPassword: async (user, password, from) => {
        seen.push([user, password, from])
        if (user === 'away') throw fault('unavailable', 'the store does not answer')
        return user === 'ann' && password === 'pass:w:örd' ? ann : undefined
      },
    },
  }),
  (req: express.Request, res: express.Response) => void res.json(req.user),
  (thrown: Fault, _req: express.Request, res: express.Response, _next: express.NextFunction) =>
    void res.status(500).json({ kind: thrown.kind, reason: thrown.detail.reason }),
)
const send = (authorization?: string) => {
  const asked = request(app).get('/')
  return authorization === undefined ? asked : asked.set('authorization', authorization)
}
const encoded = (text: string) => Buffer.from(text).toString('base64')

it('sets the caller; a password may have colons and letters of any script', async () => {
  const { body } = await send(`Basic ${encoded('ann:pass:w:örd')}`)
  expect(body).toEqual(ann)
  expect(seen.at(-1)).toEqual([
    'ann',
    'pass:w:örd',
    {
      source: expect.stringContaining('127.0.0.1'),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      looks: 'only',
    },
  ])
})

it.each([
  ['get', 'only'],
  ['head', 'only'],
  ['post', undefined],
  ['put', undefined],
  ['delete', undefined],
] as const)('says of %s whether it only looks', async (method, looks) => {
  await request(app)
    [method]('/')
    .set('authorization', `Basic ${encoded('ann:pass:w:örd')}`)
  expect(seen.at(-1)).toEqual(['ann', 'pass:w:örd', expect.objectContaining({ source: expect.anything() })])
  expect((seen.at(-1) as unknown[])[2]).toEqual(
    looks === undefined ? expect.not.objectContaining({ looks: 'only' }) : expect.objectContaining({ looks }),
  )
})

it('takes the scheme in any case (RFC 7235 §2.1)', async () => {
  expect((await send(`basic ${encoded('ann:pass:w:örd')}`)).body).toEqual(ann)
})

it.each([
  ['nothing', undefined, 'no-credentials'],
  ['another scheme', 'Bearer abc', undefined],
  ['a scheme alone', 'Basic', undefined],
  ['no base64', 'Basic ***', undefined],
  ['no colon', `Basic ${encoded('ann')}`, undefined],
  ['no password', `Basic ${encoded('ann:')}`, undefined],
  ['a wrong password', `Basic ${encoded('ann:pass')}`, undefined],
  ['an unknown user', `Basic ${encoded('bob:pass:w:örd')}`, undefined],
])('%s is refused with a challenge', async (_name, authorization, reason) => {
  const answer = await send(authorization)
  expect(answer.body).toEqual({ kind: 'unauthenticated', ...(reason ? { reason } : {}) })
  expect(answer.headers['www-authenticate']).toBe('Basic realm="occi-gateway", charset="UTF-8"')
})

it('a store that is away is no wrong password', async () => {
  const answer = await send(`Basic ${encoded('away:x')}`)
  expect(answer.body).toEqual({ kind: 'unavailable' })
  expect(answer.headers['www-authenticate']).toBeUndefined()
})
