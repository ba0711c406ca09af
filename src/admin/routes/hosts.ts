/** /hosts: where machines run. */
import { Router } from 'express'
import { z } from 'zod'
import { fault } from '../../faults'
import type { Operations } from '../../operations/operations'
import { bodyOf, operatorOf, pathOf, queryOf, text, truth } from '../input'
import { showListedHost } from '../render'
import { showHost, showHostCheck } from '../render-host'

const order = z.strictObject({
  name: text,
  zone: text,
  driver: text,
  address: text,
  retireSimulated: truth.exactOptional(),
  check: text.exactOptional(),
})

const checkOrder = z.strictObject({
  name: text,
  driver: text,
  address: text,
  hostKeys: z.array(text).exactOptional(),
  how: z.enum(['looks', 'mends'], 'looks or mends'),
  retireSimulated: truth.exactOptional(),
})

const kept = text.nullable().exactOptional()
const keeps = z.strictObject({ cpu: kept, memory: kept })
const amount = z.int('a whole number')
const change = z.strictObject({
  zone: text.exactOptional(),
  labels: z.record(z.string(), z.string().nullable()).exactOptional(),
  keeps: keeps.exactOptional(),
  command: z.array(z.string()).nullable().exactOptional(),
  commandMs: amount.nullable().exactOptional(),
  selfMs: amount.nullable().exactOptional(),
})
const fenceOrder = z.strictObject({ how: z.enum(['confirmed', 'command'], 'confirmed or command') })
const trustOrder = z.strictObject({ check: text })
const removal = z.strictObject({ forget: z.literal('yes').exactOptional() })

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
  router.patch('/hosts/:name', async (req, res) => {
    res.json(showHost(await operations.setHost(operatorOf(req), pathOf(req, 'name'), bodyOf(req, change))))
  })
  router.patch('/zones/:name', async (req, res) => {
    const hosts = await operations.reserveOfZone(operatorOf(req), pathOf(req, 'name'), bodyOf(req, keeps))
    res.json({ hosts: hosts.map(showHost) })
  })
  router.post('/hosts/:name/fence', async (req, res) => {
    const { how } = bodyOf(req, fenceOrder)
    res.status(202).json(showHost(await operations.fenceHost(operatorOf(req), pathOf(req, 'name'), how)))
  })
  router.post('/hosts/:name/trust', async (req, res) => {
    const { check } = bodyOf(req, trustOrder)
    res.json(showHost(await operations.trustHost(operatorOf(req), pathOf(req, 'name'), check)))
  })
  router.post('/host-checks', async (req, res) => {
    res.status(202).json(showHostCheck(await operations.checkHost(operatorOf(req), bodyOf(req, checkOrder))))
  })
  router.get('/host-checks/:id', async (req, res) => {
    res.json(showHostCheck(await operations.hostCheck(operatorOf(req), pathOf(req, 'id'))))
  })
  router.delete('/hosts/:name', async (req, res) => {
    const { forget } = queryOf(req, removal)
    if (forget === 'yes') await operations.forgetHost(operatorOf(req), pathOf(req, 'name'))
    else await operations.removeHost(operatorOf(req), pathOf(req, 'name'))
    res.status(204).end()
  })
  return router
}
