/** /addresses: public addresses of all projects, by UUID, EC2 name or the address itself. */
import { Router } from 'express'
import type { AddressView } from '../../operations/addresses/operations'
import type { Operations } from '../../operations/operations'
import { operatorOf, pathOf } from '../input'
import { showAddress } from '../render-address'

export function addressRoutes(operations: Operations): Router {
  const router = Router()
  const shown = (view: AddressView) => {
    const { project } = view.record
    return showAddress(view, (project && operations.project(project)?.wish.name) ?? '')
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
