/** /partners: gateways that may order machines here. They are projects too, and purged as such. */
import { Router } from 'express'
import { z } from 'zod'
import { fault } from '../../faults'
import type { Operations } from '../../operations/operations'
import type { ListedPartner } from '../../operations/partners/operations'
import { amount, bodyOf, operatorOf, pathOf, text } from '../input'
import { showNewProject, showProject } from '../render'
import { isoTime } from '../render-time'

const limit = z.int('a whole number').min(0, 'at least 0')
const order = z.strictObject({
  name: text,
  quota: z.strictObject({ instances: limit, cores: limit, memoryMiB: limit }),
  expiresInSeconds: limit.exactOptional(),
  regions: z.array(text).max(100).exactOptional(),
  offers: z
    .array(z.strictObject({ type: text, price: amount }))
    .max(1000)
    .exactOptional(),
  currency: text.exactOptional(),
  onward: z.enum(['never', 'allowed'], 'never or allowed').exactOptional(),
})

/** Its key is in no answer. */
const showPartner = ({ project, partner, used }: ListedPartner) => {
  const { name, accountId, quota, used: taken, bursts } = showProject({ ...project, used })
  const { expiresAt, revokedAt, regions, offers, currency } = partner
  return {
    ...{ name, accountId, quota, used: taken },
    onward: bursts,
    expiresAt: isoTime(expiresAt),
    revokedAt: isoTime(revokedAt),
    ...{ regions, offers, currency },
  }
}

export function partnerRoutes(operations: Operations): Router {
  const router = Router()
  router.get('/partners', async (req, res) => {
    res.json({ partners: (await operations.listPartners(operatorOf(req))).map(showPartner) })
  })
  router.post('/partners', async (req, res) => {
    res.status(201).json(showNewProject(await operations.addPartner(operatorOf(req), bodyOf(req, order))))
  })
  router.get('/partners/:name', async (req, res) => {
    const name = pathOf(req, 'name')
    const found = (await operations.listPartners(operatorOf(req))).find(({ project }) => project.wish.name === name)
    if (!found) throw fault('not-found', `there is no partner ${name}`, { subject: { kind: 'project', id: name } })
    res.json(showPartner(found))
  })
  router.post('/partners/:name/revoke', async (req, res) => {
    res.json(showPartner(await operations.revokePartner(operatorOf(req), pathOf(req, 'name'))))
  })
  return router
}
