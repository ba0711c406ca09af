/**
 * Set-up without dependencies: everything that `npm start` and `npm test` need on a machine with only Node and npm.
 *
 *     node scripts/setup.js packages  npm packages
 *     node scripts/setup.js start     that, build, Redis
 *     node scripts/setup.js test      that, the aws client, sshd, readers of seed disks, and qemu-img and busybox as Xen hosts have them
 *     node scripts/setup.js clients   the same as for start, and the clients that others wrote: libcloud, boto, fog, Packer, Ansible
 */
const { alone } = require('./setup/alone')
const { say } = require('./setup/say')

const OLDEST_NODE = [20, 19]

function nodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  say(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}`)
  process.exit(1)
}

const PURPOSES = ['packages', 'start', 'test', 'clients']

/** Runs the set-up for one purpose; one that runs in this folder already is waited for. */
function setUp(purpose) {
  nodeVersion()
  alone(() => fetchAndBuild(purpose))
}

function fetchAndBuild(purpose) {
  require('./setup/npm-packages').npmPackages()
  if (purpose === 'packages') return
  require('./setup/redis').redisServer()
  require('./setup/build').build()
  if (purpose === 'test') require('./setup/aws').awsClient()
  if (purpose === 'test') require('./setup/seed-readers').seedReaders()
  if (purpose === 'test') require('./setup/sshd').sshServer()
  if (purpose === 'test') require('./setup/host-tools').hostTools()
  if (purpose === 'clients') require('./setup/clients').fetchClients()
}

if (require.main === module) {
  const purpose = process.argv[2] ?? 'start'
  if (!PURPOSES.includes(purpose)) {
    say(`what for? one of ${PURPOSES.join(', ')}, not "${purpose}"`)
    process.exit(2)
  }
  setUp(purpose)
}

module.exports = { setUp }
