/** /usage: what hosts and machines use now, and used in the last hour or day. */
import { Router } from 'express'
import { z } from 'zod'
import type { Operations } from '../../operations/operations'
import { operatorOf, pathOf, queryOf } from '../input'
import { showPoints, showUsage } from '../render-usage'

const asked = z.strictObject({ window: z.enum(['hour', 'day'], 'hour or day').default('hour') })

export function usageRoutes(operations: Operations): Router {
  const router = Router()
  router.get('/usage', async (req, res) => {
    operatorOf(req)
    res.json(showUsage(await operations.siteUsage()))
  })
  for (const [path, kind] of [
    ['hosts', 'host'],
    ['machines', 'machine'],
  ] as const)
    router.get(`/usage/${path}/:name`, async (req, res) => {
      const { window } = queryOf(req, asked)
      const of = { kind, name: pathOf(req, 'name') }
      res.json(showPoints(kind, await operations.usagePoints(operatorOf(req), of, window)))
    })
  return router
}
