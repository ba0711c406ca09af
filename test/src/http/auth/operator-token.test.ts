import express from 'express'
import request from 'supertest'
import type { Fault } from '../../../../src/faults'
import { operatorToken } from '../../../../src/http/auth/operator-token'
import { requestId } from '../../../../src/http/request-id'

const operator = { actor: { user: 'operator', key: 'op-1', source: '', requestId: '' } }
const app = express()
app.use(
  requestId,
  operatorToken({
    operations: { identifyOperator: async (token) => (token === 'op-1.secret' ? operator : undefined) },
  }),
  (req: express.Request, res: express.Response) => void res.json(req.user),
  (thrown: Fault, _req: express.Request, res: express.Response, _next: express.NextFunction) =>
    void res.status(500).json({ kind: thrown.kind, reason: thrown.detail.reason }),
)

it.each(['Bearer op-1.secret', 'bearer  op-1.secret '])('%j is the operator', async (authorization) => {
  expect((await request(app).get('/').set('authorization', authorization)).body).toEqual(operator)
})

it.each([
  [undefined, 'no-credentials'],
  ['Bearer', 'no-credentials'],
  ['Basic op-1.secret', 'no-credentials'],
  ['Bearer op-1.other', undefined],
  ['Bearer op-1.secret op-1.secret', 'no-credentials'],
])('%j is refused', async (authorization, reason) => {
  const asked = request(app).get('/')
  const { body } = await (authorization === undefined ? asked : asked.set('authorization', authorization))
  expect(body).toEqual({ kind: 'unauthenticated', ...(reason ? { reason } : {}) })
})
