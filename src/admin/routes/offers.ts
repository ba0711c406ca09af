/** /types, /networks, /zones: what the site offers. `default` marks what an order gets that names none. */
import { Router } from 'express'
import type { Operations } from '../../operations/operations'
import { operatorOf } from '../input'
import { showNetwork, showType, showZone } from '../render'

export function offerRoutes(operations: Operations): Router {
  const router = Router()
  router.get('/types', async (req, res) => {
    const types = await operations.listTypes(operatorOf(req))
    res.json({ types: types.map((type) => showType(type, operations.defaults().type)) })
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
