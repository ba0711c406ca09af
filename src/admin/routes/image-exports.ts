/** /providers/…/images: images on their way to a provider. */
import { type Request, Router } from 'express'
import { z } from 'zod'
import { percentThere } from '../../model/records'
import type { ExportOrder, ExportView } from '../../operations/image-exports/operations'
import type { Operations } from '../../operations/operations'
import { bodyOf, operatorOf, pathOf, text } from '../input'

const order = z.strictObject({ image: text })

export function imageExportRoutes(operations: Operations): Router {
  const router = Router()
  const asked = (req: Request): ExportOrder => ({ provider: pathOf(req, 'name'), image: pathOf(req, 'image') })

  router.post('/providers/:name/images', async (req, res) => {
    const wanted = { provider: pathOf(req, 'name'), ...bodyOf(req, order) }
    res.status(202).json(show(await operations.sendImage(operatorOf(req), wanted)))
  })
  router.get('/providers/:name/images/:image', async (req, res) => {
    res.json(show(await operations.imageAtProvider(operatorOf(req), asked(req))))
  })
  router.delete('/providers/:name/images/:image', async (req, res) => {
    res.status(202).json(show(await operations.cancelSending(operatorOf(req), asked(req))))
  })
  return router
}

/** Without an order of ours it is there because an operator said so, or not at all. */
const show = ({ ami, provider, registered, record }: ExportView) => ({
  image: ami,
  provider,
  theirs: registered,
  state: stateOf(registered, record),
  percent: registered !== null ? 100 : record === null ? 0 : percentThere(record.seen),
  bytes: record?.seen.bytes ?? null,
  total: record?.seen.total ?? null,
  message: registered === null ? (record?.seen.message ?? null) : null,
})

function stateOf(registered: string | null, record: ExportView['record']): string {
  if (registered !== null) return 'there'
  if (record === null) return 'absent'
  const { wish, seen } = record
  if (!wish.exists) return seen.state === 'cancelled' ? 'cancelled' : 'cancelling'
  return seen.tries === wish.tries ? seen.state : 'waiting'
}
