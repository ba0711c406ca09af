/** /reservations: capacity that is reserved, of all projects, by UUID or EC2 name. */
import { Router } from 'express'
import { z } from 'zod'
import { fault } from '../../faults'
import type { Operations } from '../../operations/operations'
import type { PlacedReservation, ReservationView, ReserveOrder } from '../../operations/reservations/operations'
import { amount, bodyOf, operatorOf, pathOf, queryOf, text } from '../input'
import { isoTime } from '../render-time'

const moment = z.iso.datetime('a time in UTC such as 2026-11-22T08:00:00Z').transform((said) => Date.parse(said))
const match = z.enum(['open', 'targeted'], 'open or targeted')

const order = z.strictObject({
  project: text,
  type: text,
  count: amount,
  zone: text,
  startsAt: moment.exactOptional(),
  endsAt: moment.exactOptional(),
  match: match.exactOptional(),
  timeZone: text.exactOptional(),
  title: text.exactOptional(),
})
const change = z.strictObject({
  count: amount.exactOptional(),
  endsAt: moment.nullable().exactOptional(),
  match: match.exactOptional(),
  title: text.nullable().exactOptional(),
})
const filter = z.strictObject({ project: text.exactOptional() })

export function reservationRoutes(operations: Operations): Router {
  const router = Router()
  const shown = ({ record: { id, project, wish, seen }, state, used }: ReservationView) => ({
    id,
    name: wish.name,
    project: (project && operations.project(project)?.wish.name) ?? '',
    type: wish.size.type,
    count: wish.count,
    used,
    zone: wish.zone,
    state,
    message: seen.message,
    match: wish.match,
    startsAt: isoTime(wish.startsAt),
    endsAt: isoTime(wish.endsAt),
    timeZone: wish.timeZone ?? null,
    title: wish.title,
    createdAt: isoTime(wish.createdAt),
    createdBy: wish.createdBy,
  })
  const placed = (view: PlacedReservation) => ({ ...shown(view), hosts: view.hosts })
  router.get('/reservations', async (req, res) => {
    const { project } = queryOf(req, filter)
    const all = (await operations.listAllReservations(operatorOf(req))).map(placed)
    res.json({ reservations: all.filter((one) => project === undefined || one.project === project) })
  })
  router.get('/reservations/:id', async (req, res) => {
    const word = pathOf(req, 'id')
    const all = await operations.listAllReservations(operatorOf(req))
    const found = all.find(({ record: { id, wish } }) => id === word || wish.name === word)
    if (!found)
      throw fault('not-found', `there is no reservation ${word}`, { subject: { kind: 'reservation', id: word } })
    res.json(placed(found))
  })
  router.post('/reservations', async (req, res) => {
    const { project, ...asked } = bodyOf(req, order)
    const view = await operations.reserveFor(operatorOf(req), project, asked satisfies ReserveOrder)
    res.status(201).json(shown(view))
  })
  router.patch('/reservations/:id', async (req, res) => {
    const asked = bodyOf(req, change)
    res.json(shown(await operations.changeReservationFor(operatorOf(req), pathOf(req, 'id'), asked)))
  })
  router.delete('/reservations/:id', async (req, res) => {
    res.json(shown(await operations.cancelReservationFor(operatorOf(req), pathOf(req, 'id'))))
  })
  return router
}
