/** /instances and /stuck: machines of all projects, by UUID or EC2 name. */
import { Router } from 'express'
import { z } from 'zod'
import type { HostId, ProjectId } from '../../model/ids'
import type { ComputeRecord } from '../../model/records'
import { isBroken } from '../../model/storage'
import type { Operations } from '../../operations/operations'
import { bodyOf, operatorOf, pathOf, queryOf, text } from '../input'
import { showEvent, showExplanation, showInstance, showInstanceFully, showStuck } from '../render'
import { showStuckAddress } from '../render-address'
import { showStuckVolume } from '../render-volume'

const filter = z.strictObject({ project: text.exactOptional(), host: text.exactOptional() })
const page = z.strictObject({
  limit: z.coerce
    .number('a whole number')
    .int('a whole number')
    .min(1, 'at least 1')
    .max(1000, 'at most 1000')
    .default(50),
})

const move = z.strictObject({
  to: text,
  how: z.enum(['live', 'cold', 'restart'], 'live, cold or restart').default('live'),
})

export function instanceRoutes(operations: Operations): Router {
  const router = Router()
  const projectOf = ({ project }: ComputeRecord): string => (project && operations.project(project)?.wish.name) ?? ''
  const hostName = (id: HostId): string | undefined => operations.host(id)?.wish.name
  router.get('/instances', async (req, res) => {
    const records = await operations.listAllComputes(operatorOf(req), queryOf(req, filter))
    res.json({ instances: records.map((record) => showInstance(record, projectOf(record))) })
  })
  router.get('/instances/:id', async (req, res) => {
    const record = await operations.findCompute(operatorOf(req), pathOf(req, 'id'))
    res.json(showInstanceFully(record, projectOf(record), hostName))
  })
  router.get('/instances/:id/explain', async (req, res) => {
    const explained = await operations.explainCompute(operatorOf(req), pathOf(req, 'id'))
    res.json(showExplanation(explained, projectOf(explained.record), hostName))
  })
  router.get('/instances/:id/events', async (req, res) => {
    const events = await operations.computeEvents(operatorOf(req), pathOf(req, 'id'), queryOf(req, page).limit)
    res.json({ events: events.map(showEvent) })
  })
  router.post('/instances/:id/move', async (req, res) => {
    const order = bodyOf(req, move)
    const record = await operations.moveCompute(operatorOf(req), pathOf(req, 'id'), order)
    res.status(202).json(showInstance(record, projectOf(record)))
  })
  router.get('/stuck', async (req, res) => {
    const machines = await operations.listStuck(operatorOf(req))
    const volumes = (await operations.listAllStorages(operatorOf(req))).filter(({ record }) => isBroken(record))
    const nameOf = (id: ProjectId | null): string => (id && operations.project(id)?.wish.name) ?? ''
    const addresses = (await operations.listAllAddresses(operatorOf(req))).filter(({ record }) => record.journal?.stuck)
    const shown = [
      ...volumes.map((view) => showStuckVolume(view, nameOf(view.record.project))),
      ...addresses.map((view) => showStuckAddress(view, nameOf(view.record.project))),
    ]
    res.json({ stuck: [...machines.map(showStuck), ...shown] })
  })
  router.post('/stuck/:id/resume', async (req, res) => {
    const record = await operations.resumeStuck(operatorOf(req), pathOf(req, 'id'))
    res.json(showInstance(record, projectOf(record)))
  })
  router.post('/stuck/:id/give-up', async (req, res) => {
    const record = await operations.giveUpStuck(operatorOf(req), pathOf(req, 'id'))
    res.json(showInstance(record, projectOf(record)))
  })
  return router
}
