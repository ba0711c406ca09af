/** /providers: accounts at public providers. They are enabled, disabled and removed as the hosts that they are. */
import { Router } from 'express'
import { z } from 'zod'
import { fault } from '../../faults'
import type { Operations } from '../../operations/operations'
import { amount, bodyOf, operatorOf, pathOf, text, truth } from '../input'
import { showHostCheck } from '../render-host'
import { showProvider } from '../render-provider'

const order = z.strictObject({
  name: text,
  kind: text,
  endpoint: text,
  region: text,
  zone: text.exactOptional(),
  account: text,
  secret: z.string('a text'),
  settings: z.record(z.string(), z.string('a text')).exactOptional(),
  currency: text.exactOptional(),
})

const type = z.strictObject({
  name: text,
  cores: amount,
  memoryMiB: amount,
  diskGiB: amount.nullable(),
  price: amount,
  count: amount.nullable(),
})

const change = z.strictObject({
  account: text.exactOptional(),
  secret: z.string('a text').exactOptional(),
  settings: z.record(z.string(), z.string('a text').nullable()).exactOptional(),
  type: type.exactOptional(),
  withoutType: text.exactOptional(),
  images: z.record(z.string(), z.string('a text').nullable()).exactOptional(),
  limits: z
    .strictObject({ cores: amount.nullable().exactOptional(), memoryMiB: amount.nullable().exactOptional() })
    .exactOptional(),
  latencyMs: amount.nullable().exactOptional(),
  burstAfterMs: amount.exactOptional(),
  budget: amount.nullable().exactOptional(),
  alarmAt: amount.nullable().exactOptional(),
  stopAtBudget: truth.exactOptional(),
  prices: z
    .strictObject({
      diskGiB: amount.nullable().exactOptional(),
      address: amount.nullable().exactOptional(),
      trafficGiB: amount.nullable().exactOptional(),
    })
    .exactOptional(),
})

export function providerRoutes(operations: Operations): Router {
  const router = Router()
  const shown = async (req: Parameters<typeof operatorOf>[0], name: string) => {
    const found = (await operations.listProviders(operatorOf(req))).find(({ host }) => host.wish.name === name)
    if (!found) throw fault('not-found', `there is no provider ${name}`, { subject: { kind: 'host', id: name } })
    return showProvider(found)
  }
  router.get('/providers', async (req, res) => {
    res.json({ providers: (await operations.listProviders(operatorOf(req))).map(showProvider) })
  })
  router.post('/providers', async (req, res) => {
    const { wish } = await operations.addProvider(operatorOf(req), bodyOf(req, order))
    res.status(201).json(await shown(req, wish.name))
  })
  router.get('/providers/:name', async (req, res) => {
    res.json(await shown(req, pathOf(req, 'name')))
  })
  router.patch('/providers/:name', async (req, res) => {
    const name = pathOf(req, 'name')
    await operations.setProvider(operatorOf(req), name, bodyOf(req, change))
    res.json(await shown(req, name))
  })
  router.post('/providers/:name/check', async (req, res) => {
    res.status(202).json(showHostCheck(await operations.checkProvider(operatorOf(req), pathOf(req, 'name'))))
  })
  return router
}
