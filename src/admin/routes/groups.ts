/** /groups: placement groups of all projects, by UUID or EC2 id. */
import { Router } from 'express'
import { z } from 'zod'
import { fault } from '../../faults'
import { GROUP_KEEPS, GROUP_STRENGTHS } from '../../model/records'
import type { Operations } from '../../operations/operations'
import type { PlacedGroup } from '../../operations/placement-groups/operations'
import { amount, bodyOf, operatorOf, pathOf, queryOf, text } from '../input'
import { isoTime } from '../render-time'

const order = z.strictObject({
  project: text,
  name: text,
  keeps: z.enum(GROUP_KEEPS, GROUP_KEEPS.join(', ')),
  over: text,
  strength: z.enum(GROUP_STRENGTHS, GROUP_STRENGTHS.join(' or ')).default('hard'),
  partitions: amount.exactOptional(),
})
const filter = z.strictObject({ project: text.exactOptional() })

export function groupRoutes(operations: Operations): Router {
  const router = Router()
  const shown = ({ record: { id, project, wish }, members }: PlacedGroup) => ({
    id,
    group: wish.group,
    name: wish.name,
    project: (project && operations.project(project)?.wish.name) ?? '',
    keeps: wish.rule.keeps,
    over: wish.rule.over,
    strength: wish.rule.strength,
    partitions: wish.rule.partitions ?? null,
    members,
    createdAt: isoTime(wish.createdAt),
  })
  router.get('/groups', async (req, res) => {
    const { project } = queryOf(req, filter)
    const all = (await operations.listAllPlacementGroups(operatorOf(req))).map(shown)
    res.json({ groups: all.filter((one) => project === undefined || one.project === project) })
  })
  router.get('/groups/:id', async (req, res) => {
    const word = pathOf(req, 'id')
    const all = (await operations.listAllPlacementGroups(operatorOf(req))).map(shown)
    const found = all.find(({ id, group }) => id === word || group === word)
    if (!found)
      throw fault('not-found', `there is no placement group ${word}`, { subject: { kind: 'placementgroup', id: word } })
    res.json(found)
  })
  router.post('/groups', async (req, res) => {
    const { project, name, ...rule } = bodyOf(req, order)
    res.status(201).json(shown(await operations.createPlacementGroupFor(operatorOf(req), project, { name, rule })))
  })
  router.delete('/groups/:id', async (req, res) => {
    await operations.deletePlacementGroupFor(operatorOf(req), pathOf(req, 'id'))
    res.status(204).end()
  })
  return router
}
