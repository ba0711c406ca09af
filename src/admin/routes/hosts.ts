/** /hosts: where machines run. */
import { Router } from 'express'
import { z } from 'zod'
import { fault } from '../../faults'
import type { Operations } from '../../operations/operations'
import { bodyOf, operatorOf, pathOf, text, truth } from '../input'
import { showHost, showListedHost } from '../render'

const order = z.strictObject({
  name: text,
  zone: text,
  driver: text,
  address: text,
  retireSimulated: truth.exactOptional(),
})

export function hostRoutes(operations: Operations): Router {
  const router = Router()
  router.get('/hosts', async (req, res) => {
    res.json({ hosts: (await operations.listHosts(operatorOf(req))).map(showListedHost) })
  })
  router.post('/hosts', async (req, res) => {
    res.status(201).json(showHost(await operations.addHost(operatorOf(req), bodyOf(req, order))))
  })
  router.get('/hosts/:name', async (req, res) => {
    const name = pathOf(req, 'name')
    const host = (await operations.listHosts(operatorOf(req))).find((listed) => listed.wish.name === name)
    if (!host) throw fault('not-found', `there is no host ${name}`, { subject: { kind: 'host', id: name } })
    res.json(showListedHost(host))
  })
  router.post('/hosts/:name/enable', async (req, res) => {
    res.json(showHost(await operations.setHostEnabled(operatorOf(req), pathOf(req, 'name'), true)))
  })
  router.post('/hosts/:name/disable', async (req, res) => {
    res.json(showHost(await operations.setHostEnabled(operatorOf(req), pathOf(req, 'name'), false)))
  })
  router.delete('/hosts/:name', async (req, res) => {
    await operations.removeHost(operatorOf(req), pathOf(req, 'name'))
    res.status(204).end()
  })
  return router
}
