/** /volumes: volumes of all projects, by UUID or EC2 name. */
import { Router } from 'express'
import { fault } from '../../faults'
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
    const word = pathOf(req, 'id')
    const all = await operations.listAllStorages(operatorOf(req))
    const found = all.find(({ record }) => record.id === word || record.wish.name === word)
    if (!found) throw fault('not-found', `there is no volume ${word}`, { subject: { kind: 'storage', id: word } })
    res.json(shown(found))
  })
  return router
}
