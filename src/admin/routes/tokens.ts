/** /tokens: bearer tokens of users. */
import { Router } from 'express'
import { z } from 'zod'
import type { Operations } from '../../operations/operations'
import { bodyOf, operatorOf, pathOf, queryOf, text } from '../input'
import { keyOrder, keyOrderShape } from '../key-order'
import { isoTime } from '../render-time'

const filter = z.strictObject({ user: text.optional() })

export function tokenRoutes(operations: Operations): Router {
  const router = Router()
  router.get('/tokens', async (req, res) => {
    const tokens = await operations.listTokens(operatorOf(req), queryOf(req, filter).user)
    res.json({
      tokens: tokens.map(({ id, user, project, valid, access, expiresAt, createdAt }) => ({
        id,
        user,
        project,
        valid,
        access,
        expiresAt: isoTime(expiresAt),
        createdAt: isoTime(createdAt),
      })),
    })
  })
  router.post('/tokens', async (req, res) => {
    const wanted = keyOrder(bodyOf(req, keyOrderShape))
    const { id, token, expiresAt } = await operations.addToken(operatorOf(req), wanted)
    res.status(201).json({ user: wanted.user, id, token, expiresAt: isoTime(expiresAt) })
  })
  router.delete('/tokens/:id', async (req, res) => {
    await operations.removeToken(operatorOf(req), pathOf(req, 'id'))
    res.status(204).end()
  })
  return router
}
