/** /prices, /costs, /uses: what the site takes, what was used, and what that costs. Amounts are millionths. */
import { Router } from 'express'
import { z } from 'zod'
import type { ProjectId } from '../../model/ids'
import type { Operations } from '../../operations/operations'
import { amount, bodyOf, operatorOf, queryOf, text } from '../input'
import { showCosts, showUse } from '../render-accounts'

const price = amount.nullable().exactOptional()
const change = z.strictObject({
  currency: text.exactOptional(),
  types: z.record(z.string(), amount.nullable()).exactOptional(),
  core: price,
  memoryGiB: price,
  diskGiB: price,
  snapshotGiB: price,
  address: price,
  trafficGiB: price,
})
const asked = z.strictObject({ month: text.exactOptional(), project: text.exactOptional() })
const paged = asked.extend({
  after: text.exactOptional(),
  limit: z
    .string()
    .regex(/^\d{1,6}$/, 'a whole number')
    .transform(Number)
    .exactOptional(),
})

export function accountRoutes(operations: Operations): Router {
  const router = Router()
  router.get('/prices', async (req, res) => {
    res.json(await operations.prices(operatorOf(req)))
  })
  router.patch('/prices', async (req, res) => {
    res.json(await operations.setPrices(operatorOf(req), bodyOf(req, change)))
  })
  router.get('/costs', async (req, res) => {
    res.json(showCosts(await operations.costs(operatorOf(req), queryOf(req, asked))))
  })
  router.get('/uses', async (req, res) => {
    const { uses, next } = await operations.uses(operatorOf(req), queryOf(req, paged))
    const nameOf = (id: string): string => operations.project(id as ProjectId)?.wish.name ?? id
    res.json({ uses: uses.map((use) => showUse(use, nameOf(use.project))), next })
  })
  return router
}
