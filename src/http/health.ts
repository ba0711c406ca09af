/** /healthz: the process lives. /readyz: it can answer, so a balancer may send requests. */
import { Router } from 'express'
import type { Operations } from '../operations/operations'

export function health({ operations }: { readonly operations: Pick<Operations, 'readiness'> }): Router {
  const router = Router()
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' })
  })
  router.get('/readyz', async (_req, res) => {
    const { redis, mirror } = await operations.readiness()
    const ready = redis && mirror
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', redis, mirror })
  })
  return router
}
