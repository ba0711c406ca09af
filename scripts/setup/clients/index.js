/** All clients that `npm run test:clients` drives. */
const { say } = require('../say')
const { ansible, ansiblePython } = require('./ansible')
const { fetchClient, findClient } = require('./fetch')
const { fog } = require('./fog')
const { packer } = require('./packer')
const { boto2, pythonClients } = require('./python')
const { findTerraform } = require('./terraform')

const CLIENTS = { python: pythonClients, boto2, fog, packer, ansible }

/** Makes sure of all of them, as far as they can be had. */
function fetchClients() {
  for (const client of Object.values(CLIENTS)) fetchClient(client)
  const { lacks } = findTerraform()
  if (lacks) say(`${lacks}: its tests are skipped`)
}

/** The file to run a client by; undefined where there is none. */
const clientNamed = (name) => findClient(CLIENTS[name])

module.exports = { fetchClients, clientNamed, ansiblePython, findTerraform }
