/** /hosts/…/drain and /instances/…/resched: machines that are to leave their hosts. */
import { Router } from 'express'
import { z } from 'zod'
import type { Operations } from '../../operations/operations'
import { bodyOf, operatorOf, pathOf } from '../input'
import { showInstance } from '../render'
import { showHost } from '../render-host'
import { showDrain } from '../render-relocation'

const drain = z.strictObject({ parallel: z.int('a whole number').exactOptional() })

export function relocationRoutes(operations: Operations): Router {
  const router = Router()
  router.get('/hosts/:name/drain', async (req, res) => {
    res.json(showDrain(await operations.drainProgress(operatorOf(req), pathOf(req, 'name'))))
  })
  router.post('/hosts/:name/drain', async (req, res) => {
    const order = bodyOf(req, drain)
    res.status(202).json(showHost(await operations.drainHost(operatorOf(req), pathOf(req, 'name'), order)))
  })
  router.delete('/hosts/:name/drain', async (req, res) => {
    res.json(showHost(await operations.cancelDrain(operatorOf(req), pathOf(req, 'name'))))
  })
  router.post('/instances/:id/resched', async (req, res) => {
    const record = await operations.reschedule(operatorOf(req), pathOf(req, 'id'))
    const project = (record.project && operations.project(record.project)?.wish.name) ?? ''
    res.status(202).json(showInstance(record, project))
  })
  return router
}
