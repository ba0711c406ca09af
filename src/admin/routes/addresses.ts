/** /addresses: public addresses of all projects, by UUID, EC2 name or the address itself. */
import { Router } from 'express'
import { ipOf } from '../../model/provider-addresses'
import type { AddressView } from '../../operations/addresses/operations'
import type { Operations } from '../../operations/operations'
import { operatorOf, pathOf } from '../input'

export function addressRoutes(operations: Operations): Router {
  const router = Router()
  const shown = ({ record, state, message, pool, provider }: AddressView) => {
    const { id, project, wish } = record
    return {
      id,
      name: wish.name,
      ip: ipOf(record),
      project: (project && operations.project(project)?.wish.name) ?? '',
      pool: pool?.wish.name ?? provider?.wish.name ?? '',
      state,
      message,
      machine: wish.holder?.computeName ?? null,
      privateAddress: wish.holder?.privateAddress ?? null,
      title: wish.title,
      createdAt: new Date(wish.createdAt).toISOString(),
    }
  }
  router.get('/addresses', async (req, res) => {
    res.json({ addresses: (await operations.listAllAddresses(operatorOf(req))).map(shown) })
  })
  router.get('/addresses/:id', async (req, res) => {
    res.json(shown(await operations.findAddress(operatorOf(req), pathOf(req, 'id'))))
  })
  router.post('/addresses/:id/give-up', async (req, res) => {
    res.json(shown(await operations.giveUpAddress(operatorOf(req), pathOf(req, 'id'))))
  })
  return router
}
