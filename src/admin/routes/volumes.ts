/** /volumes: volumes of all projects, by UUID or EC2 name. */
import { Router } from 'express'
import type { Operations } from '../../operations/operations'
import type { StorageView } from '../../operations/storage/operations'
import { operatorOf, pathOf } from '../input'
import { showVolume } from '../render-volume'

export function volumeRoutes(operations: Operations): Router {
  const router = Router()
  const shown = (view: StorageView) => {
    const { project } = view.record
    return showVolume(view, (project && operations.project(project)?.wish.name) ?? '')
  }
  router.get('/volumes', async (req, res) => {
    res.json({ volumes: (await operations.listAllStorages(operatorOf(req))).map(shown) })
  })
  router.get('/volumes/:id', async (req, res) => {
    res.json(shown(await operations.findStorage(operatorOf(req), pathOf(req, 'id'))))
  })
  router.post('/volumes/:id/give-up', async (req, res) => {
    res.json(shown(await operations.giveUpStorage(operatorOf(req), pathOf(req, 'id'))))
  })
  return router
}
