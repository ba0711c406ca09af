/** /projects: tenants. */
import { Router } from 'express'
import { z } from 'zod'
import type { Operations } from '../../operations/operations'
import { amount, bodyOf, operatorOf, pathOf, text } from '../input'
import { showNewProject, showProject } from '../render'

const limit = z.int('a whole number').min(0, 'at least 0')
const quota = z.strictObject({
  instances: limit.exactOptional(),
  cores: limit.exactOptional(),
  memoryMiB: limit.exactOptional(),
  images: limit.exactOptional(),
  imageGiB: limit.exactOptional(),
  volumes: limit.exactOptional(),
  volumeGiB: limit.exactOptional(),
  snapshotGiB: limit.exactOptional(),
  addresses: limit.exactOptional(),
  networks: limit.exactOptional(),
})
const order = z.strictObject({ name: text, quota: quota.exactOptional() })
const change = z.strictObject({
  quota: quota.exactOptional(),
  pendingTimeout: z.int('a whole number').nullable().exactOptional(),
  bursts: z.enum(['allowed', 'never'], 'allowed or never').exactOptional(),
  regions: z.array(z.string('a text'), 'names of regions').nullable().exactOptional(),
  budget: z
    .strictObject({ amount: amount.exactOptional(), currency: text.exactOptional(), alarmAt: amount.exactOptional() })
    .nullable()
    .exactOptional(),
})

export function projectRoutes(operations: Operations): Router {
  const router = Router()
  router.get('/projects', async (req, res) => {
    const projects = await operations.listProjects(operatorOf(req))
    res.json({ projects: projects.map(showProject) })
  })
  router.post('/projects', async (req, res) => {
    const made = await operations.addProject(operatorOf(req), bodyOf(req, order))
    res.status(201).json(showNewProject(made))
  })
  router.patch('/projects/:name', async (req, res) => {
    const project = await operations.setProject(operatorOf(req), pathOf(req, 'name'), bodyOf(req, change))
    res.json(showProject(project))
  })
  router.post('/projects/:name/purge', async (req, res) => {
    const { left, done } = await operations.purgeProject(operatorOf(req), pathOf(req, 'name'))
    res.status(done ? 200 : 202).json({ left, done })
  })
  return router
}
