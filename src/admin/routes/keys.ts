/** /keys: access keys for signed requests. */
import { Router } from 'express'
import { z } from 'zod'
import type { Operations } from '../../operations/operations'
import { bodyOf, operatorOf, pathOf, queryOf, text, truth } from '../input'
import { keyOrder, keyOrderShape } from '../key-order'
import { showKey } from '../render'

const change = z.strictObject({ enabled: truth })
const filter = z.strictObject({ user: text.optional() })

export function keyRoutes(operations: Operations): Router {
  const router = Router()
  router.get('/keys', async (req, res) => {
    const keys = await operations.listKeys(operatorOf(req), queryOf(req, filter).user)
    res.json({ keys: keys.map(showKey) })
  })
  router.post('/keys', async (req, res) => {
    const wanted = keyOrder(bodyOf(req, keyOrderShape))
    const { accessKeyId, secretAccessKey } = await operations.addKey(operatorOf(req), wanted)
    res.status(201).json({ user: wanted.user, accessKeyId, secretAccessKey })
  })
  router.patch('/keys/:id', async (req, res) => {
    await operations.setKey(operatorOf(req), pathOf(req, 'id'), bodyOf(req, change))
    res.status(204).end()
  })
  router.delete('/keys/:id', async (req, res) => {
    await operations.removeKey(operatorOf(req), pathOf(req, 'id'))
    res.status(204).end()
  })
  return router
}
