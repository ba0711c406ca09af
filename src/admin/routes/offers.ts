/** /types, /networks, /zones: what the site offers. `default` marks what an order gets that names none. */
import { Router } from 'express'
import { z } from 'zod'
import { MODES } from '../../model/placement'
import type { Operations } from '../../operations/operations'
import { amount, bodyOf, operatorOf, pathOf, text, truth } from '../input'
import { showNetwork, showType, showZone } from '../render'

const typeOrder = z.strictObject({
  name: text,
  cores: amount,
  cpuPercent: amount.exactOptional(),
  memoryMiB: amount,
  diskGiB: amount.exactOptional(),
  title: text.exactOptional(),
  placement: z
    .strictObject({
      requirements: text.exactOptional(),
      mode: z.enum(MODES).exactOptional(),
      rank: text.exactOptional(),
      policy: text.exactOptional(),
      priority: z.int().exactOptional(),
    })
    .exactOptional(),
})
const networkOrder = z.strictObject({
  name: text,
  title: text.exactOptional(),
  cidr: text,
  gateway: text.exactOptional(),
  bridge: text,
  vlan: amount.exactOptional(),
  dns: z.array(text, 'a list of addresses').exactOptional(),
  range: z.strictObject({ first: text, last: text }, 'first and last').exactOptional(),
  public: truth.exactOptional(),
})

export function offerRoutes(operations: Operations): Router {
  const router = Router()
  router.get('/types', async (req, res) => {
    const types = await operations.listTypes(operatorOf(req))
    res.json({ types: types.map((type) => showType(type, operations.defaults().type)) })
  })
  router.post('/types', async (req, res) => {
    const type = await operations.addType(operatorOf(req), bodyOf(req, typeOrder))
    res.status(201).json(showType(type, operations.defaults().type))
  })
  router.get('/types/:name', async (req, res) => {
    const { machines, ...type } = await operations.showType(operatorOf(req), pathOf(req, 'name'))
    res.json({ ...showType(type, operations.defaults().type), machines })
  })
  router.delete('/types/:name', async (req, res) => {
    await operations.removeType(operatorOf(req), pathOf(req, 'name'))
    res.status(204).end()
  })
  router.post('/networks', async (req, res) => {
    const { public: isPublic = false, ...order } = bodyOf(req, networkOrder)
    const network = await operations.addNetwork(operatorOf(req), { ...order, ...(isPublic ? { isPublic } : {}) })
    res.status(201).json(showNetwork(network, operations.defaults().network))
  })
  router.get('/networks/:name', async (req, res) => {
    const { machines, leased, ...network } = await operations.showNetwork(operatorOf(req), pathOf(req, 'name'))
    res.json({ ...showNetwork(network, operations.defaults().network), machines, leased })
  })
  router.delete('/networks/:name', async (req, res) => {
    await operations.removeNetwork(operatorOf(req), pathOf(req, 'name'))
    res.status(204).end()
  })
  router.get('/networks', async (req, res) => {
    const networks = await operations.listNetworks(operatorOf(req))
    res.json({ networks: networks.map((network) => showNetwork(network, operations.defaults().network)) })
  })
  router.get('/zones', async (req, res) => {
    res.json({ zones: (await operations.listZones(operatorOf(req))).map(showZone) })
  })
  return router
}
