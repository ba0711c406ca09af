/** /hosts/…/looks, /looks and /hosts/…/adopt: domains that nobody ordered. */
import { Router } from 'express'
import { z } from 'zod'
import type { Operations } from '../../operations/operations'
import { bodyOf, operatorOf, pathOf, text, truth } from '../input'
import { showInstance } from '../render'
import { showForeignLook } from '../render-host'

const lookOrder = z.strictObject({ domain: text })
const adoptOrder = z.strictObject({
  look: text,
  project: text,
  name: text.exactOptional(),
  type: text.exactOptional(),
  network: text.exactOptional(),
  address: text.exactOptional(),
  dryRun: truth.exactOptional(),
})

export function adoptionRoutes(operations: Operations): Router {
  const router = Router()
  router.post('/hosts/:name/looks', async (req, res) => {
    const { domain } = bodyOf(req, lookOrder)
    const look = await operations.lookAtForeign(operatorOf(req), pathOf(req, 'name'), domain)
    res.status(202).json(showForeignLook(look))
  })
  router.get('/looks/:id', async (req, res) => {
    res.json(showForeignLook(await operations.foreignLook(operatorOf(req), pathOf(req, 'id'))))
  })
  router.post('/hosts/:name/adopt', async (req, res) => {
    const order = { ...bodyOf(req, adoptOrder), host: pathOf(req, 'name') }
    const record = await operations.adoptDomain(operatorOf(req), order)
    const owner = record.project === null ? undefined : operations.project(record.project)
    res.status(order.dryRun ? 200 : 202).json(showInstance(record, owner?.wish.name ?? order.project))
  })
  return router
}
